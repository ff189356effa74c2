# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about what waits for the application on this host. Thresholds warning and critical are percent of nofile."""

from __future__ import annotations

from . import judge_closing
from .rule import Remedy, Rule

_RESTART = Remedy(
    "application",
    "Drain and restart {who}: that gives the descriptors back at once, and only ending or closing does.",
)
_CLOSE = Remedy(
    "application",
    "Mend what does not close: close() when a read finds the end, a timeout on every read, an idle limit "
    "on every pool.",
)
_TIME = Remedy(
    "nofile",
    "A higher limit of open files (tuning_nofile with tuning_services) buys time to find the leak, and cures nothing.",
)

CLOSE_WAIT = Rule(
    id="close_wait",
    title="{count} connections in CLOSE_WAIT that {who} does not close",
    judge=judge_closing.close_wait,
    # count: without knowing how long each lasts. lingering: percent of them that were there at the first reading.
    thresholds={
        "warning": 20,
        "critical": 50,
        "count": 50,
        "growing": 20,
        "steady": 50,
        "lingering": 80,
        "outnumbered": 10,
    },
    cause=(
        "The peers have closed and the application has not called close(). CLOSE_WAIT has no timeout; each "
        "keeps a descriptor."
    ),
    remedies=(_RESTART, _CLOSE, _TIME),
    avoid=("keepalive", "tcp_fin_timeout", "conntrack_timeouts"),
    sources=("002", "tcp(7)"),
)

GHOSTS = Rule(
    id="ghost_descriptors",
    title="{count} descriptors of {who} are of connections that no longer exist",
    judge=judge_closing.ghost_descriptors,
    thresholds={"warning": 20, "critical": 50, "growing": 20, "steady": 100},
    cause=(
        "The connections were reset, or ended by keepalive, and the application never closed the "
        "descriptors. No list of "
        "sockets shows them any more, but they count against the limit of open files."
    ),
    remedies=(_RESTART, _CLOSE, _TIME),
    avoid=("keepalive", "tcp_fin_timeout"),
    sources=("002", "proc_pid_fd(5)"),
)

FIN_WAIT2_OWNED = Rule(
    id="fin_wait2_owned",
    title="{count} connections in FIN_WAIT2 that {who} has shut down and not closed",
    judge=judge_closing.fin_wait2_owned,
    # unproved: where growth is not known.
    thresholds={"count": 100, "unproved": 300},
    cause=(
        "The application called shutdown() and waits for the peers to close. While it holds the descriptor "
        "no timer runs."
    ),
    remedies=(
        Remedy("application", "Let {who} close() a while after shutdown(), whether or not the peer has closed."),
        Remedy("network", "Ask of the top peers why they do not close: {peer_list}."),
    ),
    avoid=("tcp_fin_timeout", "tcp_orphan_retries", "conntrack_timeouts"),
    sources=("003", "tcp(7)"),
)

FIN_WAIT2_ORPHANED = Rule(
    id="fin_wait2_orphaned",
    title="{count} connections in FIN_WAIT2 that were closed here, and that the peers do not close",
    judge=judge_closing.fin_wait2_orphaned,
    # share: percent of TIME_WAIT.
    thresholds={"growing": 100, "count": 1000, "share": 50},
    cause="This side has closed, the peers acknowledged that and send no FIN. Each stays for net.ipv4.tcp_fin_timeout.",
    remedies=(
        Remedy(
            "sysctl",
            "net.ipv4.tcp_fin_timeout = 30 or less: that long, not 60 seconds, an orphan waits for the peer's FIN.",
            profile="squid",
            keys=("net.ipv4.tcp_fin_timeout",),
            done=("net.ipv4.tcp_fin_timeout", tuple(map(str, range(1, 31)))),
        ),
        Remedy("network", "Ask of the top peers why they do not close: {peer_list}."),
    ),
    avoid=("keepalive", "tcp_orphan_retries", "conntrack_timeouts"),
    sources=("001", "003", "tcp(7)"),
)

RULES = (CLOSE_WAIT, GHOSTS, FIN_WAIT2_ORPHANED, FIN_WAIT2_OWNED)
