# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The processes of a host as far as limits go: whose they are, which service is theirs, what they may open."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterable
from typing import NamedTuple

from ..._formats import proc_cgroup, proc_pid
from ..._formats.rlimit import INFINITY, Limit
from ..._host.files import HostFiles
from ..snapshot import Giver, Process

# Daemons that open sessions, by their name in /proc/PID/stat; who comes in through one inherits its limit.
_LOGIN_DAEMONS = frozenset(("sshd", "agetty", "getty", "mingetty", "cron", "crond", "atd", "gdm", "lightdm", "sddm"))
_NOBODY_LOGGED_IN = (None, "4294967295")


class Running(NamedTuple):
    """One line of /proc/PID/stat. start: its field 22."""

    pid: int
    name: str
    parent: int
    start: int


class Processes:
    """The processes of one host. own: the pid of the process that is to change them. prlimit: as in resource."""

    def __init__(
        self, files: HostFiles, *, own: str = "self", prlimit: Callable[..., object] = resource.prlimit
    ) -> None:
        self._files = files
        self._own = own
        self._prlimit = prlimit

    def all(self) -> list[Running]:
        """Every process that can be seen."""
        found = (self.running(int(name)) for name in self._files.listdir("/proc") if name.isdigit())
        return [process for process in found if process is not None]

    def running(self, pid: int | str) -> Running | None:
        """The process as it runs now; None where it has ended."""
        text = self._read(f"/proc/{pid}/stat")
        return None if text is None else Running(*proc_pid.parse(text))

    def of_units(self, everything: Iterable[Running]) -> tuple[Process, ...]:
        """Those of the processes that belong to a service of this host."""
        root = proc_cgroup.unit_root(self._read("/proc/1/cgroup") or "")
        found = []
        for process in everything:
            unit = proc_cgroup.service(self._read(f"/proc/{process.pid}/cgroup") or "", root=root)
            limit = self.limit(process.pid) if unit else None
            if unit is not None and limit is not None:
                ours = self._is_ours(process.pid)
                found.append(Process(process.pid, process.start, process.name, unit, limit, ours))
        return tuple(found)

    def logins(self, everything: Iterable[Running]) -> tuple[Giver, ...]:
        """Who opens sessions here. Where none is to be seen, we stand for them: we came in through one."""
        by_pid = {process.pid: process for process in everything}
        daemons = [process for process in by_pid.values() if process.name in _LOGIN_DAEMONS]
        found = [self.giver(one.pid, one.name) for one in daemons if not self._is_session(one, by_pid)]
        return tuple(dict.fromkeys(filter(None, found))) or (self.own("this session"),)

    def giver(self, pid: int | str, name: str) -> Giver | None:
        """What a process hands on to its children; None where it has ended."""
        limit = self.limit(pid)
        return None if limit is None else Giver(name, limit, self.may_raise(pid))

    def own(self, name: str) -> Giver:
        """What we hand on ourselves."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        return self.giver(self._own, name) or Giver(name, Limit(_count(soft), _count(hard)), self.may_raise())

    def limit(self, pid: int | str) -> Limit | None:
        """RLIMIT_NOFILE of a process; None where it has ended."""
        text = self._read(f"/proc/{pid}/limits")
        return proc_pid.open_files(text) if text else None

    def may_raise(self, pid: int | str | None = None) -> bool:
        """Whether a process has CAP_SYS_RESOURCE, and has it of the machine and not of a user namespace only."""
        status = self._read(f"/proc/{pid or self._own}/status") or ""
        return proc_pid.may_raise_limits(status) and proc_pid.is_initial_map(
            self._read(f"/proc/{pid or self._own}/uid_map")
        )

    def set(self, process: Process, limit: Limit) -> bool:
        """Set RLIMIT_NOFILE of a process by prlimit(2); False where it has ended.

        Raises PermissionError and ValueError.
        """
        now = self.running(process.pid)
        if now is None or now.start != process.start:
            return False
        try:
            self._prlimit(process.pid, resource.RLIMIT_NOFILE, (_rlim(limit.soft), _rlim(limit.hard)))
        except ProcessLookupError:
            return False
        return True

    def _is_session(self, process: Running, by_pid: dict[int, Running]) -> bool:
        """Whether it is a daemon's process for one session: pam_loginuid has marked it, or its parent is the daemon."""
        parent = by_pid.get(process.parent)
        if parent is not None and parent.name in _LOGIN_DAEMONS:
            return True
        return self._read(f"/proc/{process.pid}/loginuid") not in _NOBODY_LOGGED_IN

    def _is_ours(self, pid: int) -> bool:
        """Whether prlimit(2) lets us at it without a capability: its user and group ids, all of them, are ours."""
        theirs, ours = (proc_pid.ids(self._read(f"/proc/{which}/status") or "") for which in (pid, self._own))
        return theirs is not None and ours is not None and theirs == ours.all_as_real()

    def _read(self, path: str) -> str | None:
        """A file of a process; None where it has ended, or hides it from us."""
        try:
            return self._files.read_text(path)
        except (ProcessLookupError, PermissionError):
            return None


def _rlim(number: int) -> int:
    return resource.RLIM_INFINITY if number >= INFINITY else number


def _count(number: int) -> int:
    return INFINITY if number == resource.RLIM_INFINITY else number
