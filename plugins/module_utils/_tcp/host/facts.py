# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The TCP facts of one host, or of one network namespace of it, put together from the subsets asked for."""

from __future__ import annotations

import time
from typing import Any, Iterable

from ..._common.errors import InvalidOption
from ..._formats import tcp_state
from ..._host.namespace import OtherNamespace
from ..._host.netlink import OwnNamespace
from ..._host.procfs import ProcFS
from ..._host.sock_diag import SockDiag
from ..collectors import Listeners
from ..counts import Sockets, growth
from .breakdowns import Breakdowns, NoBreakdowns
from .kernel_limits import TcpLimits
from .sockets import TcpSockets

_BREAKDOWNS = {"ports", "peers", "ephemeral", "queues", "processes"}
_WALKED = {"min", "families", "listeners"} | _BREAKDOWNS
# More listeners than this are told by number: default facts stay small whatever runs on the host.
_LISTENERS = 32


def open_host(pid: int | None) -> TcpHost:
    """This host as the calling process sees it, or as the process `pid` does. Raises InvalidOption: no such process."""
    if pid is None:
        return TcpHost(ProcFS(), OwnNamespace())
    procfs = ProcFS(process=str(pid))
    if not procfs.exists(f"{pid}/net/snmp"):
        raise InvalidOption(f"pid is {pid}, but there is no such process on this host")
    return TcpHost(procfs, OtherNamespace(procfs.locate(f"{pid}/ns/net")))


class TcpHost:
    """Facts are read at each gather(); what cannot be had is None in them, and their `partial` says why."""

    def __init__(
        self,
        procfs: ProcFS,
        namespace: OwnNamespace,
        *,
        sock_diag: SockDiag | None = None,
        release: str | None = None,
    ) -> None:
        self._procfs = procfs
        self._partial: list[dict] = []
        self._limits = TcpLimits(procfs, namespace, self._partial)
        self._sockets = TcpSockets(procfs, sock_diag or SockDiag(namespace), release=release)
        self._inodes: Any = None

    def gather(self, subset: set[str], *, source: str, top: int, sample: float = 0) -> dict:
        """The facts of `subset`; with `sample` two readings so many seconds apart, and `rates` between them.

        Raises NettuneError where `source` forces a way that cannot be gone.
        """
        earlier = self._moving(subset, source, top) if sample else {}
        started = time.monotonic()
        if sample:
            time.sleep(sample)
        self._partial.clear()
        facts = self._reading(subset, source, top)
        if sample:
            facts["rates"] = growth(earlier, facts, seconds=time.monotonic() - started)
        return {**facts, "partial": self._partial}

    def sysctls(self, keys: Iterable[str]) -> dict[str, str]:
        """The running values of kernel parameters, in the namespace asked about; those that are absent are left out."""
        found = {key: self._limits.sysctl_text(f"sysctl.keys.{key}", key) for key in keys}
        return {key: " ".join(text.split()) for key, text in found.items() if text is not None}

    def read_net(self, name: str) -> str | None:
        """The text of a file of /proc/net, as the process asked about sees it; None where it cannot be had."""
        try:
            return self._procfs.read_net(name)
        except OSError:
            return None

    def _moving(self, subset: set[str], source: str, top: int) -> dict:
        """What rates are made of."""
        return self._reading(subset & {"min", "counters", "queues", "processes"}, source, top)

    def _reading(self, subset: set[str], source: str, top: int) -> dict:
        facts: dict = {}
        if subset & _WALKED:
            facts.update(self._walk(subset, source, top))
        if "counters" in subset:
            facts.update(counters=self._limits.counters(), rates=None)
        if "memory" in subset:
            facts.update(self._limits.limits())
        if "conntrack" in subset:
            facts["conntrack"] = self._limits.conntrack()
        return facts

    def _walk(self, subset: set[str], source: str, top: int) -> dict:
        breakdowns = _breakdowns(subset, self._procfs, self._limits, self._inodes)
        collected: dict = {}

        def collectors() -> list:
            if "listeners" in subset:
                collected["listeners"] = Listeners(limit=listeners_limit(top))
            collected.update(breakdowns.collectors())
            return list(collected.values())

        sockets = self._sockets.count(
            source=source, states=states_of(subset), derivable=derivable_of(subset), collectors=collectors
        )
        if self._sockets.why:
            self._limits.note("source", self._sockets.why)
        facts = {**_counts(subset, sockets), "source": self._sockets.source}
        if "listeners" in subset:
            facts["listeners"] = self._listeners(collected["listeners"])
        facts.update(breakdowns.facts(collected, top))
        self._inodes = collected.get("processes")
        return facts

    def _listeners(self, listeners: Listeners) -> list[dict]:
        rows = listeners.rows()
        if self._sockets.source == "procfs":
            self._limits.note("listeners.backlog", "/proc/net/tcp does not show it")
            rows = [{**row, "backlog": None} for row in rows]
        left_out = listeners.total - len(rows)
        if left_out:
            self._limits.note("listeners", f"{left_out} of {listeners.total} with emptier queues are left out")
        return rows


def _breakdowns(subset: set[str], procfs: ProcFS, limits: TcpLimits, earlier: Any) -> NoBreakdowns:
    if not subset & _BREAKDOWNS:
        return NoBreakdowns()
    return Breakdowns(subset, procfs, limits, earlier)


def listeners_limit(top: int) -> int:
    """How many listeners are told of where other lists have at most `top` rows."""
    return max(top, _LISTENERS)


def states_of(subset: set[str]) -> int:
    """Listeners alone are found without a walk past all other sockets."""
    return tcp_state.ALL if subset & _WALKED - {"listeners"} else 1 << tcp_state.LISTEN


def derivable_of(subset: set[str]) -> int:
    """States that need no walk: only messages tell the family of a time-wait socket, and whatever is broken down."""
    if subset & _BREAKDOWNS or not subset & {"min", "families"}:
        return 0
    return 1 << tcp_state.ESTABLISHED | (0 if "families" in subset else 1 << tcp_state.TIME_WAIT)


def _counts(subset: set[str], sockets: Sockets) -> dict:
    facts = sockets.states_fact() if "min" in subset else {}
    if "families" in subset:
        facts["by_family"] = sockets.families_fact()
    return facts
