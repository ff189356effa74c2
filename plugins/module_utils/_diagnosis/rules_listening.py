# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about listeners. Thresholds warning and critical are events in a second."""

from __future__ import annotations

from . import judge_listening
from .rule import Remedy, Rule

ACCEPT_QUEUE = Rule(
    id="accept_queue",
    title="Connections to {where} are not accepted fast enough: {waiting}",
    judge=judge_listening.accept_queue,
    # backlog: a full queue shorter than that tells nothing by itself.
    thresholds={"warning": 1, "critical": 5, "backlog": 8},
    cause=(
        "The application calls accept() more slowly than connections come, or not at all. A queue holds "
        "what it asked for in "
        "listen(), at most net.core.somaxconn; what comes on top is dropped, and clients try again after a second."
    ),
    remedies=(
        Remedy(
            "application",
            "Find out what the workers behind {where} wait for: that, more than the queue, is what is short.",
        ),
        Remedy(
            "application",
            "Let it ask for a longer backlog, and restart it (nginx: backlog= of listen; its default is 511).",
        ),
        Remedy(
            "sysctl",
            "net.core.somaxconn of at least 8192: the ceiling of what listen() may ask for; alone it "
            "changes no open listener.",
            profile="syn_queue",
            keys=("net.core.somaxconn",),
            given="capped",
        ),
    ),
    avoid=("tcp_max_syn_backlog", "tcp_abort_on_overflow"),
    sources=("002", "listen(2)"),
)

SYN_QUEUE = Rule(
    id="syn_queue",
    title="More connections are asked for than the SYN queue holds: {count} in SYN_RECV",
    judge=judge_listening.syn_queue,
    thresholds={"warning": 1, "critical": 5, "backlog": 8},
    cause=(
        "Requests come faster than handshakes end: a flood, clients that do not answer, or a backlog too "
        "short for so many. "
        "With cookies new clients still get in, without window scaling where they have no timestamps; "
        "without cookies they do not."
    ),
    remedies=(
        Remedy(
            "sysctl",
            "Longer queues, fewer repetitions, and cookies: net.core.somaxconn, tcp_max_syn_backlog, "
            "tcp_synack_retries.",
            profile="syn_queue",
            keys=(
                "net.core.somaxconn",
                "net.ipv4.tcp_max_syn_backlog",
                "net.ipv4.tcp_synack_retries",
                "net.ipv4.tcp_syncookies",
            ),
        ),
        Remedy(
            "application",
            "Let the listener ask for a longer backlog, and restart it: with cookies that is the queue's length.",
        ),
        Remedy("network", "If the peers are no clients of yours, have them filtered upstream: {peer_list}."),
    ),
    avoid=("tcp_syncookies_off", "tcp_abort_on_overflow"),
    sources=("000", "001", "tcp(7)"),
)

RULES = (ACCEPT_QUEUE, SYN_QUEUE)
