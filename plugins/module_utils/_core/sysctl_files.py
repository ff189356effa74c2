# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of files: our own, and those of others in which lines give way to ours."""

from __future__ import annotations

from typing import AbstractSet, Mapping, NamedTuple

from . import sysctl_admit, sysctl_dropin, sysctl_value, taken_over
from .own_file import FileChange
from .sysctl_host import Host
from .sysctl_journal import State


class Files(NamedTuple):
    """after: the journal with what was taken over. refused: why a parameter's line cannot be made to win, by name."""

    after: State
    changes: tuple[FileChange, ...]
    refused: Mapping[str, str]


def calculate(host: Host, *, before: State, after: State, mine: AbstractSet[str]) -> Files:
    """What becomes of the files when the journal goes from `before` to `after` for the profiles `mine`.

    A run for profiles that take nothing over leaves the files of others as they are, unless no profile at all does any
    more. Raises ForeignFile.
    """
    found = {**host.boot_files, **host.module_files}
    changes = sysctl_dropin.changes(found, before=before, after=after, mine=mine)
    taking = [one for one in after.profiles.values() if one.take_over]
    named = (one for state in (before, after) for name, one in state.profiles.items() if name in mine)
    if not any(one.take_over for one in named) and (taking or not before.taken):
        return Files(after, changes, {})
    held = {key for one in taking for key in one.requests}

    def is_same(name: str, one: str, other: str) -> bool:
        parameter = sysctl_admit.describe(name, host)
        return sysctl_value.normal(parameter, one) == sysctl_value.normal(parameter, other)

    taken = taken_over.calculate(
        sysctl_dropin.applied(host.boot_files, changes),
        before.taken,
        {key: one.line for key, one in after.keys.items() if key in held and one.line is not None},
        ours=frozenset(map(sysctl_dropin.path, after.profiles)),
        loader=host.loader,
        is_same=is_same,
    )
    return Files(after._replace(taken=taken.taken), (*changes, *taken.changes), taken.refused)
