# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compute the plan for open-file limits: the steps from the host as it is to what its profiles request."""

from __future__ import annotations

from typing import Mapping, Sequence

from .._formats.rlimit import Limit
from . import desired, inherited, journal, live, logins, profile_files
from .desired import Desired
from .journal import State
from .live import Change
from .plan import Plan
from .profile_files import FilePlan, LeftAlone
from .request import Request
from .snapshot import Host
from .steps import Action, Reload, RemoveFile, SetLimit, WriteFile


def present(name: str, request: Request, host: Host, state: State) -> Plan:
    """Plan to apply a profile. Raises ForeignFile."""
    state = journal.of_this_boot(state, host.boot_id)
    host = logins.without_us(host, state)
    profiles = {**state.profiles, name: request}
    wanted = desired.desired(profiles, host)
    file_plan = profile_files.plan_files(wanted.texts, of=[name], host=host, state=state, reverting=False)
    changes = _changes(request, profiles, host, state) if request.live else ()
    return _plan(profiles, wanted, file_plan, changes, host, state)


def absent(names: Sequence[str], host: Host, state: State) -> Plan:
    """Plan to revert profiles, except for what someone else has changed since."""
    state = journal.of_this_boot(state, host.boot_id)
    host = logins.without_us(host, state)
    profiles = {name: request for name, request in state.profiles.items() if name not in names}
    wanted = desired.desired(profiles, host)
    file_plan = profile_files.plan_files(wanted.texts, of=names, host=host, state=state, reverting=True)
    started = inherited.started_with_ours(names, host, state, inherited.texts_after(file_plan))
    rows = (*state.raised, *started.raised)
    raised = {(row.pid, row.start) for row in rows}
    concerned = [process for process in host.processes or () if (process.pid, process.start) in raised]
    changes = (*live.changes(concerned, rows, _floors(profiles, host), host), *started.kept)
    return _plan(profiles, wanted, file_plan, changes, host, state._replace(raised=rows), reverting=True)


def profiles_known(state: State, host: Host) -> tuple[str, ...]:
    """Return every profile that left something on the host, by the journal or by the name of a file."""
    by_name = {profile_files.profile_of(path) for path in host.found}
    known = {*state.profiles, *(row.profile for row in state.files.values()), *(name for name in by_name if name)}
    return tuple(sorted(known))


def _changes(request: Request, profiles: Mapping[str, Request], host: Host, state: State) -> tuple[Change, ...]:
    rows = {(row.pid, row.start) for row in state.raised}
    concerned = [
        process
        for process in host.processes or ()
        if desired.concerns(request, process.unit, host) or (process.pid, process.start) in rows
    ]
    return tuple(live.changes(concerned, state.raised, _floors(profiles, host), host))


def _floors(profiles: Mapping[str, Request], host: Host) -> live.FloorOf:
    live_profiles = {name: request for name, request in profiles.items() if request.live}

    def floor_of(unit: str) -> Limit | None:
        return desired.floor_of_unit(unit, live_profiles, host)

    return floor_of


def _plan(
    profiles: Mapping[str, Request],
    wanted: Desired,
    file_plan: FilePlan,
    changes: tuple[Change, ...],
    host: Host,
    state: State,
    reverting: bool = False,
) -> Plan:
    set_limits = [SetLimit(one.process, one.after) for one in changes if one.after != one.process.limit]
    actions = (*file_plan.actions, *_reload(file_plan, host, state), *set_limits)
    left_alone = (*file_plan.left_alone, *(_limits_left(changes, state) if reverting else ()))
    raised = live.raised_after(state.raised, changes, host)
    inherited = logins.least_inherited(host) if file_plan.files or raised else None
    after = State(profiles, file_plan.files, file_plan.directories, raised, inherited, False, host.boot_id)
    return Plan(host, actions, state, after, wanted, changes, left_alone, file_plan.warnings)


def _limits_left(changes: Sequence[Change], state: State) -> list[LeftAlone]:
    ours = {(row.pid, row.start): row.ours[-1] for row in state.raised}
    kept = [
        LeftAlone(f"{one.process.name}[{one.process.pid}]", str(one.wanted), str(one.process.limit), one.kept)
        for one in changes
        if one.kept
    ]
    return kept + [
        LeftAlone(
            f"{process.name}[{process.pid}]",
            str(ours[process.pid, process.start]),
            str(process.limit),
            "changed by someone else since",
        )
        for process in (change.process for change in changes if change.foreign)
    ]


def _reload(file_plan: FilePlan, host: Host, state: State) -> Sequence[Action]:
    """Return one reload for all drop-ins, also if an earlier run was interrupted before its reload."""
    touched = any(
        isinstance(action, (WriteFile, RemoveFile)) and action.path.startswith(profile_files.UNITS + "/")
        for action in file_plan.actions
    )
    return [Reload()] if host.systemd and (touched or state.reload) else []
