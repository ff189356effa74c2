# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Closed connections whose last segments nobody acknowledges: the kernel repeats them, for up to 107 seconds each."""

from __future__ import annotations

from typing import Any

from case import Case, connect

_APP = 8080
# Of users behind the road that loses segments.
_SHARES = (150, 100, 50)


class _Lost(Case):
    """What these have in common: an application whose answers to some users get lost."""

    cured_by = "the remedy `orphans`: tcp_orphan_retries 2, so that such connections are given up after 3 seconds"
    remedies = ("orphans",)
    state = ""
    # Whether it is an IPv6 socket that takes IPv4 too, as of many servers.
    dual = False

    def begin(self) -> None:
        super().begin()
        self.app = self.puppet(self.host)
        self.app.tell("listen", port=_APP, dual=self.dual)
        self.app.tell("serve", port=_APP, manner="hold")
        self.users = self.add_users(len(_SHARES))

    def connect_users(self) -> None:
        """A connection of each user's, accepted."""
        connect(self.clients, self, dict(zip(self.users, _SHARES)), port=_APP)
        number = sum(_SHARES)
        self.wait(lambda: self.app.tell("count")["heaps"].get("accepted") == number, what=f"{number} accepted")

    def wait_for_state(self) -> None:
        """Until all of them are there, and as `ss` shows them then."""
        self.wait(lambda: self.sockets("state", self.state) >= sum(_SHARES), what=f"all of them in {self.state}")
        self.count, self.bytes = self.sockets("state", self.state), self.queued("state", self.state)

    def figures(self) -> dict[str, Any]:
        peers = [{"address": user, "count": share} for user, share in zip(self.users, _SHARES)]
        return {"count": self.count, "orphaned": self.count, "queued_bytes": self.bytes, "peers": peers}

    def recovered(self) -> bool:
        return self.sockets("state", self.state) < 3


class LastAck(_Lost):
    """Clients have closed, the server answers and closes too, and all of that is lost on the way back to them."""

    finding = "last_ack"
    state = "last-ack"

    def sicken(self) -> None:
        self.connect_users()
        self.clients.tell("shutdown", heap="connected")
        self.wait(lambda: self.sockets("state", "close-wait") >= sum(_SHARES), what="the clients' FINs")
        self.lose_segments()
        self.app.tell("send", heap="accepted", size=1000)
        self.app.tell("close", heap="accepted")
        self.wait_for_state()


class FinWait1(_Lost):
    """The server answers and closes first, and all of that is lost on the way to the clients."""

    finding = "fin_wait1"
    state = "fin-wait-1"
    dual = True

    def sicken(self) -> None:
        self.connect_users()
        self.lose_segments()
        self.app.tell("send", heap="accepted", size=1000)
        self.app.tell("close", heap="accepted")
        self.wait_for_state()


class Closing(_Lost):
    """Both sides close at the same time; the client's FIN arrives, the server's is lost on the way."""

    finding = "closing"
    state = "closing"

    def sicken(self) -> None:
        self.connect_users()
        self.lose_segments()
        self.app.tell("close", heap="accepted")
        self.wait(lambda: self.sockets("state", "fin-wait-1") >= sum(_SHARES), what="the server's FINs")
        self.clients.tell("shutdown", heap="connected")
        self.wait_for_state()


class FinWait1Window(_Lost):
    """The server answers and closes, and clients that are there, but read nothing, leave no room for the answer."""

    quick = False
    finding = "fin_wait1"
    state = "fin-wait-1"
    cured_by = "the clients are ended"
    remedies = ()
    # Its probes are answered, so it never comes to that.
    never = ("orphans",)
    settings = {"net.ipv4.tcp_wmem": "4096 16384 65536"}

    def begin(self) -> None:
        super().begin()
        self.peer.run("tee", "/proc/sys/net/ipv4/tcp_rmem", input="4096 8192 8192")

    def sicken(self) -> None:
        self.connect_users()
        self.app.tell("send", heap="accepted", size=1_000_000)
        self.app.tell("close", heap="accepted")
        self.wait_for_state()

    def mend(self) -> None:
        self.clients.tell("close", heap="connected")
