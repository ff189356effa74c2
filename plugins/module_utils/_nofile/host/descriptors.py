# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The processes of a host and how many descriptors each has open (proc_pid_fd(5))."""

from __future__ import annotations

import os
import random

from ..._common.errors import MalformedInput
from ..._formats import proc_cgroup, proc_pid
from ..._host.files import HostFiles
from ..._host.procfs import reason
from ..._tcp.host.ghosts import Ghosts
from ..facts import Held

_SOCKET = "socket:["
# Of a process with more descriptors than this, so many are looked into for ghosts.
LOOKED_AT = 2048


class Descriptors:
    """Reads /proc, each file of a process once; a process that ends meanwhile is passed over.

    After a reading, `lacking` says what could not be had, by what it is: {'processes': {why: how many}}.
    """

    def __init__(self, files: HostFiles, *, ghosts: Ghosts | None = None) -> None:
        self._files = files
        self._ghosts = ghosts or Ghosts()
        # The directory's size is the number of descriptors, for everybody to see, since Linux 6.2.
        self._sized = self._size("self") > 0
        self.lacking: dict[str, dict[str, int]] = {}

    def all(self) -> list[Held]:
        """Every process that can be seen."""
        names = self._files.listdir("/proc")
        if "1" not in names:
            self._lacks("processes", "processes of other users are hidden (hidepid of proc(5))")
        root = proc_cgroup.unit_root(self._cgroup("1"))
        return [held for held in (self._held(name, root) for name in names if name.isdigit()) if held]

    def ghosts(self, pid: int) -> int | None:
        """How many descriptors of it are of TCP sockets that were connected once and are in no state any more.

        An estimate where it has more than LOOKED_AT descriptors; None where it cannot be told.
        """
        place = self._files.locate(f"/proc/{pid}/fd")
        try:
            names = os.listdir(place)
            seen = _some(names)
            sockets = [name for name in seen if _is_socket(f"{place}/{name}")]
            found = sum(self._ghosts.has(pid, int(name), f"{place}/{name}") for name in sockets)
        except (FileNotFoundError, ProcessLookupError):
            return None
        except OSError as error:
            self._lacks("processes.ghosts", reason(error))
            return None
        if len(seen) < len(names):
            self._lacks("processes.ghosts", f"estimated from {LOOKED_AT} descriptors of a process that has more")
        return round(found * len(names) / len(seen)) if found else 0

    def _held(self, pid: str, root: str) -> Held | None:
        try:
            stat, limits = self._read(pid, "stat"), self._read(pid, "limits")
            if not stat or not limits:
                return None
            name, limit = proc_pid.parse(stat).name, proc_pid.open_files(limits)
        except MalformedInput as error:
            self._lacks("processes", str(error))
            return None
        except PermissionError as error:
            self._lacks("processes", reason(error))
            return None
        unit = proc_cgroup.service(self._cgroup(pid), root=root)
        return Held(int(pid), name, unit, self._count(pid), limit)

    def _cgroup(self, pid: str) -> str:
        try:
            return self._read(pid, "cgroup") or ""
        except PermissionError:
            return ""

    def _count(self, pid: str) -> int | None:
        try:
            return self._size(pid) if self._sized else len(os.listdir(self._files.locate(f"/proc/{pid}/fd")))
        except (FileNotFoundError, ProcessLookupError):
            return 0
        except OSError as error:
            self._lacks("processes.descriptors", reason(error))
            return None

    def _size(self, pid: str) -> int:
        try:
            return os.stat(self._files.locate(f"/proc/{pid}/fd")).st_size
        except (FileNotFoundError, ProcessLookupError):
            return 0

    def _read(self, pid: str, file: str) -> str | None:
        """A file of a process; None where it has ended."""
        try:
            return self._files.read_text(f"/proc/{pid}/{file}")
        except ProcessLookupError:
            return None

    def _lacks(self, what: str, why: str) -> None:
        reasons = self.lacking.setdefault(what, {})
        reasons[why] = reasons.get(why, 0) + 1


def _some(names: list[str]) -> list[str]:
    """LOOKED_AT of them by chance: a program may open its sockets in turns, of which every second one were no fair
    share.
    """
    return names if len(names) <= LOOKED_AT else random.sample(names, LOOKED_AT)


def _is_socket(path: str) -> bool:
    try:
        return os.readlink(path).startswith(_SOCKET)
    except FileNotFoundError:
        return False
