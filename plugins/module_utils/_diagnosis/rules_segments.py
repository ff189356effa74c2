# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about what counters tell of connections in use: segments that are sent again, and connections that are reset.

Both are normal in small numbers, on the Internet and with clients that end connections by a reset. So they are judged
as a share of all segments or connections of the interval, never by what was counted since boot.
"""

from __future__ import annotations

from typing import Any

from .facts import Facts
from .rule import WARNING, Judgement, Remedy, Rule, Thresholds, percent, severity_of
from .rules_path import keepalive_evidence


def _retransmits(facts: Facts, bounds: Thresholds) -> Judgement | None:
    """Judge the share of segments that were sent again, without those of handshakes."""
    sent, again = facts.need("rates", "Tcp", "OutSegs"), facts.need("rates", "Tcp", "RetransSegs")
    if not sent or again is None or sent < bounds["segments"]:
        return None
    # Requests without an answer are a matter of syn_sent and syn_queue.
    again = max(0, again - (facts.rate("TCPSynRetrans") or 0))
    share, usual = percent(again, sent) or 0, _since_boot(facts)
    severity = severity_of(share, bounds)
    if not severity or (share < bounds["always"] and share < bounds["usual"] * (usual or 0)):
        return None
    peers = facts.rows("peers", "retransmitting")[:5]
    evidence = {
        "share": share,
        "usual": usual,
        "retransmitted_per_second": round(again, 1),
        "sent_per_second": sent,
        "timeouts_per_second": facts.rate("TCPTimeouts"),
        "retransmitting": facts.get("queues", "ESTABLISHED", "unanswered"),
        "peers": peers,
        "peers_known": bool(peers),
        "peers_unknown": not peers,
    }
    return Judgement(severity, evidence, ("last_ack", "fin_wait1", "closing"))


RETRANSMITS = Rule(
    id="retransmits",
    title="{share} % of the segments sent are sent again",
    judge=_retransmits,
    # warning, critical: percent of all segments sent. usual: times the share since boot, below which a share under
    # `always` percent is usual for this host. segments: sent per second; with fewer, a share says little.
    thresholds={"warning": 5, "critical": 20, "usual": 2, "always": 10, "segments": 200},
    figures=(
        "{retransmitted_per_second} of {sent_per_second} segments/s",
        "{usual} % since boot",
        "{timeouts_per_second} timeouts/s",
        "established connections that are sending a segment again: {retransmitting}",
    ),
    cause=(
        "Segments or their acknowledgements are lost on the way: a full link, a faulty cable or port, a wrong MTU, or a"
        " filter. Each loss slows its connection down, and after a timeout it waits for 200 ms or longer."
    ),
    remedies=(
        Remedy(
            "network",
            "Look for the loss on the way to the peers that are affected most: {peer_list}.",
            only_if="peers_known",
        ),
        Remedy(
            "network",
            "Find out which peers are affected: ss -ti shows retrans and lost of each connection.",
            only_if="peers_unknown",
        ),
        Remedy("network", "Check errors and drops of the interfaces: ip -s link, ethtool -S, tc -s qdisc."),
    ),
    avoid=("retries", "larger_buffers"),
    sources=("snmp_counter.rst", "RFC 6298"),
)


def _since_boot(facts: Facts) -> float | None:
    """Return the share since boot in percent; None if unknown."""
    return percent(facts.get("counters", "Tcp", "RetransSegs"), facts.get("counters", "Tcp", "OutSegs"))


def _resets(facts: Facts, bounds: Thresholds) -> Judgement | None:
    """Judge each kind of reset by its share of the connections that are opened meanwhile."""
    ended = facts.need("rates", "Tcp", "EstabResets")
    opened = facts.opened()
    if ended is None or opened is None:
        return None
    rates = {name: facts.rate(counter) or 0 for name, counter in _COUNTERS.items()}
    # Every reset connection is counted once more in EstabResets, unless it was closed here before.
    rates["peers"] = max(0, ended - sum(rates.values()))
    rates["listen"] = _dropped_without_queue(facts, bounds)
    limits = {
        "unread": (bounds["unread"], bounds["unread_share"]),
        "closed": (bounds["unread"], bounds["unread_share"]),
        "timeouts": (bounds["timeouts"], bounds["timeouts_share"]),
        "peers": (bounds["peers"], bounds["peers_share"]),
        "listen": (bounds["listen"], 0),
    }
    many = {
        name: rates[name]
        for name, (least, share) in limits.items()
        if rates[name] >= least and rates[name] * 100 >= share * opened
    }
    if not many:
        return None
    kind = max(many, key=lambda name: many[name])
    evidence: dict[str, Any] = {
        "kind": kind,
        "rate": round(many[kind], 1),
        "opened_per_second": round(opened, 1),
        "established_resets_per_second": ended,
        **{f"{name}_per_second": round(rates[name], 1) for name in (*_COUNTERS, "peers")},
        "listen_drops_per_second": facts.rate("ListenDrops"),
        "segments_per_second": facts.get("rates", "Tcp", "OutRsts"),
        **(keepalive_evidence(facts) if kind == "timeouts" else {}),
    }
    suspects = {"timeouts": ("last_ack", "fin_wait1", "closing", "retransmits"), "peers": ("accept_queue", "emfile")}
    return Judgement(WARNING, evidence, suspects.get(kind, ()), _KINDS[kind])


def _dropped_without_queue(facts: Facts, bounds: Thresholds) -> float:
    """Return the drops per second at listeners that no full queue explains (accept_queue, syn_queue)."""
    if (facts.get("states", "SYN_RECV") or 0) >= bounds["waiting"] or facts.rate("TCPReqQFullDrop"):
        return 0
    return max(0, (facts.rate("ListenDrops") or 0) - (facts.rate("ListenOverflows") or 0))


_COUNTERS = {"unread": "TCPAbortOnClose", "closed": "TCPAbortOnData", "timeouts": "TCPAbortOnTimeout"}

RESETS = Rule(
    id="resets",
    title="{rate} connections/s are reset by their peers",
    judge=_resets,
    # Each: connections per second, and percent of the connections opened meanwhile. unread: closed here before all data
    # was read, or before the last data arrived. timeouts: given up because the peer does not answer; a few always are,
    # as phones and laptops vanish. listen: requests dropped at listeners per second, while fewer than `waiting` are in
    # SYN_RECV and no queue is full.
    thresholds={
        "peers": 20,
        "peers_share": 50,
        "unread": 10,
        "unread_share": 50,
        "timeouts": 5,
        "timeouts_share": 50,
        "listen": 5,
        "waiting": 8,
    },
    figures=(
        "{opened_per_second} connections opened/s",
        "{peers_per_second}/s reset by peers (EstabResets without the following)",
        "{unread_per_second}/s closed here with unread data (TCPAbortOnClose)",
        "{closed_per_second}/s reset here, or data arrived after close() (TCPAbortOnData)",
        "{timeouts_per_second}/s given up without an answer (TCPAbortOnTimeout)",
        "{listen_drops_per_second}/s dropped at listeners (ListenDrops)",
    ),
    cause=(
        "The other end, or a firewall or load balancer on the way, ends most connections by a reset: it gives up"
        " waiting, it crashes, or it saves TIME_WAIT in this way."
    ),
    remedies=(
        Remedy("network", "Find out who sends the resets: tcpdump 'tcp[tcpflags] & tcp-rst != 0'."),
        Remedy("application", "Compare the timeouts of both ends: the end that sends requests should close first."),
    ),
    avoid=("tcp_abort_on_overflow", "retries"),
    sources=("snmp_counter.rst", "tcp(7)"),
)
_KINDS = {
    "peers": RESETS,
    "unread": RESETS._replace(
        title="{rate} connections/s are closed here before all data was read, which resets them",
        cause=(
            "The application calls close() while received data is unread, so the kernel sends a reset, and the client"
            " may lose the answer that it was just sent."
        ),
        remedies=(
            Remedy(
                "application",
                "Read the request to its end before close(), or call shutdown() and read until the peer closes.",
            ),
        ),
    ),
    "closed": RESETS._replace(
        title="{rate} connections/s are reset here: by SO_LINGER 0, or because data arrives after close()",
        cause=(
            "The application closes with SO_LINGER and a time of 0, which sends a reset, or it closes while its peer is"
            " still sending."
        ),
        remedies=(
            Remedy(
                "application",
                "Remove SO_LINGER 0, and close only after the peer: shutdown(), then read until it closes.",
            ),
        ),
    ),
    "listen": RESETS._replace(
        title="{rate} connection requests/s are dropped at listeners, though no queue is full",
        cause=(
            "ListenDrops counts requests that a listener could not take: there is no memory or no route for the answer,"
            " a security module or BPF program refuses them, or a TCP-MD5 key does not match."
        ),
        remedies=(
            Remedy(
                "network",
                "Find out why: the kernel's log, nstat -az, perf trace or dropwatch show where they are dropped.",
            ),
        ),
        avoid=("tcp_abort_on_overflow", "tcp_max_syn_backlog"),
    ),
    "timeouts": RESETS._replace(
        title="{rate} connections/s are given up because the peer does not answer any more",
        cause="The peers have vanished, or a device on the way has forgotten the connection and drops its segments.",
        remedies=(
            Remedy(
                "network",
                "Look for a NAT gateway or load balancer that forgets idle connections (AWS 350 s, Azure 240 s,"
                " GCP 600 s), and for loss on the way.",
            ),
            Remedy(
                "sysctl",
                "A net.ipv4.tcp_keepalive_time below that time keeps idle connections known, on sockets with"
                " SO_KEEPALIVE (tuning_path_idle_timeout).",
                profile="keepalive",
                keys=("net.ipv4.tcp_keepalive_time",),
                only_if="path_unknown",
            ),
            Remedy(
                "sysctl",
                "net.ipv4.tcp_keepalive_time of {in_time} ({keepalive_time} now): idle connections are forgotten on"
                " the way after {idle_timeout} s (tuning_path_idle_timeout: {idle_timeout}). It applies to sockets"
                " with SO_KEEPALIVE.",
                profile="keepalive",
                keys=("net.ipv4.tcp_keepalive_time",),
                only_if="late",
            ),
        ),
        avoid=("retries",),
    ),
}

RULES = (RETRANSMITS, RESETS)
