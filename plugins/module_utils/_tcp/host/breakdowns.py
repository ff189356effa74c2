# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The breakdowns of a walk past all sockets: their collectors, and the facts made from them."""

from __future__ import annotations

from ..._common.errors import MalformedInput
from ..._formats.port_set import parse
from ..._host.procfs import ProcFS, reason
from ..collectors import Inodes, Peers, Ports, Queues
from ..ephemeral import Ephemeral
from ..subsets import BREAKDOWNS
from .kernel_limits import TcpLimits

_SIMPLE = {"ports": Ports, "peers": Peers, "queues": Queues}


class Breakdowns:
    """The breakdowns of one reading. `earlier`: the sockets of the reading before, if `processes` are sampled."""

    def __init__(self, subset: set[str], procfs: ProcFS, limits: TcpLimits, earlier: Inodes | None = None) -> None:
        self._names = sorted(subset & BREAKDOWNS)
        self._earlier = earlier
        self._procfs = procfs
        self._limits = limits
        self._range = (
            limits.sysctl("ephemeral", "net.ipv4.ip_local_port_range", numbers=2) if "ephemeral" in subset else [None]
        )

    def collectors(self) -> dict:
        """Return new collectors by the name of their fact."""
        found = {name: _SIMPLE[name]() for name in self._names if name in _SIMPLE}
        if "processes" in self._names:
            found["processes"] = Inodes()
        if self._range[0] is not None:
            found["ephemeral"] = Ephemeral(*self._range)
        return found

    def facts(self, collected: dict, top: int) -> dict:
        """Return the facts from the collectors, with at most `top` rows in each list; None if not available."""
        makers = {"processes": self._processes, "ephemeral": self._ephemeral}
        facts = {}
        for name in self._names:
            collector = collected.get(name)
            facts[name] = collector and (makers[name](collector, top) if name in makers else collector.fact(top))
            if collector and collector.inexact:
                self._limits.note(name, collector.inexact)
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
            **collector.fact(top, available=available),
        }

    def _processes(self, collector: Inodes, top: int) -> list[dict] | None:
        from .processes import TcpProcesses  # not for default facts: each run compiles what it imports

        try:
            processes = TcpProcesses(self._procfs, earlier=self._earlier)
            rows = processes.rows(collector, top=top)
        except OSError as error:
            self._limits.note("processes", reason(error))
            return None
        if processes.refused:
            plural = "" if processes.refused == 1 else "es"
            reason_ = f"no permission to inspect {processes.refused} process{plural}"
            self._limits.note("processes", reason_, count=processes.refused)
        if processes.no_ghosts:
            self._limits.note("processes.ghosts", processes.no_ghosts)
        return rows
