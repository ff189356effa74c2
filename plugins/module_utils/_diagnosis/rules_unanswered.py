# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about what was closed here and waits for peers. Thresholds warning, critical: percent of tcp_max_orphans."""

from __future__ import annotations

from .judge_unanswered import unanswered
from .rule import Remedy, Rule

# count: how many had to send again. unproved: how many where that is not known. share: percent of ESTABLISHED.
_THRESHOLDS = {"warning": 25, "critical": 50, "count": 50, "unproved": 300, "share": 20}
_REMEDIES = (
    Remedy(
        "network",
        "Look for loss, an MTU that does not fit, or a filter on the way to the top peers: {peer_list}.",
        given="segments_lost",
    ),
    Remedy(
        "network",
        "Most peers read nothing more, but answer each probe, so no timer ends them: have such clients cut off, by a "
        "proxy with a send timeout or by ss --kill: {peer_list}.",
        given="windows_closed",
    ),
    Remedy(
        "sysctl",
        "net.ipv4.tcp_orphan_retries = 2: an orphan gives up after about 3 seconds, not 107. It may cut slow clients.",
        profile="orphans",
        keys=("net.ipv4.tcp_orphan_retries",),
        given="mostly_orphaned",
        done=("net.ipv4.tcp_orphan_retries", ("1", "2", "3")),
    ),
    Remedy(
        "application",
        "A process still holds most of them, so no orphan's timer applies: let it close() what it has shut down.",
        given="mostly_owned",
    ),
)
_AVOID = ("conntrack_timeouts", "tcp_retries2", "tcp_fin_timeout", "keepalive")
_SOURCES = ("002", "tcp(7)")

LAST_ACK = Rule(
    id="last_ack",
    title="{count} connections in LAST_ACK: peers do not acknowledge the end",
    judge=unanswered("last_ack"),
    thresholds=_THRESHOLDS,
    cause=(
        "The peers closed first, this side closed too, and its last data or FIN is not acknowledged, so it "
        "is sent again."
    ),
    remedies=_REMEDIES,
    avoid=_AVOID,
    sources=_SOURCES,
)

FIN_WAIT1 = Rule(
    id="fin_wait1",
    title="{count} connections in FIN_WAIT1: peers do not acknowledge the end",
    judge=unanswered("fin_wait1"),
    thresholds=_THRESHOLDS,
    cause=(
        "This side closed first, and its last data or FIN is not acknowledged: the peers are gone, or take "
        "nothing more."
    ),
    remedies=_REMEDIES,
    avoid=_AVOID,
    sources=_SOURCES,
)

CLOSING = Rule(
    id="closing",
    title="{count} connections in CLOSING: both sides closed at once, and peers do not acknowledge it",
    judge=unanswered("closing"),
    thresholds=_THRESHOLDS,
    cause="Both sides closed at the same time, and the FIN of this side is not acknowledged, so it is sent again.",
    remedies=_REMEDIES,
    avoid=_AVOID,
    sources=_SOURCES,
)

RULES = (LAST_ACK, FIN_WAIT1, CLOSING)
