# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts that are busy and well: whatever is found there is a false alarm."""

from __future__ import annotations

from case import NOBODY, PORT, Case, connect

_APP = 8080


class BusyTimeWait(Case):
    """A server closes its connections first, and has more than a thousand in TIME_WAIT."""

    def sicken(self) -> None:
        app = self.puppet(self.host)
        app.tell("serve", port=_APP, manner="answer once", backlog=1024)
        self.clients.tell("visit", to=self.host.ipv4, port=_APP, manner="read", per_second=250)
        self.wait(lambda: self.sockets("state", "time-wait") > 1000, what="1000 sockets in TIME_WAIT")


class BusyProxy(Case):
    """A proxy opens many short connections, its ports wait for a minute each, and there are enough of them."""

    quick = False

    def begin(self) -> None:
        super().begin()
        self.puppet(self.peer).tell("serve", port=PORT, manner="answer", backlog=1024)

    def sicken(self) -> None:
        self.puppet(self.host).tell("visit", to=self.peer.ipv4, port=PORT, manner="ask", per_second=250)
        self.wait(lambda: self.sockets("state", "time-wait") > 1000, what="1000 ports in TIME_WAIT")


class BusyBurst(Case):
    """A burst fills three quarters of a backlog, and all of it is accepted a moment later."""

    def sicken(self) -> None:
        self.app = self.puppet(self.host)
        self.app.tell("listen", port=_APP, backlog=128)
        connect(self.clients, self, {"": 96}, port=_APP)


class BusyChat(Case):
    """Many connections are established and say little, the server reads from all of them and keepalive is on."""

    def sicken(self) -> None:
        app = self.puppet(self.host)
        app.tell("listen", port=_APP, backlog=1024, keepalive=True)
        app.tell("serve", port=_APP, manner="answer")
        connect(self.clients, self, {"": 1000}, port=_APP)


class BusyDescriptors(Case):
    """A process has four fifths of the descriptors that it may have, and needs no more."""

    def sicken(self) -> None:
        app = self.puppet(self.host)
        app.tell("limit", soft=1000)
        app.tell("serve", port=_APP, manner="answer")
        connect(self.clients, self, {"": 300}, port=_APP)
        app.tell("open", number=800)


class BusyClosing(Case):
    """A slow application closes its connections half a second after its clients: there is always some CLOSE_WAIT."""

    def sicken(self) -> None:
        app = self.puppet(self.host)
        app.tell("serve", port=_APP, manner="close late")
        self.clients.tell("visit", to=self.host.ipv4, port=_APP, manner="ask", per_second=100)
        self.wait(lambda: self.sockets("state", "close-wait") > 30, what="some CLOSE_WAIT")


class BusyPool(Case):
    """An application keeps a hundred connections to its database in a pool, and uses few of them at this hour."""

    quick = False

    def sicken(self) -> None:
        self.puppet(self.peer).tell("serve", port=PORT, manner="answer")
        self.puppet(self.host).tell("connect", to=self.peer.ipv4, port=PORT, sources={"": 100})


class BusyUploads(Case):
    """Clients send faster than a server reads: there are always data that wait, and always some that are read."""

    # Short queues, so that reading shows at once.
    settings = {"net.ipv4.tcp_rmem": "4096 16384 16384"}

    def sicken(self) -> None:
        app = self.puppet(self.host)
        app.tell("serve", port=_APP, manner="dawdle", backlog=512)
        connect(self.clients, self, {"": 120}, port=_APP)
        self.clients.tell("push", heap="connected")


class BusyLoss(Case):
    """Ten users among three hundred have vanished, as some always have; their connections are closed and wait."""

    quick = False

    def sicken(self) -> None:
        app = self.puppet(self.host)
        lost = self.add_users(1)[0]
        app.tell("serve", port=_APP, manner="hold", into="lost")
        connect(self.clients, self, {lost: 10}, port=_APP, into="lost")
        connect(self.clients, self, {"": 300})
        self.clients.tell("shutdown", heap="lost")
        self.lose_segments()
        self.wait(lambda: self.sockets("state", "close-wait") == 10, what="the FINs of the lost")
        app.tell("send", heap="lost", size=1000)
        app.tell("close", heap="lost")


class BusyHandshakes(Case):
    """Clients on slow lines take long to complete their handshakes, and there is room for that."""

    quick = False

    def begin(self) -> None:
        super().begin()
        self.lose_segments(NOBODY)

    def sicken(self) -> None:
        self.puppet(self.host).tell("serve", port=_APP, manner="answer", backlog=1024)
        self.flood(_APP, per_second=50)
        self.wait(lambda: self.sockets("state", "syn-recv") > 100, what="100 handshakes on their way")


class BusyFarewells(Case):
    """A server closes first, and its clients half a second later: there is always some FIN_WAIT2."""

    quick = False

    def sicken(self) -> None:
        self.puppet(self.host).tell("serve", port=_APP, manner="answer once")
        self.clients.tell("visit", to=self.host.ipv4, port=_APP, manner="close late", per_second=100)
        self.wait(lambda: self.sockets("state", "fin-wait-2") > 30, what="some FIN_WAIT2")
