# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Closed connections whose last segments are never acknowledged: the kernel resends them for up to 107 seconds each."""

from __future__ import annotations

from case import Figures, Phases, case
from testbed import Testbed

# Connections of each user.
_SHARES = (150, 100, 50)
_ALL = sum(_SHARES)
_ORPHANS = {
    "fixed_by": "the remedy `orphans`: tcp_orphan_retries 2, so that the kernel gives up after 3 seconds",
    "remedies": ("orphans",),
}


def _connect_users(bed: Testbed, users: list[str]) -> None:
    bed.connect(dict(zip(users, _SHARES)))
    bed.wait_for_held(_ALL)


def _answer_and_close(bed: Testbed, size: int = 1000) -> None:
    bed.app.call("send", group="accepted", size=size)
    bed.app.call("close", group="accepted")


def _all_in(bed: Testbed, state: str, users: list[str]) -> Figures:
    """Wait until all connections are in a state, and return what `ss` shows then."""
    bed.wait_for(state, _ALL)
    shown = bed.ss("state", state)
    peers = [{"address": user, "count": share} for user, share in zip(users, _SHARES)]
    queued = sum(int(line.split()[1]) for line in shown)
    return lambda: {"count": len(shown), "orphaned": len(shown), "queued_bytes": queued, "peers": peers}


@case(finding="last_ack", **_ORPHANS)
def last_ack(bed: Testbed) -> Phases:
    """Clients have closed; the server's answers and FINs to them are lost."""
    bed.serve("keep")
    users = bed.add_users(len(_SHARES))
    yield
    _connect_users(bed, users)
    bed.clients.call("shutdown", group="connected")
    bed.wait_for("close-wait", _ALL)
    bed.lose_segments()
    _answer_and_close(bed)
    yield _all_in(bed, "last-ack", users)
    bed.wait_for_few("last-ack")


@case(finding="fin_wait1", **_ORPHANS)
def fin_wait1(bed: Testbed) -> Phases:
    """The server answers and closes first; its answers and FINs are lost."""
    # An IPv6 socket that accepts IPv4 too, as in many servers.
    bed.serve("keep", dual=True)
    users = bed.add_users(len(_SHARES))
    yield
    _connect_users(bed, users)
    bed.lose_segments()
    _answer_and_close(bed)
    yield _all_in(bed, "fin-wait-1", users)
    bed.wait_for_few("fin-wait-1")


@case(finding="closing", **_ORPHANS)
def closing(bed: Testbed) -> Phases:
    """Both ends close at the same time; the client's FIN arrives, the server's is lost."""
    bed.serve("keep")
    users = bed.add_users(len(_SHARES))
    yield
    _connect_users(bed, users)
    bed.lose_segments()
    bed.app.call("close", group="accepted")
    bed.wait_for("fin-wait-1", _ALL)
    bed.clients.call("shutdown", group="connected")
    yield _all_in(bed, "closing", users)
    bed.wait_for_few("closing")


@case(
    finding="fin_wait1",
    fixed_by="the clients are ended",
    never=("orphans",),  # the clients answer the window probes, so tcp_orphan_retries never applies
    start_with={"net.ipv4.tcp_wmem": "4096 16384 65536"},
    quick=False,
)
def fin_wait1_window(bed: Testbed) -> Phases:
    """The server answers and closes, but its clients do not read, so their receive windows stay full."""
    bed.serve("keep")
    users = bed.add_users(len(_SHARES))
    bed.peer.run("tee", "/proc/sys/net/ipv4/tcp_rmem", input="4096 8192 8192")
    yield
    _connect_users(bed, users)
    _answer_and_close(bed, 1_000_000)
    yield _all_in(bed, "fin-wait-1", users)
    bed.clients.call("close", group="connected")
    bed.wait_for_few("fin-wait-1")
