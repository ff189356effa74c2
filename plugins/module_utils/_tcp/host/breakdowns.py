# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The breakdowns of one walk: what collects them, and the facts they become."""

from __future__ import annotations

from ..._common.errors import MalformedInput
from ..._formats.port_set import parse
from ..._host.procfs import ProcFS, reason
from ..collectors import Ephemeral, Peers, Ports, Queues
from ..tcp_inodes import Inodes
from .facts import NoBreakdowns
from .kernel_limits import TcpLimits

_PLAIN = {"ports": Ports, "peers": Peers, "queues": Queues}


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
        from .tcp_processes import TcpProcesses

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
