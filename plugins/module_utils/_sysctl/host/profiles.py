# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""All profiles of kernel parameters on one host, in whichever network namespace: applied, taken back, looked up."""

from __future__ import annotations

from ..._common.profile_name import is_profile_name
from ..._host import trial_lock
from ..._host.files import HostFiles
from ..._host.sock_diag import SockDiag
from .. import admit, dropin, hazards, journal
from ..journal import State
from ..plan import Plan, Wish
from . import namespaces, read
from .apply import Planned, SysctlPlans
from .proc_sys import HERE, Network


class SysctlProfiles(SysctlPlans):
    """present() and absent() plan; carry_out() does what was planned. Hold lock() from planning to the end."""

    def __init__(self, files: HostFiles, sock_diag: SockDiag | None = None, network: Network = HERE) -> None:
        super().__init__(files, namespaces.journal_of(files, network), sock_diag=sock_diag, network=network)

    def absent(self, profile: str | None) -> Planned:
        """Plan that `profile`, or every one that can be named where it is None, is taken back."""
        state = self._state()
        named = [profile] if profile is not None else filter(is_profile_name, state.profiles)
        wish = Wish(remove=frozenset(named))
        return self._plan(wish, self._snapshot([], state), state)

    def elsewhere(self) -> list[int]:
        """Processes in whose network namespaces this host has changed something that is still there."""
        found = namespaces.elsewhere(self._files, boot_id=read.boot_id(self._files))
        return [] if self._network.is_other else found

    def recorded(self) -> State:
        """What the journal holds, less what a reboot has taken back."""
        return journal.current(self._state(), boot_id=read.boot_id(self._files))

    def strangers(self) -> dict[str, str]:
        """Drop-ins that say they are ours, of which no journal knows: the profile that their name tells, by path."""
        known = self._state().profiles
        paths = (f"{dropin.DIRECTORY}/{name}" for name in self._files.listdir(dropin.DIRECTORY))
        named = {path: dropin.profile_of(path) for path in paths}
        found = {path: name for path, name in named.items() if name and name not in known}
        return {
            path: name for path, name in found.items() if (self._files.read_text(path) or "").startswith(dropin.MARK)
        }

    def again(self, profile: str) -> Planned:
        """Plan that a profile of the journal is in force as it was applied last, whatever was accepted for it then."""
        state = self._state()
        recorded = state.profiles[profile]
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
        """Plan nothing."""
        state = self._state()
        plan = Plan(Wish(profile), (), (), state, state, {})
        return Planned(plan, read.take(self._files, [], with_listeners=False, with_all_names=False), [])

    def _meet(self) -> None:
        """What a trial has left is put back, and namespaces that are gone are forgotten."""
        trial_lock.settle(self._files)
        namespaces.sweep(self._files, boot_id=read.boot_id(self._files))
