# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""TIME_WAIT where it does harm: ports run out, or the kernel has no room for it."""

from __future__ import annotations

from typing import Any

from case import PORT, Between, Case

_PORTS = 200
_BUCKETS = 150


class PortExhaustion(Case):
    """A proxy opens so many short connections to one backend that no port is left to open one from."""

    finding = "port_exhaustion"
    cured_by = "a wider ip_local_port_range"
    settings = {"net.ipv4.ip_local_port_range": f"40000 {40000 + _PORTS - 1}"}
    tuning = {"net.ipv4.ip_local_port_range": "10000 60999"}

    def begin(self) -> None:
        self.backend, self.proxy = self.puppet(self.peer), self.puppet(self.host)
        self.backend.tell("serve", port=PORT, manner="answer once")
        # Kept until the backend closes: TIME_WAIT is the backend's.
        self.proxy.tell("visit", to=self.peer.ipv4, port=PORT, manner="read", per_second=5)

    def sicken(self) -> None:
        self.proxy.tell("rest")
        self.backend.tell("rest")
        self.backend.tell("serve", port=PORT, manner="answer")
        self.proxy.tell("visit", to=self.peer.ipv4, port=PORT, manner="ask", per_second=100)
        self.wait(lambda: self._refused() > 0, what="EADDRNOTAVAIL")

    def _refused(self) -> int:
        return self.proxy.tell("count")["failures"].get("EADDRNOTAVAIL", 0)

    def figures(self) -> dict[str, Any]:
        return {
            "used": Between(_PORTS - 2, _PORTS),
            "available": _PORTS,
            "source": self.host.ipv4,
            "destination": self.peer.ipv4,
            "port": PORT,
            "mostly_time_wait": True,
        }

    def recovered(self) -> bool:
        before = self._refused()
        self.wait(lambda: self.sockets("state", "time-wait") > _PORTS + 50, what="connections from the new ports")
        return self._refused() == before


class PortLeak(Case):
    """A proxy forgets to close what its backend has closed, and with the connections it keeps their ports."""

    quick = False
    finding = "close_wait"
    drags = {"port_exhaustion": "close_wait"}
    cured_by = "the proxy is mended and restarted"
    settings = {"net.ipv4.ip_local_port_range": f"40000 {40000 + _PORTS - 1}"}

    def begin(self) -> None:
        self.backend, self.proxy = self.puppet(self.peer), self.puppet(self.host)
        self.backend.tell("serve", port=PORT, manner="answer once")
        self.proxy.tell("visit", to=self.peer.ipv4, port=PORT, manner="read", per_second=5)

    def sicken(self) -> None:
        self.backend.tell("serve", port=8080, manner="close")
        self.proxy.tell("visit", to=self.peer.ipv4, port=8080, manner="stay", per_second=50)
        self.wait(lambda: self.proxy.tell("count")["failures"].get("EADDRNOTAVAIL", 0) > 0, what="EADDRNOTAVAIL")

    def figures(self) -> dict[str, Any]:
        return {"count": _PORTS, "pid": self.proxy.pid}

    def mend(self) -> None:
        self.proxy = self.restart(self.proxy)
        self.proxy.tell("visit", to=self.peer.ipv4, port=8080, manner="read", per_second=5)


class TwOverflow(Case):
    """A server closes more connections a minute than the kernel keeps in TIME_WAIT, and drops what is too many."""

    finding = "tw_overflow"
    cured_by = "a larger tcp_max_tw_buckets"
    settings = {"net.ipv4.tcp_max_tw_buckets": str(_BUCKETS)}
    tuning = {"net.ipv4.tcp_max_tw_buckets": {"at_least": 262144}}

    def begin(self) -> None:
        super().begin()
        self.app = self.puppet(self.host)
        self.app.tell("serve", port=8080, manner="answer once")

    def sicken(self) -> None:
        self.clients.tell("visit", to=self.host.ipv4, port=8080, manner="read", per_second=60)
        self.wait(lambda: self.sockets("state", "time-wait") >= _BUCKETS, what="full buckets")

    def figures(self) -> dict[str, Any]:
        return {"count": Between(_BUCKETS - 5, _BUCKETS + 1), "max": _BUCKETS, "side": "server"}

    def recovered(self) -> bool:
        return self.sockets("state", "time-wait") > _BUCKETS + 30


class Paws(Case):
    """Behind a NAT, connections whose timestamps look old are dropped, as tcp_tw_recycle is on."""

    finding = "paws"

    @classmethod
    def why_not(cls) -> str:
        return "tcp_tw_recycle left the kernel with Linux 4.12, and nothing else makes this pathology"
