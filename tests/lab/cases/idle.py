# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections on which nothing happens."""

from __future__ import annotations

from typing import Any

from case import Case, connect

_APP = 8080


class IdleEstablished(Case):
    """A server keeps connections that it never reads from and that no keepalive looks after."""

    finding = "idle_established"
    cured_by = "the application is mended and restarted"

    def begin(self) -> None:
        super().begin()
        self.app = self.puppet(self.host)

    def sicken(self) -> None:
        self.app.tell("serve", port=_APP, manner="hold")
        connect(self.clients, self, {"": 500}, port=_APP)
        self.clients.tell("send", heap="connected", size=100)
        self.clients.tell("rest")
        self.count = self.sockets("state", "established")
        self.wait(lambda: self.app.tell("count")["heaps"].get("accepted") == 500, what="500 connections accepted")

    def figures(self) -> dict[str, Any]:
        return {
            "count": self.count,
            "unread": True,
            "unread_sockets": 500,
            "unread_bytes": 50000,
        }

    def mend(self) -> None:
        self.app = self.restart(self.app)
        self.app.tell("serve", port=_APP, manner="answer")
        self.clients.tell("close", heap="connected")
