# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A profile of kernel parameters on one host: the plan is made, carried out line by line, read back, or taken back
whole.
"""

from __future__ import annotations

import os.path
from contextlib import contextmanager, suppress
from typing import Any, Iterable, Iterator, Mapping, NamedTuple, Sequence

from ..._common.errors import ApplyFailed, InvalidOption, NettuneError
from ..._host.files import HostFiles
from ..._host.journal import Journal
from ..._host.sock_diag import SockDiag
from ..._parameters import catalogue
from ..._parameters.write_order import PORT_RANGE
from .. import admit, dropin, hazards, planner, report
from .. import journal as sysctl_journal
from .. import modules as modules_load
from .. import plan as sysctl_read_back
from ..file_change import FileChange
from ..journal import DOCUMENT, State
from ..modules import Module
from ..plan import Plan, Wish
from ..request import INCLUDE
from ..snapshot import Host
from . import read
from .proc_sys import HERE, Network, ProcSys

LOCK_SECONDS = 60.0


class Planned(NamedTuple):
    """A plan, the host it is for, and its settings as rows of the result."""

    plan: Plan
    host: Host
    rows: list[dict[str, Any]]


class SysctlPlans:
    """present() plans a profile of one host, carry_out() does what was planned. A subclass says who else is met.

    Hold lock() from planning to the end: a plan is true only while nobody else changes the host. sock_diag finds
    listeners quickly; without it they are read from /proc. network: whose parameters below net.* are meant.
    """

    def __init__(
        self, files: HostFiles, journal: Journal, *, sock_diag: SockDiag | None = None, network: Network = HERE
    ) -> None:
        self._files = files
        self._journal = journal
        self._sock_diag = sock_diag
        self._network = network
        self._proc_sys = ProcSys(files, network.namespace)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """A context in which no other run changes this host."""
        with self._journal.lock(seconds=LOCK_SECONDS):
            self._meet()
            for directory in ("/etc", dropin.DIRECTORY, modules_load.DIRECTORY):
                self._files.sweep(directory)
            yield

    def _meet(self) -> None:
        """See to whatever else has changed this host, or is about to; only for who holds the lock."""
        raise NotImplementedError

    def present(
        self,
        profile: str,
        settings: Mapping[str, Any],
        *,
        persistent: bool = True,
        accept_hazards: frozenset[str] = frozenset(),
        connections: int | None = None,
        modules: Sequence[str] | None = None,
        take_over: bool = False,
    ) -> Planned:
        """Plan that `profile` holds exactly `settings`, less those whose value is None, on a host of so many
        connections. modules: to load at boot; where they are None, those of the settings that are loaded now.
        take_over: whether lines of others below /etc that beat ours at boot are commented out."""
        self._network.check(persistent=persistent)
        settings = {name: given for name, given in settings.items() if given is not None}
        if persistent:
            self._files.refuse_irregular(dropin.path(profile))
        state = self._state()
        names = admit.names_to_read(settings)
        host = self._snapshot([*names, *_to_count(connections)], state, with_listeners=_includes_ports(settings))
        wanted = self._modules(profile, names, modules, host, state)
        awaited = frozenset(one.name for one in wanted if one.is_awaited) if persistent else frozenset()
        judged = tuple(admit.admit(settings, host, awaited=awaited))
        wish = Wish(
            profile,
            judged,
            persistent=persistent,
            accept_hazards=accept_hazards,
            connections=connections or 0,
            modules=wanted,
            take_over=take_over,
        )
        return self._plan(wish, host, state)

    def carry_out(self, planned: Planned) -> Planned:
        """Do what was planned; returns it with rows of what came to be.

        Raises ApplyFailed after putting everything back where a step is refused.
        """
        plan = planned.plan
        if plan.before == plan.after and not plan.changes_anything:
            return planned
        done = _Done([], [])
        try:
            # What a reboot has taken back must not hide that this run holds the same parameter.
            before = sysctl_journal.current(plan.before, boot_id=planned.host.boot_id)
            self._save(sysctl_journal.during(before, plan.after))
            self._write(plan, done)
            values = self._read_back(planned)
            self._save(sysctl_read_back.finished(plan, values))
        except (NettuneError, OSError) as error:
            raise ApplyFailed(f"{error}; {self._put_back(planned, done)}") from error
        return planned._replace(rows=sysctl_read_back.rows_as_found(planned.rows, values))

    def _state(self) -> State:
        return sysctl_journal.parse(self._journal.load(DOCUMENT))

    def _save(self, state: State) -> None:
        self._journal.save(DOCUMENT, sysctl_journal.render(state))

    def _plan(self, wish: Wish, host: Host, state: State) -> Planned:
        plan = planner.calculate(wish, host, state)
        for change in plan.files:
            if change.after is not None:
                self._files.refuse_irregular(change.path)
        return Planned(plan, host, report.rows(plan, host))

    def _snapshot(self, names: list[str], state: State, *, with_listeners: bool = False) -> Host:
        return read.take(
            self._files,
            planner.concerned(names, state),
            with_listeners=with_listeners or PORT_RANGE in names,
            with_all_names=any(map(admit.is_unheard_of, names)),
            sock_diag=self._sock_diag,
            network=self._network,
        )

    def _modules(
        self, profile: str, names: list[str], asked: Sequence[str] | None, host: Host, state: State
    ) -> tuple[Module, ...]:
        """The modules to load at boot for the parameters `names`, or those asked for."""
        wanted = modules_load.of_settings(names) if asked is None else modules_load.names(asked)
        states = read.states(self._files, wanted, kernel=host.kernel)
        if asked is not None:
            return modules_load.judge(asked, states, owns_machine=host.owns_machine, kernel=host.kernel)
        earlier = state.profiles[profile].modules if profile in state.profiles else ()
        return modules_load.kept(wanted, states, earlier=earlier, owns_machine=host.owns_machine)

    def _write(self, plan: Plan, done: _Done) -> None:
        for change in plan.files:
            self._replace(change, done)
        for name, change in plan.writes:
            done.values.append(plan.undo(name))
            self._proc_sys.write(name, change.after, shown=catalogue.shown(name, change.after))

    def _replace(self, change: FileChange, done: _Done) -> None:
        if change.left_alone:
            return
        if change.edited and change.before is not None:
            self._journal.keep_edited(change.path, change.before)
        done.files.append(change)
        self._put(change.path, change.after, keep=change.foreign)

    def _put(self, path: str, text: str | None, *, keep: bool) -> None:
        if text is None:
            self._files.remove(path)
        else:
            self._files.make_directory(os.path.dirname(path))
            self._files.replace_text(path, text, keep=keep)

    def _read_back(self, planned: Planned) -> dict[str, str]:
        """What the kernel has made of the values written. Raises ApplyFailed where that is something else."""
        values = self._found(planned, dict(planned.plan.writes))
        problems = sysctl_read_back.problems(planned.plan, planned.host, values)
        if problems:
            raise ApplyFailed("; ".join(problems))
        return values

    def _found(self, planned: Planned, names: Iterable[str]) -> dict[str, str]:
        return sysctl_read_back.found(planned.host, {name: self._proc_sys.read(name).text for name in names})

    def _put_back(self, planned: Planned, done: _Done) -> str:
        """Undo what was done, last first, and say how that went."""
        failed = [*self._put_values_back(planned, done), *self._put_files_back(done)]
        if failed:
            return f"putting back what had been written failed too, the journal still holds it: {'; '.join(failed)}"
        with suppress(NettuneError, OSError):  # it says more than is needed then, and nothing that is wrong
            self._save(planned.plan.before)
        return "everything written before it was put back"

    def _put_values_back(self, planned: Planned, done: _Done) -> list[str]:
        """What failed. A value that is as it was, because its write was refused, is not written again."""
        failed, now = [], self._found(planned, dict(done.values))
        for name, value in reversed(done.values):
            if now[name] == value:
                continue
            try:
                self._proc_sys.write(name, value, shown=catalogue.shown(name, value))
            except ApplyFailed as error:
                failed.append(str(error))
        return failed

    def _put_files_back(self, done: _Done) -> list[str]:
        failed = []
        for change in reversed(done.files):
            try:
                self._put(change.path, change.before, keep=change.foreign)
            except (NettuneError, OSError) as error:
                failed.append(f"{change.path}: {error}")
        return failed


class _Done(NamedTuple):
    """What has been done so far: (name, value before) of parameters, and files."""

    values: list[Any]
    files: list[FileChange]


def _to_count(connections: int | None) -> tuple[str, ...]:
    """The parameters that the memory of so many connections depends on. Raises InvalidOption."""
    if connections is None:
        return ()
    if connections < 1:
        raise InvalidOption(f"connections: {connections} is not allowed; 1 or more connections at once")
    return hazards.PARAMETERS


def _includes_ports(settings: Mapping[str, Any]) -> bool:
    return any(isinstance(given, Mapping) and INCLUDE in given for given in settings.values())
