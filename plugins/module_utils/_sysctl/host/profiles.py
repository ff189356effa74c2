# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The profiles of kernel parameters on one host: plan to apply or revert them, carry the plan out, look them up."""

from __future__ import annotations

import os.path
import stat
from contextlib import contextmanager
from typing import Any, Iterator, Mapping, Sequence

from ..._common.errors import InvalidOption, UnreadableFile
from ..._common.profile_name import is_profile_name
from ..._host import trial_lock
from ..._host.files import HostFiles
from ..._host.identity import boot_id
from ..._host.sock_diag import SockDiag
from ..._host.writable import WITHOUT_FILES, check
from ..._parameters.write_order import PORT_RANGE
from .. import admit, connection_memory, hazards, journal, planner, profile_files, report
from .. import modules as modules_to_load
from ..journal import State
from ..modules import Module
from ..plan import Plan, Wish
from ..request import INCLUDE
from ..snapshot import Host
from . import namespaces, read
from .apply import Applier, Planned
from .proc_sys import OWN_NETWORK, Network, ProcSys

LOCK_SECONDS = 60.0


class SysctlProfiles:
    """present(), absent() and again() plan; carry_out() does what was planned.

    Hold lock() from planning to the end: a plan is valid only while nothing else changes the host. sock_diag finds
    listeners quickly; without it they are read from /proc. network: whose parameters below net.* are meant.
    """

    def __init__(self, files: HostFiles, sock_diag: SockDiag | None = None, network: Network = OWN_NETWORK) -> None:
        self._files = files
        self._sock_diag = sock_diag
        self._network = network
        self._journal = namespaces.journal_of(files, network)
        self._applier = Applier(files, self._journal, ProcSys(files, network.namespace))

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other runs from changing this host; first clean up after trials, namespaces and runs that ended."""
        with self._journal.lock(seconds=LOCK_SECONDS):
            trial_lock.settle(self._files)
            namespaces.sweep(self._files)
            # /etc and /etc/ufw have files of which lines may be taken over.
            for directory in ("/etc", "/etc/ufw", profile_files.DIRECTORY, modules_to_load.DIRECTORY):
                self._files.sweep(directory)
            yield

    def carry_out(self, planned: Planned) -> Planned:
        """Do what was planned. Raises ApplyFailed if a step is refused, after undoing all steps before it."""
        return self._applier.carry_out(planned)

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
        overrides: frozenset[str] = frozenset(),
    ) -> Planned:
        """Plan that `profile` consists of exactly `settings`, without those whose value is None.

        connections: how many the host must have memory for. modules: to load at boot; None for those of the settings
        that are loaded now. take_over: whether to comment out lines in other files below /etc that override ours at
        boot. overrides: names in `settings` whose values replace those that other profiles request.
        """
        self._network.check(persistent=persistent)
        settings = {name: given for name, given in settings.items() if given is not None}
        if persistent:
            self._files.refuse_irregular(profile_files.path(profile))
        state = self._state()
        names = admit.names_to_read(settings)
        to_read = [*names, *_memory_parameters(connections)]
        host = self._snapshot(to_read, state, with_listeners=_includes_ports(settings))
        wanted = self._modules(profile, names, modules, host, state)
        boot_modules = frozenset(one.name for one in wanted if one.loads_at_boot) if persistent else frozenset()
        earlier = state.profiles[profile].requests if profile in state.profiles else {}
        judged = tuple(admit.admit(settings, host, boot_modules=boot_modules, earlier=earlier))
        wish = Wish(
            profile,
            judged,
            persistent=persistent,
            accept_hazards=accept_hazards,
            connections=connections or 0,
            modules=wanted,
            take_over=take_over,
            overrides=frozenset(setting.name for setting in judged if setting.given_as in overrides),
        )
        return self._checked(self._plan(wish, host, state), hint=WITHOUT_FILES)

    def absent(self, profile: str | None) -> Planned:
        """Plan to revert `profile`; None for every profile that a user can name."""
        state = self._state()
        named = [profile] if profile is not None else filter(is_profile_name, state.profiles)
        wish = Wish(remove=frozenset(named))
        return self._checked(self._plan(wish, self._snapshot([], state), state))

    def again(self, profile: str, recorded: journal.Profile | None = None) -> Planned:
        """Plan to apply a profile of the journal as it was applied last, with all hazards accepted.

        recorded: the profile as an earlier journal had it, by default as this one has it.
        """
        state = self._state()
        recorded = recorded or state.profiles[profile]
        listens = any(request.listeners for request in recorded.requests.values())
        names = list(recorded.requests)
        host = self._snapshot(names, state, with_listeners=listens)
        wish = Wish(
            profile,
            tuple(admit.recall(recorded.requests, host)),
            persistent=recorded.persistent,
            accept_hazards=frozenset(hazards.NAMES),
            modules=self._modules(profile, names, recorded.modules, host, state),
            take_over=recorded.take_over,
        )
        return self._plan(wish, host, state)

    def nothing(self, profile: str) -> Planned:
        """Return a plan that changes nothing."""
        state = self._state()
        plan = Plan(Wish(profile), (), (), state, state, {})
        return Planned(plan, read.take(self._files, [], with_listeners=False, with_all_names=False), [])

    def recorded(self) -> State:
        """Return what the journal holds, without what ended with a reboot."""
        return journal.current(self._state(), boot_id=boot_id(self._files))

    def elsewhere(self) -> list[int]:
        """Return processes in whose network namespaces this host has changes that are still there."""
        return [] if self._network.is_other else namespaces.elsewhere(self._files)

    def unknown_files(self) -> dict[str, str]:
        """Return the drop-ins marked as ours that the journal does not know: profile name by path."""
        known = self._state().profiles
        paths = (f"{profile_files.DIRECTORY}/{name}" for name in self._files.listdir(profile_files.DIRECTORY))
        named = {path: profile_files.profile_of(path) for path in paths}
        found = {path: name for path, name in named.items() if name and name not in known}
        return {
            path: name for path, name in found.items() if self._files.try_text(path)[0].startswith(profile_files.MARK)
        }

    def _state(self) -> State:
        return journal.parse(self._journal.load(journal.DOCUMENT))

    def _plan(self, wish: Wish, host: Host, state: State) -> Planned:
        self._check_read(wish, host, state)
        plan = planner.calculate(wish, host, state)
        for change in plan.files:
            if change.after is not None:
                self._files.refuse_irregular(change.path)
        return Planned(plan, host, report.rows(plan, host))

    def _check_read(self, wish: Wish, host: Host, state: State) -> None:
        """Raise UnreadableFile if a file that the run may change cannot be read: it must not pass for absent."""
        names = {*state.profiles, wish.profile, *wish.remove} - {""}
        ours = [path(name) for name in sorted(names) for path in (profile_files.path, modules_to_load.path)]
        for path in (*ours, *state.taken):
            why = host.programs.unread.get(path) or host.programs.unread.get(os.path.dirname(path))
            found = self._files.lstat(path) if why else None
            # What is not a regular file is left alone, and said so elsewhere.
            if why and (found is None or stat.S_ISREG(found.st_mode)):
                raise UnreadableFile(f"nothing was changed: {why}")

    def _checked(self, planned: Planned, *, hint: str = "") -> Planned:
        """Return the plan if its files can be written, or if it is refused anyway. Raises NotWritable."""
        plan = planned.plan
        if not report.refusals(planned.rows):
            check(self._files, {one.path: one.after for one in plan.files if one.takes_effect}, hint=hint)
            if plan.before != plan.after or plan.changes_anything:
                self._journal.check_writable(size=len(repr(plan.after)))
        return planned

    def _snapshot(self, names: list[str], state: State, *, with_listeners: bool = False) -> Host:
        return read.take(
            self._files,
            planner.names_to_read(names, state),
            with_listeners=with_listeners or PORT_RANGE in names,
            with_all_names=any(map(admit.is_unknown, names)),
            sock_diag=self._sock_diag,
            network=self._network,
        )

    def _modules(
        self, profile: str, names: list[str], asked: Sequence[str] | None, host: Host, state: State
    ) -> tuple[Module, ...]:
        """Return the modules to load at boot: those requested, or else those of the parameters `names`."""
        wanted = modules_to_load.modules_of(names) if asked is None else modules_to_load.canonical_names(asked)
        states = read.module_states(self._files, wanted, kernel=host.kernel)
        if asked is not None:
            return modules_to_load.judge(asked, states, owns_machine=host.owns_machine, kernel=host.kernel)
        earlier = state.profiles[profile].modules if profile in state.profiles else ()
        return modules_to_load.by_default(wanted, states, earlier=earlier, owns_machine=host.owns_machine)


def _memory_parameters(connections: int | None) -> tuple[str, ...]:
    """Return the parameters that the memory of so many connections depends on. Raises InvalidOption."""
    if connections is None:
        return ()
    if connections < 1:
        raise InvalidOption(f"connections: {connections} is not allowed; it must be 1 or more")
    return connection_memory.PARAMETERS


def _includes_ports(settings: Mapping[str, Any]) -> bool:
    return any(isinstance(given, Mapping) and INCLUDE in given for given in settings.values())
