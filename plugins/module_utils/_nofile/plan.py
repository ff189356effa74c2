# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole plan for open-file limits: what a profile asks, what the host has, and the steps from one to the other."""

from __future__ import annotations

from typing import Mapping, NamedTuple, Sequence

from .._formats.rlimit import Limit
from . import desired as nofile_desired
from . import files as nofile_file_plan
from . import files as nofile_paths
from . import journal
from . import live as nofile_live
from . import logins as nofile_inherited
from .desired import Desired
from .files import FilePlan, LeftAlone
from .journal import State
from .live import Change
from .request import Request
from .snapshot import Host
from .steps import Action, Reload, RemoveFile, SetLimit, WriteFile


class Plan(NamedTuple):
    """host: as it was before us. actions: in order. before, after: the journal now, and when they have been done.

    desired: the verdicts behind the files. live: what was considered for each process. left_alone: why, by path or
    process. waiting: what is left to do once the actions are confirmed.
    """

    host: Host
    actions: tuple[Action, ...]
    before: State
    after: State
    desired: Desired
    live: tuple[Change, ...]
    left_alone: tuple[LeftAlone, ...]
    warnings: tuple[str, ...]
    waiting: tuple[Action, ...] = ()

    def texts(self) -> dict[str, str | None]:
        """What the plan makes, at once or in the end, of the files it touches: the text by path, None where the file
        goes.
        """
        texts: dict[str, str | None] = {}
        for action in (*self.actions, *self.waiting):
            if isinstance(action, (WriteFile, RemoveFile)):
                texts[action.path] = action.after if isinstance(action, WriteFile) else None
        return texts


def present(name: str, request: Request, host: Host, state: State) -> Plan:
    """The steps after which the profile is in force. Raises ForeignFile."""
    state = journal.of_this_boot(state, host.boot_id)
    host = nofile_inherited.without_us(host, state)
    profiles = {**state.profiles, name: request}
    desired = nofile_desired.desired(profiles, host)
    files = nofile_file_plan.to_be_as(desired.texts, of=[name], host=host, state=state, taking_away=False)
    live = _live(request, profiles, host, state) if request.live else ()
    return _plan(profiles, desired, files, live, host, state)


def absent(names: Sequence[str], host: Host, state: State) -> Plan:
    """The steps after which nothing is left of the profiles but what somebody else has changed since."""
    state = journal.of_this_boot(state, host.boot_id)
    host = nofile_inherited.without_us(host, state)
    profiles = {name: request for name, request in state.profiles.items() if name not in names}
    desired = nofile_desired.desired(profiles, host)
    files = nofile_file_plan.to_be_as(desired.texts, of=names, host=host, state=state, taking_away=True)
    rows = {(row.pid, row.start) for row in state.raised}
    ours = [process for process in host.processes or () if (process.pid, process.start) in rows]
    live = nofile_live.changes(ours, state.raised, _floors(profiles, host), host)
    return _plan(profiles, desired, files, tuple(live), host, state, restoring=True)


def deferred(plan: Plan) -> Plan:
    """The plan whose files wait: the journal knows their texts of before and of then."""
    live = tuple(action for action in plan.actions if isinstance(action, SetLimit))
    waiting = tuple(action for action in plan.actions if not isinstance(action, SetLimit))
    both = journal.during(plan.before, plan.after)
    after = plan.after._replace(files=both.files, directories=both.directories, reload=plan.before.reload)
    return plan._replace(actions=live, after=after, waiting=waiting)


def profiles_known(state: State, host: Host) -> tuple[str, ...]:
    """Every profile that has left something on the host, by the journal or by the name of a file."""
    by_name = {nofile_paths.profile_of(path.rsplit("/", 1)[1]) for path in host.found}
    named = {*state.profiles, *(row.profile for row in state.files.values()), *(name for name in by_name if name)}
    return tuple(sorted(named))


def _live(request: Request, profiles: Mapping[str, Request], host: Host, state: State) -> tuple[Change, ...]:
    rows = {(row.pid, row.start) for row in state.raised}
    concerned = [
        process
        for process in host.processes or ()
        if nofile_desired.is_asked_for(process.unit, request, host) or (process.pid, process.start) in rows
    ]
    return tuple(nofile_live.changes(concerned, state.raised, _floors(profiles, host), host))


def _floors(profiles: Mapping[str, Request], host: Host) -> nofile_live.FloorOf:
    living = {name: request for name, request in profiles.items() if request.live}

    def floor_of(unit: str) -> Limit | None:
        return nofile_desired.floor_of_unit(unit, living, host)

    return floor_of


def _plan(
    profiles: Mapping[str, Request],
    desired: Desired,
    files: FilePlan,
    live: tuple[Change, ...],
    host: Host,
    state: State,
    restoring: bool = False,
) -> Plan:
    actions = [*files.actions, *_reload(files, host, state)]
    left_alone = list(files.left_alone)
    rows = {(row.pid, row.start): row for row in state.raised}
    for change in live:
        process = change.process
        if restoring and change.foreign:
            ours = rows[process.pid, process.start].ours[-1]
            name = f"{process.name}[{process.pid}]"
            left_alone.append(LeftAlone(name, str(ours), str(process.limit), "changed by someone else since"))
        if change.after != process.limit:
            actions.append(SetLimit(process, change.after))
    raised = nofile_live.raised_after(state.raised, live, host)
    logins = nofile_inherited.least(host) if files.files or raised else None
    after = State(profiles, files.files, files.directories, raised, logins, False, host.boot_id)
    return Plan(host, tuple(actions), state, after, desired, live, tuple(left_alone), files.warnings)


def _reload(files: FilePlan, host: Host, state: State) -> Sequence[Action]:
    """One reload for all drop-ins; also where a run before this one was interrupted before it came to that."""
    touched = any(
        isinstance(action, (WriteFile, RemoveFile)) and action.path.startswith(nofile_paths.UNITS + "/")
        for action in files.actions
    )
    return [Reload()] if host.systemd and (touched or state.reload) else []
