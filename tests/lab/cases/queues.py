# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that wait to be completed, or to be accepted, where there is no room for more of them."""

from __future__ import annotations

from typing import Any

from case import NOBODY, Between, Case

_APP = 8080
_BACKLOG = 16


class SynQueue(Case):
    """Requests for connections come from addresses that never complete them."""

    finding = "syn_queue"
    cured_by = "the remedy `syn_queue`, and an application that asks for a longer queue; the flood goes on"
    remedies = ("syn_queue",)

    def begin(self) -> None:
        super().begin()
        self.app = self.puppet(self.host)
        self.app.tell("serve", port=_APP, manner="answer", backlog=_BACKLOG)
        self.clients.tell("visit", to=self.host.ipv4, port=_APP, manner="ask", per_second=5)
        self.lose_segments(NOBODY)

    def sicken(self) -> None:
        self.flood(_APP, per_second=100)
        self.wait(lambda: self.sockets("state", "syn-recv") >= _BACKLOG, what="a full SYN queue")

    def figures(self) -> dict[str, Any]:
        return {
            "port": _APP,
            "backlog": _BACKLOG,
            "count": Between(_BACKLOG, _BACKLOG + 2),
            "full_per_second": Between(30, 300),
        }

    def mend(self) -> None:
        self.app.tell("listen", port=_APP, backlog=8192)


class SynQueueNoCookies(SynQueue):
    """Requests that are never completed fill the SYN queue, and without cookies others find no room in it."""

    quick = False
    settings = {"net.ipv4.tcp_syncookies": "0", "net.ipv4.tcp_max_syn_backlog": "64"}

    def figures(self) -> dict[str, Any]:
        return {"port": _APP, "backlog": _BACKLOG, "count": Between(_BACKLOG, _BACKLOG + 2)}


class AcceptQueue(Case):
    """An application does not accept its connections as fast as they come."""

    finding = "accept_queue"
    cured_by = "the application accepts again, with a longer queue"

    def begin(self) -> None:
        super().begin()
        self.app = self.puppet(self.host)
        self.app.tell("listen", port=_APP, backlog=_BACKLOG)

    def sicken(self) -> None:
        self.clients.tell("visit", to=self.host.ipv4, port=_APP, manner="ask", per_second=30)
        self.wait(lambda: self.sockets("state", "established", "sport", f"= :{_APP}") > _BACKLOG, what="a full queue")

    def figures(self) -> dict[str, Any]:
        return {"port": _APP, "backlog": _BACKLOG, "queued": _BACKLOG + 1}

    def mend(self) -> None:
        self.app.tell("serve", port=_APP, manner="answer", backlog=1024)
        self.app.tell("listen", port=_APP, backlog=1024)

    def recovered(self) -> bool:
        return self.sockets("state", "established", "sport", f"= :{_APP}") < 5


class HungServer(Case):
    """An application hangs: its queue fills with connections that clients have given up, and then takes no more."""

    quick = False
    finding = "accept_queue"
    drags = {"close_wait": "accept_queue"}
    cured_by = "the application is restarted"

    def begin(self) -> None:
        super().begin()
        self.app = self.puppet(self.host)
        self.app.tell("listen", port=_APP, backlog=200)

    def sicken(self) -> None:
        self.clients.tell("visit", to=self.host.ipv4, port=_APP, manner="give up", per_second=100)
        self.wait(lambda: self.sockets("state", "close-wait") > 200, what="a full queue of CLOSE_WAIT")

    def figures(self) -> dict[str, Any]:
        return {"port": _APP, "backlog": 200, "queued": 201}

    def mend(self) -> None:
        self.app = self.restart(self.app)
        self.app.tell("serve", port=_APP, manner="answer", backlog=1024)

    def recovered(self) -> bool:
        return self.sockets("state", "close-wait") < 5
