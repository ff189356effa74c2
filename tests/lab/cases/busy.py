# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Busy but healthy hosts: every finding is a false alarm."""

from __future__ import annotations

from case import Phases, case
from testbed import APP_PORT, NO_HOSTS, PORT, Testbed


@case()
def busy_time_wait(bed: Testbed) -> Phases:
    """A server closes its connections first and has more than a thousand in TIME_WAIT."""
    bed.serve("answer once", backlog=1024)
    bed.visit("read", per_second=250)
    bed.wait_for("time-wait", 1000)
    yield


@case(quick=False)
def busy_proxy(bed: Testbed) -> Phases:
    """A proxy opens many short connections; each port stays in TIME_WAIT for a minute, and there are enough ports."""
    bed.clients.call("serve", port=PORT, behaviour="answer", backlog=1024)
    bed.app.call("visit", to=bed.peer.ipv4, port=PORT, behaviour="ask", per_second=250)
    bed.wait_for("time-wait", 1000)
    yield


@case()
def busy_burst(bed: Testbed) -> Phases:
    """A burst of connections fills three quarters of a backlog for a moment."""
    bed.app.call("listen", port=APP_PORT, backlog=128)
    bed.connect(96)
    yield


@case()
def busy_chat(bed: Testbed) -> Phases:
    """Many established connections carry little data; the server reads from all of them and keepalive is on."""
    bed.serve("answer", backlog=1024, keepalive=True)
    bed.connect(1000)
    yield


@case()
def busy_descriptors(bed: Testbed) -> Phases:
    """A process uses four fifths of its open-file limit and needs no more."""
    bed.app.call("limit", soft=1000)
    bed.serve("answer")
    bed.connect(300)
    bed.app.call("open", number=800)
    yield


@case()
def busy_closing(bed: Testbed) -> Phases:
    """A slow application closes half a second after its clients, so there are always some sockets in CLOSE_WAIT."""
    bed.serve("close late")
    bed.visit("ask", per_second=100)
    bed.wait_for("close-wait", 30)
    yield


@case(quick=False)
def busy_pool(bed: Testbed) -> Phases:
    """An application keeps a hundred pooled connections to its database and uses few of them at the moment."""
    bed.clients.call("serve", port=PORT, behaviour="answer")
    bed.app.call("connect", to=bed.peer.ipv4, port=PORT, sources={"": 100})
    yield


# Short queues, so that the reading shows at once.
@case(start_with={"net.ipv4.tcp_rmem": "4096 16384 16384"})
def busy_uploads(bed: Testbed) -> Phases:
    """Clients send faster than a server reads, so there is always unread data, and the server is always reading."""
    bed.serve("read slowly", backlog=512)
    bed.connect(120)
    bed.clients.call("push", group="connected")
    yield


@case(quick=False)
def busy_loss(bed: Testbed) -> Phases:
    """Ten of three hundred users have vanished, as some always have; the server has closed their connections."""
    bed.serve("keep", into="lost")
    bed.connect({bed.add_users(1)[0]: 10}, into="lost")
    bed.connect(300, port=PORT)
    bed.clients.call("shutdown", group="lost")
    bed.lose_segments()
    bed.wait_for("close-wait", 10)
    bed.app.call("send", group="lost", size=1000)
    bed.app.call("close", group="lost")
    yield


@case(quick=False)
def busy_handshakes(bed: Testbed) -> Phases:
    """Clients on slow lines take long to complete their handshakes, and the SYN queue has room for them."""
    bed.lose_segments(NO_HOSTS)
    bed.serve("answer", backlog=1024)
    bed.flood(per_second=50)
    bed.wait_for("syn-recv", 100)
    yield


@case(quick=False, start_with={"net.ipv4.ip_local_port_range": "40000 40199"}, traffic=False)
def busy_backends(bed: Testbed) -> Phases:
    """A proxy has more connections than ports; connect() shares the ports among its backends."""
    bed.clients.call("serve", port=PORT, behaviour="answer", backlog=1024)
    for backend in bed.add_users(6):
        bed.app.call("connect", to=backend, port=PORT, sources={bed.host.ipv4: 110})
    yield


@case(quick=False)
def busy_health_checks(bed: Testbed) -> Phases:
    """A load balancer ends its health checks by a reset, as many do."""
    bed.serve("answer", backlog=512)
    bed.visit("reset", per_second=5)
    yield


@case(quick=False)
def busy_farewells(bed: Testbed) -> Phases:
    """A server closes half a second before its clients, so there are always some sockets in FIN_WAIT2."""
    bed.serve("answer once")
    bed.visit("close late", per_second=100)
    bed.wait_for("fin-wait-2", 30)
    yield
