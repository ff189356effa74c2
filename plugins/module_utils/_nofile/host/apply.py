# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Open-file limits of one host: the plan is made, carried out step by step, read back, or taken back whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from ..._common.errors import ApplyFailed, NettuneError
from ..._common.text import printable
from ..._formats.rlimit import reaches
from ..._host import trial_lock
from ..._host.files import HostFiles
from ..._host.journal import Journal
from ..._sysctl import dropin
from ..._sysctl.host import read
from .. import files as nofile_paths
from .. import journal, report
from .. import live as nofile_live
from .. import plan as nofile_plan
from ..journal import DOCUMENT, State
from ..live import Change, attempts
from ..plan import Plan
from ..request import Request
from ..steps import Action, KeepEdited, MakeDirectory, Reload, RemoveDirectory, RemoveFile, SetLimit, WriteFile
from . import nr_open
from .nr_open import Ceiling, NrOpen
from .processes import Processes
from .read import Snapshot
from .units import Units

# The steps of a plan for open-file limits, carried out on a host; those on files can be undone.


class FileSteps:
    """Carries out the steps on files, and remembers them."""

    def __init__(self, files: HostFiles, journal: Journal, units: Units) -> None:
        self._files = files
        self._journal = journal
        self._units = units
        self._done: list[Action] = []

    def carry_out(self, actions: Iterable[Action]) -> None:
        """Do the steps in their order and read back what was written. Raises OSError, ForeignFile and ApplyFailed."""
        steps = [action for action in actions if not isinstance(action, SetLimit)]
        for action in steps:
            self._done.append(action)
            self._do(action)
        for action in steps:
            if isinstance(action, WriteFile) and self._files.read_text(action.path) != action.after:
                raise ApplyFailed(f"{action.path} does not hold what was written; something else may be writing it")

    def undo(self) -> list[str]:
        """Undo the steps, the last one first; returns what could not be undone."""
        failed = []
        for action in reversed(self._done):
            try:
                self._undo(action)
            except (NettuneError, OSError) as error:
                failed.append(str(error))
        if any(isinstance(action, Reload) for action in self._done):
            failed += self._reload_again()
        return failed

    def _do(self, action: Action) -> None:
        if isinstance(action, KeepEdited):
            self._journal.keep_edited(action.path, action.text)
        elif isinstance(action, MakeDirectory):
            self._files.make_directory(action.path)
        elif isinstance(action, RemoveDirectory):
            self._files.remove_directory(action.path)
        elif isinstance(action, WriteFile):
            self._files.replace_text(action.path, action.after)
        elif isinstance(action, RemoveFile):
            self._files.remove(action.path)
        elif isinstance(action, Reload):
            self._units.reload()

    def _undo(self, action: Action) -> None:
        if isinstance(action, MakeDirectory):
            self._files.remove_directory(action.path)
        elif isinstance(action, RemoveDirectory):
            self._files.make_directory(action.path)
        elif isinstance(action, (WriteFile, RemoveFile)) and action.before is None:
            self._files.remove(action.path)
        elif isinstance(action, (WriteFile, RemoveFile)):
            self._files.replace_text(action.path, action.before or "")

    def _reload_again(self) -> list[str]:
        try:
            self._units.reload()
        except ApplyFailed as error:
            return [str(error)]
        return []


def set_limits(changes: Iterable[Change], processes: Processes) -> tuple[Change, ...]:
    """Give each process its limit; returns the changes as they came about, without processes that have ended."""
    done = (_set(change, processes) for change in changes)
    return tuple(change for change in done if change is not None)


def _set(change: Change, processes: Processes) -> Change | None:
    process = change.process
    if change.after == process.limit:
        return change
    why_not = change.why_not
    for limit in attempts(process, change.after):
        try:
            if not processes.set(process, limit):
                return None
            break
        except (OSError, ValueError) as error:
            why_not = f"the kernel refused {limit}: {getattr(error, 'strerror', None) or error}"
    found = processes.limit(process.pid)
    if found is None:
        return None
    if not why_not and not reaches(found, change.after):
        why_not = "the limit was set, and something else, perhaps the program itself, has changed it since"
    return change._replace(after=found, why_not=why_not)


LOCK_SECONDS = 60.0


class Planned(NamedTuple):
    """plan: for files and processes. requests: those it is about, by profile. ceilings: what becomes of fs.nr_open.

    going: whether the profiles are taken away.
    """

    plan: Plan
    requests: dict[str, Request]
    ceilings: dict[str, Ceiling]
    going: bool = False

    @property
    def changes_anything(self) -> bool:
        """Whether the host is changed, at once or once it is confirmed."""
        actions = (*self.plan.actions, *self.plan.waiting)
        return report.changes_something(actions) or any(one.changed for one in self.ceilings.values())

    def result(self) -> dict[str, Any]:
        """What the module returns, with `diff`."""
        result = report.report(self.plan, self.requests)
        result["changed"] = self.changes_anything
        result["files"] += [row for ceiling in self.ceilings.values() for row in nr_open.files_of(ceiling)]
        result["left_alone"] += [row for ceiling in self.ceilings.values() for row in nr_open.left_alone_of(ceiling)]
        result["nr_open"] = self.plan.host.nr_open
        result["table"] = report.lines(result)
        drawn = [entry for ceiling in self.ceilings.values() for entry in nr_open.diff_of(ceiling)]
        result["diff"] = drawn + report.diff(self.plan.actions)
        return printable(result)


class NofileLimits:
    """The limits of one host. present() and absent() plan; carry_out() does what was planned.

    Hold lock() from planning to the end: a plan is true only while nobody else changes the host.
    """

    def __init__(self, files: HostFiles, snapshot: Snapshot | None = None) -> None:
        self._files = files
        self._journal = Journal(files)
        self._snapshot = snapshot or Snapshot(files)
        self._nr_open = NrOpen(files)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """A context in which no other run changes this host; it begins with sweeping up after one that was killed."""
        with self._journal.lock(seconds=LOCK_SECONDS):
            trial_lock.settle(self._files)
            for directory in {dropin.DIRECTORY, *(path.rsplit("/", 1)[0] for path in self._state().files)}:
                self._files.sweep(directory)
            yield

    def present(self, name: str, request: Request) -> Planned:
        """Plan that the profile is in force. Raises ForeignFile where a path of ours is taken."""
        state = self._state()
        ceiling = self._nr_open.present(name, request.floor.hard, persistent=request.persistent)
        profiles = {**state.profiles, name: request}
        host = self._snapshot.take(profiles, state, nr_open=ceiling.value, nr_open_why=ceiling.why)
        return Planned(nofile_plan.present(name, request, host, state), {name: request}, {name: ceiling})

    def absent(self, name: str | None) -> Planned:
        """Plan that the profile, or every one where it is None, is taken back."""
        state = self._state()
        host = self._snapshot.take(dict(state.profiles), state, nr_open=self._nr_open.value())
        names = (name,) if name is not None else nofile_plan.profiles_known(state, host)
        requests = {one: state.profiles[one] for one in names if one in state.profiles}
        ceilings = {one: self._nr_open.absent(one) for one in names}
        return Planned(nofile_plan.absent(names, host, state), requests, ceilings, going=True)

    def recorded(self) -> State:
        """What the journal holds, less what a reboot has taken back."""
        return journal.of_this_boot(self._state(), read.boot_id(self._files))

    def strangers(self) -> dict[str, str]:
        """Files that say they are ours, of which no journal knows: the profile that their name tells, by path."""
        known = self._state().files
        named = {path: nofile_paths.profile_of(path.rsplit("/", 1)[1]) for path in self._snapshot.named_as_ours()}
        found = {path: name for path, name in named.items() if name and path not in known}
        return {path: name for path, name in found.items() if nofile_paths.is_marked(self._files.read_text(path) or "")}

    def again(self, name: str) -> Planned:
        """Plan that a profile of the journal is in force as it was applied last."""
        return self.present(name, self._state().profiles[name])

    def nothing(self) -> Planned:
        """Plan nothing."""
        state = self._state()
        host = self._snapshot.take(dict(state.profiles), state, nr_open=self._nr_open.value())
        plan = nofile_plan.absent((), host, state)
        return Planned(plan._replace(actions=(), after=plan.before, live=()), {}, {})

    def carry_out(self, planned: Planned) -> Planned:
        """Do what was planned, and return it as it came about.

        Raises ApplyFailed after putting everything back where a step fails. A limit that the kernel refuses to a
        process is no failure: the result says so.
        """
        plan = planned.plan
        if not plan.actions and not any(ceiling.planned for ceiling in planned.ceilings.values()):
            if plan.before != plan.after:
                self._save(plan.after)
            return planned
        self._save(journal.during(plan.before, plan.after))
        self._change_files(planned)
        live = set_limits(plan.live, self._snapshot.processes)
        raised = nofile_live.raised_after(plan.before.raised, live, plan.host)
        plan = plan._replace(live=live, after=plan.after._replace(raised=raised))
        self._save(plan.after)
        if planned.going:
            for name in planned.ceilings:
                self._nr_open.carry_out(self._nr_open.absent(name))
        return planned._replace(plan=plan)

    def _change_files(self, planned: Planned) -> None:
        steps = FileSteps(self._files, self._journal, self._snapshot.units)
        try:
            if not planned.going:
                for ceiling in planned.ceilings.values():
                    self._nr_open.carry_out(ceiling)
            steps.carry_out(planned.plan.actions)
        except (NettuneError, OSError) as error:
            raise ApplyFailed(f"{error}; {self._put_back(planned, steps)}") from error

    def _put_back(self, planned: Planned, steps: FileSteps) -> str:
        """Undo what was done, last first, and say how that went."""
        failed = steps.undo()
        if not planned.going:
            for name, ceiling in planned.ceilings.items():
                try:
                    self._nr_open.take_back(name, ceiling)
                except (NettuneError, OSError) as error:
                    failed.append(str(error))
        if failed:
            return f"putting back what had been done failed too, the journal still holds it: {'; '.join(failed)}"
        self._save(planned.plan.before)
        return "everything done before it was put back"

    def _state(self) -> State:
        return journal.parse(self._journal.load(DOCUMENT))

    def _save(self, state: State) -> None:
        self._journal.save(DOCUMENT, journal.render(state))
