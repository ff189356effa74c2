# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gather the TCP facts of a host, or of one of its network namespaces."""

from __future__ import annotations

import time
from typing import Any, Iterable

from ..._common.errors import InvalidOption
from ..._host.namespace import OtherNamespace
from ..._host.netlink import OwnNamespace
from ..._host.procfs import ProcFS
from ..._host.sock_diag import SockDiag
from .. import subsets
from ..collectors import Listeners
from ..counts import Sockets
from ..rates import rates_of
from .breakdowns import Breakdowns
from .kernel_limits import TcpLimits
from .sockets import TcpSockets

# The fact `listeners` has at most this many rows, so that default facts stay small on any host.
_LISTENERS = 32


def open_host(pid: int | None) -> TcpHost:
    """Return this host as the process `pid` sees it, or as this process does. Raises InvalidOption: no such process."""
    if pid is None:
        return TcpHost(ProcFS(), OwnNamespace())
    procfs = ProcFS(process=str(pid))
    if not procfs.exists(f"{pid}/net/snmp"):
        raise InvalidOption(f"pid is {pid}, but there is no such process on this host")
    return TcpHost(procfs, OtherNamespace(procfs.locate(f"{pid}/ns/net")))


def stamped(facts: dict) -> dict:
    """Return the facts with the time in UTC, as they may be kept in a cache."""
    return {"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), **facts}


class TcpHost:
    """Reads the facts at each gather(). Facts that are not available are None, with a {what, reason} in `partial`."""

    def __init__(
        self,
        procfs: ProcFS,
        namespace: OwnNamespace,
        *,
        sock_diag: SockDiag | None = None,
        release: str | None = None,
    ) -> None:
        self._procfs = procfs
        self.namespace = namespace
        self._partial: list[dict] = []
        self._limits = TcpLimits(procfs, namespace, self._partial)
        self._sockets = TcpSockets(procfs, sock_diag or SockDiag(namespace), release=release)
        self._inodes: Any = None

    def gather(self, subset: set[str], *, source: str, top: int, sample: float = 0) -> dict:
        """Return the facts of the subsets; with `sample`, take two readings that many seconds apart and add `rates`.

        Raises NettuneError if `source` asks for a way that is not available.
        """
        earlier = self._reading(subset & subsets.RATED, source, top) if sample else {}
        started = time.monotonic()
        if sample:
            time.sleep(sample)
        self._partial.clear()
        facts = self._reading(subset, source, top)
        if sample:
            facts["rates"] = rates_of(earlier, facts, seconds=time.monotonic() - started)
        return {**facts, "partial": self._partial}

    def sysctls(self, keys: Iterable[str]) -> dict[str, str]:
        """Return the running values of kernel parameters in the namespace, without absent ones."""
        found = {key: self._limits.sysctl_text(f"sysctl.keys.{key}", key) for key in keys}
        return {key: " ".join(text.split()) for key, text in found.items() if text is not None}

    def read_net(self, name: str) -> str | None:
        """Return the text of a file of the namespace's /proc/net, or None if it cannot be read."""
        try:
            return self._procfs.read_net(name)
        except OSError:
            return None

    def _reading(self, subset: set[str], source: str, top: int) -> dict:
        facts: dict = {}
        if subsets.states_of(subset)[0]:
            facts.update(self._walk(subset, source, top))
        if "counters" in subset:
            facts.update(counters=self._limits.counters(), rates=None)
        if "memory" in subset:
            facts.update(self._limits.limits())
        if "conntrack" in subset:
            facts["conntrack"] = self._limits.conntrack()
        if "addresses" in subset:
            from .addresses import own_addresses  # not for default facts: each run compiles what it imports

            facts["addresses"] = own_addresses(self.namespace, self._limits)
        return facts

    def _walk(self, subset: set[str], source: str, top: int) -> dict:
        """Return the facts about sockets, for which they are walked past once."""
        breakdowns = Breakdowns(subset, self._procfs, self._limits, self._inodes)
        collected: dict = {}

        def collectors() -> list:
            if "listeners" in subset:
                collected["listeners"] = Listeners(limit=max(top, _LISTENERS))
            collected.update(breakdowns.collectors())
            return list(collected.values())

        states, walked = subsets.states_of(subset)
        sockets = self._sockets.count(source=source, states=states, walked=walked, collectors=collectors)
        if self._sockets.reason:
            self._limits.note("source", self._sockets.reason)
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


def _counts(subset: set[str], sockets: Sockets) -> dict:
    facts = sockets.states_fact() if "min" in subset else {}
    if "families" in subset:
        facts["by_family"] = sockets.families_fact()
    return facts
