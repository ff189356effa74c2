# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The breakdowns of one walk: what collects them, and the facts they become."""

from __future__ import annotations

import os

from ..._common.errors import MalformedInput
from ..._formats.port_set import parse
from ..._formats.proc_cgroup import container, service, unit_root
from ..._formats.proc_pid import open_files
from ..._formats.tcp_state import CLOSE_WAIT, NUMBERS, by_name
from ..._host.procfs import ProcFS, reason
from ..collectors import Ephemeral, Inodes, Peers, Ports, Queues
from .ghosts import Ghosts
from .kernel_limits import TcpLimits

# Whose sockets they are: descriptors of processes (proc_pid_fd(5)) held against the inodes of a dump.

_SOCKET = "socket:["
_MOST_PORTS = 32


class TcpProcesses:
    """The processes with most TCP sockets in the network namespace whose /proc/net `procfs` has.

    Each directory of descriptors is read at most once, and those too small to matter are not: a process with fewer
    descriptors than the last of the top has sockets has fewer sockets. `refused` is the number of processes that may
    not be looked into, `no_ghosts` why ghosts cannot be told. earlier: the sockets of a reading before this.
    """

    def __init__(self, procfs: ProcFS, *, ghosts: Ghosts | None = None, earlier: Inodes | None = None) -> None:
        self._procfs = procfs
        self._earlier = earlier
        self._ghosts = ghosts or Ghosts()
        self._namespace = os.readlink(procfs.locate(f"{procfs.process}/ns/net"))
        self.refused = 0
        self.no_ghosts = ""

    def rows(self, inodes: Inodes, *, top: int) -> list[dict]:
        """{pid, name, unit, container, states, listens, descriptors, nofile, ghosts}, those with most sockets first.

        ghosts are descriptors of TCP sockets that were connected once and are in no state any more. After an earlier
        reading there is `lingering`, too: how many were in CLOSE_WAIT then already.
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
        return [{**row, **self._described(row["pid"], root)} for _sockets, row in found]

    def _candidates(self) -> list[tuple[float, int]]:
        """The processes in the namespace, with the number of sockets that each can have at most."""
        pids = [int(name) for name in os.listdir(self._procfs.locate("")) if name.isdigit()]
        return [(self._descriptors(pid), pid) for pid in pids if self._is_here(pid)]

    def _is_here(self, pid: int) -> bool:
        try:
            return os.readlink(self._procfs.locate(f"{pid}/ns/net")) == self._namespace
        except PermissionError:
            self.refused += 1
        except OSError:
            pass
        return False

    def _descriptors(self, pid: int) -> float:
        """How many it has: the size of their directory since Linux 6.2, before that it takes reading them."""
        try:
            return os.stat(self._procfs.locate(f"{pid}/fd")).st_size or float("inf")
        except OSError:
            return 0

    def _row(self, pid: int, inodes: Inodes) -> dict | None:
        """What one process holds; None where it has ended or may not be looked into."""
        try:
            directory = os.open(self._procfs.locate(f"{pid}/fd"), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            self.refused += isinstance(error, PermissionError)
            return None
        try:
            return self._held(pid, directory, inodes)
        except OSError:
            return None
        finally:
            os.close(directory)

    def _held(self, pid: int, directory: int, inodes: Inodes) -> dict:
        counts, descriptors, ghosts, lingering = [0] * NUMBERS.stop, 0, 0, 0
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
                    counts[inodes.states[inode]] += inodes.share
                    lingering += self._lingering(inode, inodes)
                elif self._is_ghost(pid, entry.name):
                    ghosts += inodes.share
        seen = None if self.no_ghosts else ghosts
        listens = sorted(ports)[:_MOST_PORTS]
        row = {"pid": pid, "states": by_name(counts), "listens": listens, "descriptors": descriptors, "ghosts": seen}
        return {**row, "lingering": {"CLOSE_WAIT": lingering}} if self._earlier else row

    def _lingering(self, inode: int, inodes: Inodes) -> int:
        """For how many sockets this one stands that are in CLOSE_WAIT and were before: the rarer share counts."""
        if self._earlier is None or not inodes.states[inode] == self._earlier.states.get(inode) == CLOSE_WAIT:
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

    def _described(self, pid: int, root: str) -> dict:
        """Who it is and what it may open; None for what cannot be read any more."""
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
    """The inode of a descriptor's socket; None where it is of something else, or closed meanwhile."""
    try:
        link = os.readlink(name, dir_fd=directory)
    except OSError:
        return None
    return int(link[len(_SOCKET) : -1]) if link.startswith(_SOCKET) else None


def _nofile(text: str | None) -> dict | None:
    try:
        return dict(open_files(text)._asdict()) if text else None
    except MalformedInput:
        return None


_PLAIN = {"ports": Ports, "peers": Peers, "queues": Queues}


class NoBreakdowns:
    """Most readings do without breakdowns, and without importing what makes them."""

    def collectors(self) -> dict:
        """New collectors, by the name of their fact."""
        return {}

    def facts(self, _collected: dict, _top: int) -> dict:
        """What the collectors have seen, in lists of at most so many rows."""
        return {}


class Breakdowns(NoBreakdowns):
    """Those of `subset`. What cannot be had is None in facts(), or is said to be no more than estimated."""

    def __init__(self, subset: set[str], procfs: ProcFS, limits: TcpLimits, earlier: Inodes | None = None) -> None:
        self._subset = subset
        self._earlier = earlier
        self._procfs = procfs
        self._limits = limits
        self._range = (
            limits.sysctl("ephemeral", "net.ipv4.ip_local_port_range", numbers=2) if "ephemeral" in subset else []
        )

    def collectors(self) -> dict:
        """New ones, by the name of their fact."""
        found = {name: make() for name, make in _PLAIN.items() if name in self._subset}
        if "processes" in self._subset:
            found["processes"] = Inodes()
        if "ephemeral" in self._subset and self._range[0] is not None:
            found["ephemeral"] = Ephemeral(*self._range)
        return found

    def facts(self, collected: dict, top: int) -> dict:
        """What the collectors have seen, in lists of at most `top` rows."""
        makers = {"processes": self._processes, "ephemeral": self._ephemeral}
        facts = {}
        for name in sorted(self._subset & {*_PLAIN, *makers}):
            collector = collected.get(name)
            facts[name] = collector and (makers[name](collector, top) if name in makers else collector.fact(top))
            if collector and collector.lacking:
                self._limits.note(name, collector.lacking)
        return facts

    def _ephemeral(self, collector: Ephemeral, top: int) -> dict:
        first, last = self._range
        text = self._limits.sysctl_text("ephemeral.reserved", "net.ipv4.ip_local_reserved_ports")
        try:
            reserved = parse(text or "")
        except MalformedInput as error:
            self._limits.note("ephemeral.reserved", str(error))
            text, reserved = None, frozenset()
        ports = range(first, last + 1)
        available = len(ports) - len(reserved.intersection(ports))
        return {
            "range": [first, last],
            "reserved": None if text is None else text.strip().split(",") if text.strip() else [],
            "available": available,
            "busiest": collector.fact(top, available=available),
        }

    def _processes(self, collector: Inodes, top: int) -> list[dict] | None:
        try:
            processes = TcpProcesses(self._procfs, earlier=self._earlier)
            rows = processes.rows(collector, top=top)
        except OSError as error:
            self._limits.note("processes", reason(error))
            return None
        if processes.refused:
            self._limits.note("processes", f"{processes.refused} processes may not be looked into")
        if processes.no_ghosts:
            self._limits.note("processes.ghosts", processes.no_ghosts)
        return rows
