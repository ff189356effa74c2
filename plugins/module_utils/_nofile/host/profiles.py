# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Apply and revert the profiles of open-file limits on a host."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from ..._common.errors import ApplyFailed, NettuneError
from ..._common.text import printable
from ..._formats import sysctl_conf
from ..._host import trial_lock
from ..._host.files import HostFiles
from ..._host.identity import boot_id
from ..._host.journal import Journal
from ..._host.writable import WITHOUT_FILES, check
from .. import journal, live, planner, profile_files, report, table
from ..journal import DOCUMENT, State
from ..plan import Plan
from ..request import Request
from ..snapshot import Host
from ..steps import RemoveFile, WriteFile
from . import nr_open
from .apply import FileSteps, set_limits
from .nr_open import Ceiling, NrOpen
from .read import Snapshot

LOCK_SECONDS = 60.0
_UNFINISHED = "the files were changed before that, and the journal still has what is left to do: run again"


class Planned(NamedTuple):
    """A plan for open-file limits together with fs.nr_open.

    requests: by profile, those that the plan applies or reverts. ceilings: the plans for fs.nr_open by profile.
    reverting: whether the profiles are reverted.
    """

    plan: Plan
    requests: dict[str, Request]
    ceilings: dict[str, Ceiling]
    reverting: bool = False

    @property
    def changes_anything(self) -> bool:
        """Whether the host is changed, at once or once it is confirmed."""
        actions = (*self.plan.actions, *self.plan.waiting)
        return report.changes_something(actions) or any(one.changed for one in self.ceilings.values())

    def result(self) -> dict[str, Any]:
        """Return the result of the module, including `diff`."""
        result = report.report(self.plan, self.requests)
        ceilings = self.ceilings.values()
        result["changed"] = self.changes_anything
        result["files"] += [row for one in ceilings for row in nr_open.files_of(one)]
        result["left_alone"] += [row for one in ceilings for row in nr_open.left_alone_of(one)]
        result["nr_open"] = self.plan.host.nr_open
        result["table"] = table.lines(result)
        result["diff"] = [row for one in ceilings for row in nr_open.diff_of(one)] + report.diff(self.plan.actions)
        return printable(result)


class NofileProfiles:
    """The profiles of one host. present() and absent() make plans, carry_out() carries one out.

    Hold lock() from planning to the end: a plan is only valid while nothing else changes the host.
    """

    def __init__(self, host_files: HostFiles, snapshot: Snapshot | None = None) -> None:
        self._files = host_files
        self._journal = Journal(host_files)
        self._snapshot = snapshot or Snapshot(host_files)
        self._nr_open = NrOpen(host_files)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Return a context in which no other run changes this host. It begins by cleaning up after a killed run."""
        with self._journal.lock(seconds=LOCK_SECONDS):
            trial_lock.settle(self._files)
            for directory in {sysctl_conf.DIRECTORY, *(path.rsplit("/", 1)[0] for path in self._state().files)}:
                self._files.sweep(directory)
            yield

    def present(self, name: str, request: Request) -> Planned:
        """Plan to apply a profile. Raises ForeignFile if a path of the profile is taken, and NotWritable."""
        hint = WITHOUT_FILES if request.live and request.services else ""
        return self._checked(self._present(name, request), hint=hint)

    def _present(self, name: str, request: Request) -> Planned:
        state = self._state()
        ceiling = self._nr_open.present(name, request.floor.hard, persistent=request.persistent)
        profiles = {**state.profiles, name: request}
        host = self._snapshot.take(profiles, state, nr_open=ceiling.value, nr_open_reason=ceiling.reason)
        plan = self._counted(lambda host: planner.present(name, request, host, state), host)
        return Planned(plan, {name: request}, {name: ceiling})

    def absent(self, name: str | None) -> Planned:
        """Plan to revert a profile, or all of them if `name` is None."""
        state = self._state()
        host = self._snapshot.take(dict(state.profiles), state, nr_open=self._nr_open.value())
        names = (name,) if name is not None else self._known(state, host)
        requests = {one: state.profiles[one] for one in names if one in state.profiles}
        ceilings = {one: self._nr_open.absent(one) for one in names}
        plan = self._counted(lambda host: planner.absent(names, host, state), host)
        return self._checked(Planned(plan, requests, ceilings, reverting=True))

    def _counted(self, plan_for: Callable[[Host], Plan], host: Host) -> Plan:
        """Return the plan for a host, with the descriptors of the processes whose limits it lowers counted."""
        plan = plan_for(host)
        lowered = live.lowered(plan.live)
        if not lowered or host.processes is None:
            return plan
        return plan_for(host._replace(processes=self._snapshot.processes.counted(host.processes, lowered)))

    def _known(self, state: State, host: Host) -> tuple[str, ...]:
        """Return every profile that left something on the host, also if only its fs.nr_open is left."""
        return tuple(sorted({*planner.profiles_known(state, host), *self._nr_open.profiles()}))

    def again(self, name: str) -> Planned:
        """Plan to apply a profile of the journal again, with its recorded options."""
        return self._present(name, self._state().profiles[name])

    def nothing(self) -> Planned:
        """Return a plan without steps."""
        state = self._state()
        host = self._snapshot.take(dict(state.profiles), state, nr_open=self._nr_open.value())
        empty = planner.absent((), host, state)
        return Planned(empty._replace(actions=(), after=empty.before, live=()), {}, {})

    def recorded(self) -> State:
        """Return the journal without what a reboot has undone."""
        return journal.of_this_boot(self._state(), boot_id(self._files))

    def unknown_files(self) -> dict[str, str]:
        """Return the files that are marked as ours but are not in the journal: the profile in their name by path."""
        known = self._state().files
        named = {path: profile_files.profile_of(path) for path in self._snapshot.named_as_ours()}
        found = {path: name for path, name in named.items() if name and path not in known}
        return {path: name for path, name in found.items() if profile_files.is_marked(self._files.try_text(path)[0])}

    def carry_out(self, planned: Planned) -> Planned:
        """Carry out a plan and return it with the limits found afterwards.

        If a step on files fails, everything is rolled back and ApplyFailed raised. A limit that the kernel refuses to a
        process is only reported in the result.
        """
        todo = planned.plan
        if not todo.actions and not any(ceiling.planned for ceiling in planned.ceilings.values()):
            if todo.before != todo.after:
                self._save(todo.after)
            return planned
        self._save(journal.during(todo.before, todo.after))
        self._change_files(planned)
        try:
            changes = set_limits(todo.live, self._snapshot.processes)
            raised = live.raised_after(todo.before.raised, changes, todo.host)
            done = todo._replace(live=changes, after=todo.after._replace(raised=raised))
            self._save(done.after)
            if planned.reverting:
                for name in planned.ceilings:
                    self._nr_open.carry_out(self._nr_open.absent(name))
        except (NettuneError, OSError) as error:
            raise ApplyFailed(f"{error}; {_UNFINISHED}") from error
        return planned._replace(plan=done)

    def _checked(self, planned: Planned, *, hint: str = "") -> Planned:
        """Return the plan if its files can be written. Raises NotWritable."""
        plan = planned.plan
        steps = [one for one in plan.actions if isinstance(one, (WriteFile, RemoveFile))]
        texts = {one.path: one.after if isinstance(one, WriteFile) else None for one in steps}
        check(self._files, texts, hint=hint)
        if plan.before != plan.after or planned.changes_anything:
            self._journal.check_writable(size=len(repr(plan.after)))
        return planned

    def _change_files(self, planned: Planned) -> None:
        steps = FileSteps(self._files, self._journal, self._snapshot.units)
        try:
            if not planned.reverting:
                for ceiling in planned.ceilings.values():
                    self._nr_open.carry_out(ceiling)
            steps.carry_out(planned.plan.actions)
        except (NettuneError, OSError) as error:
            raise ApplyFailed(f"{error}; {self._roll_back(planned, steps)}") from error

    def _roll_back(self, planned: Planned, steps: FileSteps) -> str:
        """Undo what was done, the last step first. Returns how that went, for the error message."""
        errors = steps.undo()
        if not planned.reverting:
            for name, ceiling in planned.ceilings.items():
                try:
                    self._nr_open.roll_back(name, ceiling)
                except (NettuneError, OSError) as error:
                    errors.append(str(error))
        if errors:
            return f"rolling back failed too, and the journal still has the changes: {'; '.join(errors)}"
        with suppress(NettuneError, OSError):  # the journal then holds more than is needed, but nothing wrong
            self._save(planned.plan.before)
        return "all changes were rolled back"

    def _state(self) -> State:
        return journal.parse(self._journal.load(DOCUMENT))

    def _save(self, state: State) -> None:
        self._journal.save(DOCUMENT, journal.render(state))
