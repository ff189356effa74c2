# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The open descriptors of each process of a host (proc_pid_fd(5))."""

from __future__ import annotations

import os
import random

from ..._common.errors import MalformedInput
from ..._formats import proc_cgroup, proc_pid
from ..._host.files import HostFiles
from ..._host.procfs import reason
from ..._tcp.host.ghosts import Ghosts
from ..open_files import OpenFiles

_SOCKET = "socket:["
# How many descriptors of one process are inspected for ghosts.
INSPECTED = 2048


class Descriptors:
    """Reads the processes in /proc, each file once. A process that ends meanwhile is skipped.

    After a reading, `unreadable` has what could not be read: {'processes': {reason: how many}}.
    """

    def __init__(self, files: HostFiles, *, ghosts: Ghosts | None = None) -> None:
        self._files = files
        self._ghosts = ghosts or Ghosts()
        # Since Linux 6.2 the size of the directory is the number of descriptors, readable without root.
        self._size_is_count = self._size("self") > 0
        self.unreadable: dict[str, dict[str, int]] = {}

    def all(self) -> list[OpenFiles]:
        """Return every visible process."""
        names = self._files.listdir("/proc")
        if "1" not in names:
            self._note("processes", "processes of other users are hidden (hidepid, see proc(5))")
        root = proc_cgroup.unit_root(self._cgroup("1"))
        return [process for process in (self._process(name, root) for name in names if name.isdigit()) if process]

    def ghosts(self, pid: int) -> int | None:
        """Return how many descriptors of a process are TCP sockets that were connected and have no state any more.

        An estimate if it has more than INSPECTED descriptors; None if unknown.
        """
        directory = self._files.locate(f"/proc/{pid}/fd")
        try:
            names = os.listdir(directory)
            sample = _sample(names)
            sockets = [name for name in sample if _is_socket(f"{directory}/{name}")]
            found = sum(self._ghosts.has(pid, int(name), f"{directory}/{name}") for name in sockets)
        except (FileNotFoundError, ProcessLookupError):
            return None
        except OSError as error:
            self._note("processes.ghosts", reason(error))
            return None
        if len(sample) < len(names):
            self._note("processes.ghosts", f"estimated from {INSPECTED} descriptors of a process that has more")
        return round(found * len(names) / len(sample)) if found else 0

    def _process(self, pid: str, root: str) -> OpenFiles | None:
        try:
            stat, limits = self._read(pid, "stat"), self._read(pid, "limits")
            if not stat or not limits:
                return None
            name, limit = proc_pid.parse_stat(stat).name, proc_pid.open_files(limits)
        except MalformedInput as error:
            self._note("processes", str(error))
            return None
        except PermissionError as error:
            self._note("processes", reason(error))
            return None
        unit = proc_cgroup.service(self._cgroup(pid), root=root)
        return OpenFiles(int(pid), name, unit, self._count(pid), limit)

    def _cgroup(self, pid: str) -> str:
        try:
            return self._read(pid, "cgroup") or ""
        except PermissionError:
            return ""

    def _count(self, pid: str) -> int | None:
        try:
            return self._size(pid) if self._size_is_count else len(os.listdir(self._files.locate(f"/proc/{pid}/fd")))
        except (FileNotFoundError, ProcessLookupError):
            return 0
        except OSError as error:
            self._note("processes.descriptors", reason(error))
            return None

    def _size(self, pid: str) -> int:
        try:
            return os.stat(self._files.locate(f"/proc/{pid}/fd")).st_size
        except (FileNotFoundError, ProcessLookupError):
            return 0

    def _read(self, pid: str, file: str) -> str | None:
        """Return a file of a process, None if the process has ended."""
        try:
            return self._files.read_text(f"/proc/{pid}/{file}")
        except ProcessLookupError:
            return None

    def _note(self, what: str, text: str) -> None:
        reasons = self.unreadable.setdefault(what, {})
        reasons[text] = reasons.get(text, 0) + 1


def _sample(names: list[str]) -> list[str]:
    """Return INSPECTED names at random. Programs open sockets in patterns, so every n-th is no fair sample."""
    return names if len(names) <= INSPECTED else random.sample(names, INSPECTED)


def _is_socket(path: str) -> bool:
    try:
        return os.readlink(path).startswith(_SOCKET)
    except FileNotFoundError:
        return False
