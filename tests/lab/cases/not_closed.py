# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that one end or both do not close: they hold descriptors, memory or the other end's socket."""

from __future__ import annotations

from case import Between, Phases, case
from testbed import APP_PORT, Testbed

_RESTARTED = "the application is fixed and restarted"
_KEEPALIVE = ("keepalive", "keepalive_aggressive")


@case(finding="close_wait", fixed_by=_RESTARTED, never=(*_KEEPALIVE, "conntrack_timeouts"))
def close_wait(bed: Testbed) -> Phases:
    """A server does not close the connections that its clients have closed."""
    bed.app.call("limit", soft=1024)
    yield
    bed.serve("leak", dual=True)
    bed.connect(250)
    bed.clients.call("close", group="connected")
    bed.visit("ask", per_second=2)
    bed.wait_for("close-wait", 250)
    yield lambda: {"count": Between(250, bed.count("close-wait")), "pid": bed.app.pid, "nofile": 1024}
    bed.restart_app()
    bed.wait_for_few("close-wait")


@case(
    finding="close_wait",
    consequences={"emfile": "close_wait", "accept_queue": "emfile"},
    fixed_by=_RESTARTED,
    quick=False,
)
def leak_to_the_end(bed: Testbed) -> Phases:
    """A server leaks connections until it has no descriptor left and cannot accept any more."""
    bed.app.call("limit", soft=128)
    yield
    bed.serve("leak", backlog=16)
    bed.visit("ask", per_second=40)
    bed.wait(lambda: bed.failures("EMFILE") > 0, what="EMFILE")
    yield lambda: {"pid": bed.app.pid, "descriptors": 128, "nofile": 128}
    bed.restart_app()
    bed.wait_for_few("close-wait")


@case(
    finding="ghost_descriptors",
    fixed_by=_RESTARTED,
    never=_KEEPALIVE,
    start_with={f"net.ipv4.tcp_keepalive_{name}": "1" for name in ("time", "intvl", "probes")},
)
def ghost_descriptors(bed: Testbed) -> Phases:
    """A server leaks connections that keepalive or a reset then ends: only their descriptors are left."""
    yield
    user = bed.add_users(1)[0]
    bed.serve("leak", keepalive=True)
    bed.connect({user: 100})
    bed.clients.call("shutdown", group="connected")
    bed.lose_segments()
    bed.visit("reset", per_second=10)
    bed.wait(lambda: bed.held() > 110 and not bed.count("close-wait", "dst", user), what="sockets that are gone")
    yield lambda: {"count": Between(110, bed.held()), "pid": bed.app.pid}
    bed.restart_app()


@case(finding="fin_wait2_owned", fixed_by="the application closes the connections")
def fin_wait2_owned(bed: Testbed) -> Phases:
    """A server shuts down its side and keeps the sockets; its clients never close."""
    yield
    bed.serve("keep")
    bed.connect(300)
    bed.wait_for_held(300)
    bed.app.call("shutdown", group="accepted")
    bed.wait_for("fin-wait-2", 300)
    yield lambda: {"count": 300, "pid": bed.app.pid}
    bed.restart_app()
    # Otherwise they become orphans for a minute, which is the case fin_wait2_orphaned.
    bed.clients.call("close", group="connected")
    bed.wait_for_few("fin-wait-2")


@case(finding="fin_wait2_owned", fixed_by="the proxy closes the connections", quick=False)
def fin_wait2_busy(bed: Testbed) -> Phases:
    """A busy proxy shuts down some of its connections and keeps them; more connections are in use than stuck."""
    shut_down = APP_PORT + 1
    bed.serve("answer", backlog=1024, keepalive=True)
    bed.connect(500)
    yield
    bed.serve("shut down", port=shut_down, into="half", backlog=512)
    bed.connect(400, port=shut_down, into="half")
    bed.visit("keep", port=shut_down, per_second=2)
    bed.wait_for("fin-wait-2", 400)
    yield lambda: {"count": Between(400, bed.count("fin-wait-2")), "pid": bed.app.pid}
    bed.clients.call("stop")
    bed.restart_app()
    for group in ("connected", "half", "visits"):
        bed.clients.call("close", group=group)
    bed.wait_for_few("fin-wait-2")


@case(finding="fin_wait2_owned", fixed_by="the proxy closes the connections", quick=False)
def fin_wait2_limit(bed: Testbed) -> Phases:
    """A busy proxy keeps connections that it has shut down; they do not grow, but take much of its open-file limit."""
    shut_down = APP_PORT + 1
    bed.app.call("limit", soft=1500)
    bed.serve("answer", backlog=1024, keepalive=True)
    bed.connect(500)
    yield
    bed.serve("shut down", port=shut_down, into="half", backlog=512)
    bed.connect(400, port=shut_down, into="half")
    bed.wait_for("fin-wait-2", 400)
    yield lambda: {"count": 400, "pid": bed.app.pid, "nofile": 1500, "share": 26.7, "lingering": 400}
    bed.restart_app()
    for group in ("connected", "half"):
        bed.clients.call("close", group=group)
    bed.wait_for_few("fin-wait-2")


@case(
    finding="fin_wait2_orphaned",
    fixed_by="tcp_fin_timeout 2 instead of 60 seconds; existing orphans keep their time, so their clients are ended",
    settings={"net.ipv4.tcp_fin_timeout": 2},
)
def fin_wait2_orphaned(bed: Testbed) -> Phases:
    """A server closes its connections and its clients never do, so the kernel keeps them as orphans."""
    yield
    bed.serve("keep")
    bed.connect(300)
    bed.wait_for_held(300)
    bed.app.call("close", group="accepted")
    bed.serve("close", port=APP_PORT + 1)
    bed.visit("keep", port=APP_PORT + 1, per_second=30)
    bed.wait_for("fin-wait-2", 300)
    yield lambda: {"count": Between(300, bed.count("fin-wait-2"))}
    for group in ("connected", "visits"):
        bed.clients.call("close", group=group)
    bed.wait_for_few("fin-wait-2", 90)


@case(finding="idle_established", fixed_by=_RESTARTED)
def idle_established(bed: Testbed) -> Phases:
    """A server keeps connections that it never reads from, without keepalive."""
    yield
    bed.serve("keep")
    bed.connect(500)
    bed.clients.call("send", group="connected", size=100)
    bed.clients.call("stop")
    count = bed.count("established")
    bed.wait_for_held(500)
    yield lambda: {"count": count, "unread": True, "unread_sockets": 500, "unread_bytes": 50000}
    bed.restart_app()
    bed.clients.call("close", group="connected")
