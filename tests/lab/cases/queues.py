# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SYN queue or the accept queue of a listener is full."""

from __future__ import annotations

from case import Between, Phases, case
from testbed import APP_PORT, NO_HOSTS, Testbed

_BACKLOG = 16
_LONG_BACKLOG = 200
_SYN_QUEUE = {
    "finding": "syn_queue",
    "fixed_by": "the remedy `syn_queue`, and a longer backlog of the application; the flood goes on",
    "remedies": ("syn_queue",),
}


@case(**_SYN_QUEUE)
def syn_queue(bed: Testbed) -> Phases:
    """Connection requests come from addresses that never complete the handshake."""
    yield from _flooded(bed, full_per_second=Between(30, 300))


@case(**_SYN_QUEUE, start_with={"net.ipv4.tcp_syncookies": "0", "net.ipv4.tcp_max_syn_backlog": "64"}, quick=False)
def syn_queue_no_cookies(bed: Testbed) -> Phases:
    """Incomplete handshakes fill the SYN queue; without SYN cookies the kernel drops all other requests."""
    yield from _flooded(bed)


def _flooded(bed: Testbed, **figures: object) -> Phases:
    bed.serve("answer", backlog=_BACKLOG)
    bed.visit("ask", per_second=5)
    bed.lose_segments(NO_HOSTS)
    yield
    bed.flood(per_second=100)
    bed.wait_for("syn-recv", _BACKLOG)
    yield lambda: {"port": APP_PORT, "backlog": _BACKLOG, "count": Between(_BACKLOG, _BACKLOG + 2), **figures}
    bed.app.call("listen", port=APP_PORT, backlog=8192)


@case(
    finding="syn_queue",
    fixed_by="the requests end",
    start_with={"net.core.somaxconn": "65535", "net.ipv4.tcp_synack_retries": "3"},
    quick=False,
)
def syn_queue_answers_lost(bed: Testbed) -> Phases:
    """Answers to connection requests are lost on their way; the SYN queue is long enough for all of them."""
    bed.lose_segments(NO_HOSTS)
    bed.serve("answer", backlog=65535)
    yield
    bed.flood(per_second=200)
    bed.wait_for("syn-recv", 1600)
    yield lambda: {"port": APP_PORT, "backlog": 65535, "unanswered": Between(1000, 4000)}
    bed.clients.call("stop")
    bed.wait_for_few("syn-recv")


@case(finding="accept_queue", fixed_by="the application accepts again, with a longer backlog")
def accept_queue(bed: Testbed) -> Phases:
    """An application accepts connections more slowly than they arrive."""
    bed.app.call("listen", port=APP_PORT, backlog=_BACKLOG)
    here = ("sport", f"= :{APP_PORT}")
    yield
    bed.visit("ask", per_second=30)
    bed.wait(lambda: bed.count("established", *here) > _BACKLOG, what="a full accept queue")
    yield lambda: {"port": APP_PORT, "backlog": _BACKLOG, "queued": _BACKLOG + 1}
    bed.serve("answer", backlog=1024)
    bed.wait(lambda: bed.count("established", *here) < 5, what="an empty accept queue")


@case(finding="close_wait", fixed_by="the application is restarted", never=("nofile",))
def not_accepted(bed: Testbed) -> Phases:
    """An application stops accepting; clients give up long before its accept queue is full."""
    bed.serve("answer", backlog=1024)
    yield
    bed.app.call("stop")
    bed.visit("give up", per_second=20)
    bed.wait_for("close-wait", 90)
    yield lambda: {"port": APP_PORT, "not_accepted": Between(90, bed.count("close-wait"))}
    _fix(bed)


@case(
    finding="accept_queue",
    consequences={"close_wait": "accept_queue"},
    fixed_by="the application is restarted",
    quick=False,
)
def hung_server(bed: Testbed) -> Phases:
    """An application hangs: connections that clients have given up fill its accept queue."""
    bed.app.call("listen", port=APP_PORT, backlog=_LONG_BACKLOG)
    yield
    bed.visit("give up", per_second=100)
    bed.wait_for("close-wait", _LONG_BACKLOG + 1)
    yield lambda: {"port": APP_PORT, "backlog": _LONG_BACKLOG, "queued": _LONG_BACKLOG + 1}
    _fix(bed)


def _fix(bed: Testbed) -> None:
    """Restart the application, and have clients that wait for its answer."""
    bed.clients.call("stop")
    bed.restart_app()
    bed.visit("ask", per_second=20)
    bed.wait_for_few("close-wait")
