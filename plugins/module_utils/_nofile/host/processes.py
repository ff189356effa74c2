# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The processes of a host and their limits: their service, who may change them, and setting them by prlimit(2)."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet

from ..._formats import pam_stack, proc_cgroup, proc_pid
from ..._formats.proc_pid import Stat
from ..._formats.rlimit import INFINITY, Limit
from ..._host.files import HostFiles
from ..snapshot import Parent, Process

# /proc/PID/loginuid of a process outside sessions; None if the kernel does not support it.
_NO_SESSION = (None, "4294967295")


class Processes:
    """The processes of one host.

    own: the pid of the process that sets the limits. prlimit: like resource.prlimit.
    """

    def __init__(
        self, files: HostFiles, *, own: str = "self", prlimit: Callable[..., object] = resource.prlimit
    ) -> None:
        self._files = files
        self._own = own
        self._prlimit = prlimit

    def all(self) -> list[Stat]:
        """Return every visible process."""
        found = (self.find(int(name)) for name in self._files.listdir("/proc") if name.isdigit())
        return [process for process in found if process is not None]

    def find(self, pid: int | str) -> Stat | None:
        """Return a process, or None if it has ended."""
        text = self._read(f"/proc/{pid}/stat")
        return None if text is None else proc_pid.parse_stat(text)

    def of_units(self, running: Iterable[Stat]) -> tuple[Process, ...]:
        """Return those of the running processes that belong to a service of this host."""
        root = proc_cgroup.unit_root(self._read("/proc/1/cgroup") or "")
        found = []
        for process in running:
            unit = proc_cgroup.service(self._read(f"/proc/{process.pid}/cgroup") or "", root=root)
            limit = self.limit(process.pid) if unit else None
            if unit is not None and limit is not None:
                ours = self._is_ours(process.pid)
                found.append(Process(process.pid, process.start, process.name, unit, limit, ours))
        return tuple(found)

    def counted(self, processes: Iterable[Process], pids: AbstractSet[int]) -> tuple[Process, ...]:
        """Return the processes, with the descriptors of those with one of `pids` counted."""
        return tuple(
            one._replace(descriptors=self._descriptors(one.pid)) if one.pid in pids else one for one in processes
        )

    def _descriptors(self, pid: int) -> int | None:
        try:
            return len(self._files.listdir(f"/proc/{pid}/fd"))
        except (ProcessLookupError, PermissionError):
            return None

    def login_daemons(self, running: Iterable[Stat]) -> tuple[Parent, ...]:
        """Return the processes that open sessions. If none is visible, that is our own: we run in such a session."""
        by_pid = {process.pid: process for process in running}
        daemons = [one for one in by_pid.values() if one.name in pam_stack.DAEMONS and self._is_of_root(one.pid)]
        found = [self.parent(one.pid, one.name) for one in daemons if not self._is_session(one, by_pid)]
        return tuple(dict.fromkeys(filter(None, found))) or (self.own("this session"),)

    def parent(self, pid: int | str, name: str) -> Parent | None:
        """Return what the children of a process inherit, or None if it has ended."""
        limit = self.limit(pid)
        return None if limit is None else Parent(name, limit, self.may_raise(pid))

    def own(self, name: str) -> Parent:
        """Return what our own children inherit."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        return self.parent(self._own, name) or Parent(name, Limit(_count(soft), _count(hard)), self.may_raise())

    def limit(self, pid: int | str) -> Limit | None:
        """Return RLIMIT_NOFILE of a process, or None if it has ended."""
        text = self._read(f"/proc/{pid}/limits")
        return proc_pid.open_files(text) if text else None

    def may_raise(self, pid: int | str | None = None) -> bool:
        """Return whether a process has CAP_SYS_RESOURCE in the initial user namespace. The default is our own."""
        status = self._read(f"/proc/{pid or self._own}/status") or ""
        return proc_pid.may_raise_limits(status) and proc_pid.is_initial_map(
            self._read(f"/proc/{pid or self._own}/uid_map")
        )

    def set(self, process: Process, limit: Limit) -> bool:
        """Set RLIMIT_NOFILE of a process. Returns False if it has ended.

        Raises PermissionError and ValueError.
        """
        now = self.find(process.pid)
        if now is None or now.start != process.start:
            return False
        try:
            self._prlimit(process.pid, resource.RLIMIT_NOFILE, (_rlim(limit.soft), _rlim(limit.hard)))
        except ProcessLookupError:
            return False
        return True

    def _is_session(self, process: Stat, by_pid: dict[int, Stat]) -> bool:
        """Return whether this is a daemon's process for one session: its parent is a daemon, or it has a loginuid."""
        parent = by_pid.get(process.parent)
        if parent is not None and parent.name in pam_stack.DAEMONS:
            return True
        return self._read(f"/proc/{process.pid}/loginuid") not in _NO_SESSION

    def _is_of_root(self, pid: int) -> bool:
        """Return whether the real user of a process is root. Any user can give a process the name of a daemon."""
        found = proc_pid.ids(self._read(f"/proc/{pid}/status") or "")
        return found is not None and found.uids[0] == 0

    def _is_ours(self, pid: int) -> bool:
        """Return whether prlimit(2) needs no capability: all user and group ids of the process are ours."""
        theirs, ours = (proc_pid.ids(self._read(f"/proc/{which}/status") or "") for which in (pid, self._own))
        return theirs is not None and ours is not None and theirs == ours.all_as_real()

    def _read(self, path: str) -> str | None:
        """Return a file of a process, or None if the process has ended or the file is hidden."""
        try:
            return self._files.read_text(path)
        except (ProcessLookupError, PermissionError):
            return None


def _rlim(number: int) -> int:
    return resource.RLIM_INFINITY if number >= INFINITY else number


def _count(number: int) -> int:
    return INFINITY if number == resource.RLIM_INFINITY else number
