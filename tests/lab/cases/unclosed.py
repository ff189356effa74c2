# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One side has closed, the other does not: it holds descriptors, or leaves the first waiting."""

from __future__ import annotations

from typing import Any

from case import Between, Case, connect

_APP = 8080
_NOFILE = 1024


class CloseWait(Case):
    """A server forgets to close the connections that its clients have closed."""

    finding = "close_wait"
    never = ("keepalive", "keepalive_aggressive", "conntrack_timeouts")
    cured_by = "the application is mended and restarted"

    def begin(self) -> None:
        super().begin()
        self.app = self.puppet(self.host)
        self.app.tell("limit", soft=_NOFILE)

    def sicken(self) -> None:
        self.app.tell("listen", port=_APP, dual=True)
        self.app.tell("serve", port=_APP, manner="leak")
        connect(self.clients, self, {"": 250}, port=_APP)
        self.clients.tell("close", heap="connected")
        self.clients.tell("visit", to=self.host.ipv4, port=_APP, manner="ask", per_second=2)
        self.wait(lambda: self.sockets("state", "close-wait") >= 250, what="250 sockets in CLOSE_WAIT")

    def figures(self) -> dict[str, Any]:
        return {"count": Between(250, self.sockets("state", "close-wait")), "pid": self.app.pid, "nofile": _NOFILE}

    def mend(self) -> None:
        self.app = self.restart(self.app)
        self.app.tell("serve", port=_APP, manner="answer")

    def recovered(self) -> bool:
        return self.sockets("state", "close-wait") < 5


class LeakToTheEnd(Case):
    """A server forgets to close until it has no descriptor left, so that nothing is accepted any more either."""

    quick = False
    finding = "close_wait"
    drags = {"emfile": "close_wait", "accept_queue": "emfile"}
    cured_by = "the application is mended and restarted"

    def begin(self) -> None:
        super().begin()
        self.app = self.puppet(self.host)
        self.app.tell("limit", soft=128)

    def sicken(self) -> None:
        self.app.tell("serve", port=_APP, manner="leak", backlog=16)
        self.clients.tell("visit", to=self.host.ipv4, port=_APP, manner="ask", per_second=40)
        self.wait(lambda: self.app.tell("count")["failures"].get("EMFILE", 0) > 0, what="EMFILE")

    def figures(self) -> dict[str, Any]:
        return {"pid": self.app.pid, "descriptors": 128, "nofile": 128}

    def mend(self) -> None:
        self.app = self.restart(self.app)
        self.app.tell("serve", port=_APP, manner="answer")

    def recovered(self) -> bool:
        return self.sockets("state", "close-wait") < 5


class GhostDescriptors(Case):
    """A server forgets to close, and keepalive or a reset takes the sockets away: nothing but descriptors is left."""

    finding = "ghost_descriptors"
    never = ("keepalive", "keepalive_aggressive")
    cured_by = "the application is mended and restarted"
    settings = {
        "net.ipv4.tcp_keepalive_time": "1",
        "net.ipv4.tcp_keepalive_intvl": "1",
        "net.ipv4.tcp_keepalive_probes": "1",
    }

    def begin(self) -> None:
        super().begin()
        self.app = self.puppet(self.host)

    def sicken(self) -> None:
        user = self.add_users(1)[0]
        self.app.tell("listen", port=_APP, keepalive=True)
        self.app.tell("serve", port=_APP, manner="leak")
        connect(self.clients, self, {user: 100}, port=_APP)
        self.clients.tell("shutdown", heap="connected")
        self.lose_segments()
        self.clients.tell("visit", to=self.host.ipv4, port=_APP, manner="reset", per_second=10)
        self.wait(lambda: self._leaked() > 110 and not self.sockets("state", "close-wait", "dst", user), what="ghosts")

    def _leaked(self) -> int:
        return self.app.tell("count")["heaps"]["accepted"]

    def figures(self) -> dict[str, Any]:
        return {"count": Between(110, self._leaked()), "pid": self.app.pid}

    def mend(self) -> None:
        self.app = self.restart(self.app)
        self.app.tell("serve", port=_APP, manner="answer")


class FinWait2Owned(Case):
    """A server says that it has no more to say, keeps the sockets, and its clients never close."""

    finding = "fin_wait2_owned"
    cured_by = "the application closes what it waits for in vain"

    def begin(self) -> None:
        super().begin()
        self.app = self.puppet(self.host)

    def sicken(self) -> None:
        self.app.tell("serve", port=_APP, manner="hold")
        connect(self.clients, self, {"": 300}, port=_APP)
        self.wait(lambda: self.app.tell("count")["heaps"].get("accepted") == 300, what="300 connections accepted")
        self.app.tell("shutdown", heap="accepted")
        self.wait(lambda: self.sockets("state", "fin-wait-2") >= 300, what="300 sockets in FIN_WAIT2")

    def figures(self) -> dict[str, Any]:
        return {"count": 300, "pid": self.app.pid}

    def mend(self) -> None:
        self.app = self.restart(self.app)
        # They would wait for an orphan's minute, which is another pathology.
        self.clients.tell("close", heap="connected")

    def recovered(self) -> bool:
        return self.sockets("state", "fin-wait-2") < 5


class FinWait2Orphaned(Case):
    """A server closes its connections, its clients never do: the kernel waits for them in its stead."""

    finding = "fin_wait2_orphaned"
    cured_by = (
        "tcp_fin_timeout lowered from 60 to 2 seconds; what waits already keeps its time, so its clients are ended"
    )
    tuning = {"net.ipv4.tcp_fin_timeout": 2}

    def begin(self) -> None:
        super().begin()
        self.app = self.puppet(self.host)

    def sicken(self) -> None:
        self.app.tell("serve", port=_APP, manner="hold")
        connect(self.clients, self, {"": 300}, port=_APP)
        self.wait(lambda: self.app.tell("count")["heaps"].get("accepted") == 300, what="300 connections accepted")
        self.app.tell("close", heap="accepted")
        self.app.tell("serve", port=_APP + 1, manner="close")
        self.clients.tell("visit", to=self.host.ipv4, port=_APP + 1, manner="stay", per_second=30)
        self.wait(lambda: self.sockets("state", "fin-wait-2") >= 300, what="300 sockets in FIN_WAIT2")

    def figures(self) -> dict[str, Any]:
        return {"count": Between(300, self.sockets("state", "fin-wait-2"))}

    def mend(self) -> None:
        for heap in ("connected", "visits"):
            self.clients.tell("close", heap=heap)

    def recovered(self) -> bool:
        return self.sockets("state", "fin-wait-2") < 90
