# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The breakdown by process: match the descriptors of processes (proc_pid_fd(5)) with the inodes of a dump."""

from __future__ import annotations

import os

from ..._common.errors import MalformedInput
from ..._common.text import without_prefix
from ..._formats.inet_diag import INODE_BITS
from ..._formats.proc_cgroup import container, service, unit_root
from ..._formats.proc_pid import open_files
from ..._formats.tcp_state import CLOSE_WAIT, FIN_WAIT2, NUMBERS, by_name
from ..._host.procfs import ProcFS, reason
from ..collectors import Inodes
from .ghosts import Ghosts

_SOCKET = "socket:["
_MOST_PORTS = 32
# The states in which a socket should not stay, with their names.
_LINGERING = {CLOSE_WAIT: "CLOSE_WAIT", FIN_WAIT2: "FIN_WAIT2"}


class TcpProcesses:
    """Finds the processes with most TCP sockets in the network namespace of `procfs.process`.

    Each directory of descriptors is read at most once. A process with fewer descriptors than the last of the top has
    sockets is skipped. `earlier`: the sockets of an earlier reading. `refused` is the number of processes that may not
    be inspected, `no_ghosts` the reason why ghosts are unknown, or "".
    """

    def __init__(self, procfs: ProcFS, *, ghosts: Ghosts | None = None, earlier: Inodes | None = None) -> None:
        self._procfs = procfs
        self._earlier = earlier
        self._ghosts = ghosts or Ghosts()
        self._namespace = os.readlink(procfs.locate(f"{procfs.process}/ns/net"))
        self.refused = 0
        self.no_ghosts = ""

    def rows(self, inodes: Inodes, *, top: int) -> list[dict]:
        """Return at most `top` rows, the processes with most sockets first.

        A row is {pid, name, unit, container, states, unread, listens, descriptors, nofile, ghosts}. After an earlier
        reading, `lingering` tells how many sockets were in CLOSE_WAIT, and in FIN_WAIT2, at both readings. Raises
        OSError if /proc cannot be read.
        """
        found: list[tuple[int, dict]] = []
        for most, pid in sorted(self._candidates(), key=lambda candidate: -candidate[0]):
            if len(found) >= top and most <= found[-1][0]:
                break
            row = self._row(pid, inodes)
            sockets = sum(row["states"].values()) + (row["ghosts"] or 0) if row else 0
            if row and sockets:
                found = sorted([*found, (sockets, row)], key=lambda item: (-item[0], item[1]["pid"]))[:top]
        root = unit_root(self._procfs.read_text("1/cgroup") or "")
        return [{**row, **self._identity(row["pid"], root)} for _sockets, row in found]

    def _candidates(self) -> list[tuple[float, int]]:
        """Return (most sockets it can have, pid) for each process in the namespace."""
        pids = [int(name) for name in os.listdir(self._procfs.locate("")) if name.isdigit()]
        return [(self._descriptors(pid), pid) for pid in pids if self._is_in_namespace(pid)]

    def _is_in_namespace(self, pid: int) -> bool:
        try:
            return os.readlink(self._procfs.locate(f"{pid}/ns/net")) == self._namespace
        except PermissionError:
            self.refused += 1
        except OSError:
            pass
        return False

    def _descriptors(self, pid: int) -> float:
        """Return the number of descriptors. Since Linux 6.2 it is the size of the directory; else it is unknown."""
        try:
            return os.stat(self._procfs.locate(f"{pid}/fd")).st_size or float("inf")
        except OSError:
            return 0

    def _row(self, pid: int, inodes: Inodes) -> dict | None:
        """Return the row of a process, or None if it has ended or may not be inspected."""
        try:
            directory = os.open(self._procfs.locate(f"{pid}/fd"), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            self.refused += isinstance(error, PermissionError)
            return None
        try:
            return self._sockets_of(pid, directory, inodes)
        except OSError:
            return None
        finally:
            os.close(directory)

    def _sockets_of(self, pid: int, directory: int, inodes: Inodes) -> dict:
        """Return {pid, states, unread, listens, descriptors, ghosts}, and lingering after an earlier reading."""
        counts, descriptors, ghosts, unread = [0] * NUMBERS.stop, 0, 0, 0
        lingering = dict.fromkeys(_LINGERING.values(), 0)
        ports: set[int] = set()
        with os.scandir(directory) as entries:
            for entry in entries:
                descriptors += 1
                inode = _inode(entry.name, directory)
                if inode in inodes.listens:
                    ports.add(inodes.listens[inode])
                if inode is None or not inodes.has(inode):
                    continue
                if inode in inodes.states:
                    state = inodes.states[inode]
                    counts[state] += inodes.share
                    unread += inodes.share if inode in inodes.unread else 0
                    if state in _LINGERING:
                        lingering[_LINGERING[state]] += self._lingering(inode, inodes)
                elif self._is_ghost(pid, entry.name):
                    ghosts += inodes.share
        known_ghosts = None if self.no_ghosts else ghosts
        listens = sorted(ports)[:_MOST_PORTS]
        row = {
            "pid": pid,
            "states": by_name(counts),
            "unread": unread,
            "listens": listens,
            "descriptors": descriptors,
            "ghosts": known_ghosts,
        }
        return {**row, "lingering": lingering} if self._earlier else row

    def _lingering(self, inode: int, inodes: Inodes) -> int:
        """Return the number of sockets that this one represents if its state was the same before, else 0."""
        if self._earlier is None or inodes.states[inode] != self._earlier.states.get(inode):
            return 0
        return max(inodes.share, self._earlier.share)

    def _is_ghost(self, pid: int, descriptor: str) -> bool:
        if self.no_ghosts:
            return False
        try:
            return self._ghosts.has(pid, int(descriptor), self._procfs.locate(f"{pid}/fd/{descriptor}"))
        except OSError as error:
            self.no_ghosts = reason(error)
            return False

    def _identity(self, pid: int, root: str) -> dict:
        """Return {name, unit, container, nofile}; a value that can no longer be read is None."""
        name, cgroup = self._read(pid, "comm"), self._read(pid, "cgroup") or ""
        return {
            "name": name and name.rstrip("\n"),
            "unit": service(cgroup, root=root),
            "container": container(cgroup, root=root),
            "nofile": _nofile(self._read(pid, "limits")),
        }

    def _read(self, pid: int, file: str) -> str | None:
        try:
            return self._procfs.read_text(f"{pid}/{file}")
        except OSError:
            return None


def _inode(name: str, directory: int) -> int | None:
    """Return the inode of a descriptor's socket, or None if it is not a socket or closed meanwhile.

    Of inode numbers that are larger, sock_diag(7) reports the lower 32 bits only, so this returns those.
    """
    try:
        link = os.readlink(name, dir_fd=directory)
    except OSError:
        return None
    return int(without_prefix(link, _SOCKET)[:-1]) & INODE_BITS if link.startswith(_SOCKET) else None


def _nofile(text: str | None) -> dict | None:
    try:
        return dict(open_files(text)._asdict()) if text else None
    except MalformedInput:
        return None
