# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes that systemd started with the limit of our drop-ins, after a reboot or a restart of their service.

The journal has no row for them. They are recognised by their limit, which is the one that the unit has with our drop-in
and not the one that it has without.
"""

from __future__ import annotations

from typing import Iterable, Mapping, NamedTuple

from .._formats import unit_name
from .._formats.rlimit import Limit
from . import desired, live, services
from .journal import Raised, State
from .live import Change
from .profile_files import FilePlan
from .snapshot import Host, Process, Unit
from .steps import RemoveFile, WriteFile


class Started(NamedTuple):
    """raised: rows as the journal would have them. kept: processes that are not changed, as `live` is false."""

    raised: tuple[Raised, ...]
    kept: tuple[Change, ...]


def texts_after(file_plan: FilePlan) -> dict[str, str | None]:
    """Return the future text of each file that changes, None if it is removed."""
    steps = (one for one in file_plan.actions if isinstance(one, (WriteFile, RemoveFile)))
    return {one.path: one.after if isinstance(one, WriteFile) else None for one in steps}


def started_with_ours(names: Iterable[str], host: Host, state: State, texts: Mapping[str, str | None]) -> Started:
    """Return the processes of the services of the profiles `names` that started with our limit.

    texts: the future texts of files, once the profiles are reverted.
    """
    known = {(row.pid, row.start) for row in state.raised}
    raised, kept = [], []
    for unit, is_live in _units(names, host, state):
        ours = services.given(unit.files, host).limit
        before = services.given(desired.unit_with(unit, texts), host).limit
        for process in host.processes or ():
            if not unit_name.covers(unit.name, process.unit) or (process.pid, process.start) in known:
                continue
            if process.limit != ours or ours == before:
                continue
            if is_live:
                raised.append(Raised(process.pid, process.start, process.unit, before, (ours,)))
            else:
                kept.append(_kept(process, before))
    return Started(tuple(raised), tuple(kept))


def _units(names: Iterable[str], host: Host, state: State) -> list[tuple[Unit, bool]]:
    """Return the units of the profiles, and whether a profile changes their running processes."""
    found: dict[str, tuple[Unit, bool]] = {}
    for request in (state.profiles[name] for name in names if name in state.profiles):
        for unit in (host.units[given] for given in request.services):
            is_live = request.live or found.get(unit.name, (unit, False))[1]
            found[unit.name] = (unit, is_live)
    return [one for one in found.values() if not one[0].unavailable]


def _kept(process: Process, before: Limit) -> Change:
    kept = live.keeps(process, "running processes are not changed with live: false")
    return Change(process, process.limit, before, process.limit, kept=kept)
