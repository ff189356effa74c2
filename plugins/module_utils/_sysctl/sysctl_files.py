# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of files: our own, and those of others in which lines give way to ours."""

from __future__ import annotations

from typing import AbstractSet, Mapping, NamedTuple

from .._parameters import value
from . import admit, dropin, take_over
from .file_change import FileChange
from .journal import State
from .snapshot import Host


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
    changes = dropin.changes(found, before=before, after=after, mine=mine)
    taking = [one for one in after.profiles.values() if one.take_over]
    named = (one for state in (before, after) for name, one in state.profiles.items() if name in mine)
    if not any(one.take_over for one in named) and (taking or not before.taken):
        return Files(after, changes, {})
    held = {key for one in taking for key in one.requests}

    def is_same(name: str, one: str, other: str) -> bool:
        parameter = admit.describe(name, host)
        return value.normal(parameter, one) == value.normal(parameter, other)

    taken = take_over.calculate(
        dropin.applied(host.boot_files, changes),
        before.taken,
        {key: one.line for key, one in after.keys.items() if key in held and one.line is not None},
        ours=frozenset(map(dropin.path, after.profiles)),
        loader=host.loader,
        is_same=is_same,
    )
    return Files(after._replace(taken=taken.taken), (*changes, *taken.changes), taken.refused)
