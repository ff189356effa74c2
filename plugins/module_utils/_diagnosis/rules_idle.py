# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rule about established connections that nobody reads or that stay idle."""

from __future__ import annotations

from typing import Any, Mapping

from .facts import Facts
from .rule import INFO, WARNING, Judgement, Remedy, Rule


def idle_established(facts: Facts, bounds: Mapping[str, float]) -> Judgement | None:
    """Data that stay unread are an application that hangs; silence without keepalive may be peers that are gone."""
    count = facts.need("states", "ESTABLISHED") or 0
    if _nobody_reads(facts, count, bounds):
        return Judgement(WARNING, _evidence(facts, count, unread=True), ("accept_queue",))
    if count >= bounds["count"] and _is_idle(facts, count, bounds):
        return Judgement(INFO, _evidence(facts, count, unread=False), ("accept_queue",))
    return None


def _nobody_reads(facts: Facts, count: float, bounds: Mapping[str, float]) -> bool:
    """Where much still comes, somebody reads, only more slowly than others send."""
    unread, segments = _received(facts).get("sockets") or 0, facts.get("rates", "Tcp", "InSegs") or 0
    many = unread >= bounds["unread"] and unread * 100 >= bounds["unread_share"] * count
    return many and segments < bounds["unread_segments"] * unread


def _is_idle(facts: Facts, count: float, bounds: Mapping[str, float]) -> bool:
    kept, segments = facts.need("queues", "ESTABLISHED", "timers", "keepalive"), facts.need("rates", "Tcp", "InSegs")
    if kept is None or segments is None:
        return False
    return segments < bounds["segments"] * count and kept * 100 < bounds["kept_share"] * count


def _received(facts: Facts) -> Mapping[str, Any]:
    return facts.get("queues", "ESTABLISHED", "recv_q") or {}


def _evidence(facts: Facts, count: float, *, unread: bool) -> dict[str, Any]:
    return {
        "count": count,
        "how": "nobody reads from them" if unread else "idle, without keepalive",
        "unread": unread,
        "unkept": not unread,
        "keepalive": facts.get("queues", "ESTABLISHED", "timers", "keepalive"),
        "unread_sockets": _received(facts).get("sockets"),
        "unread_bytes": _received(facts).get("bytes"),
        "segments_per_second": facts.get("rates", "Tcp", "InSegs"),
        "peers": facts.rows("peers", "ESTABLISHED")[:5],
    }


IDLE_ESTABLISHED = Rule(
    id="idle_established",
    title="{count} connections are established, and {how}",
    judge=idle_established,
    # unread: how many have data that nobody reads, and unread_share percent; unless unread_segments come for each of
    # them in a second. count: how many are idle, with keepalive on less than kept_share percent, and less than
    # `segments` received for each in a second.
    thresholds={
        "unread": 100,
        "unread_share": 50,
        "unread_segments": 1,
        "count": 1000,
        "kept_share": 10,
        "segments": 0.01,
    },
    cause=(
        "Nothing tells a live idle peer from one that has vanished, unless somebody sends: the application, "
        "or keepalive. Data that stay unread are those of an application that hangs."
    ),
    remedies=(
        Remedy(
            "application", "Find out why data are not read: {unread_sockets} sockets have some waiting.", given="unread"
        ),
        Remedy("application", "Let it set SO_KEEPALIVE, or end connections that were idle for long.", given="unkept"),
        Remedy(
            "sysctl",
            "Then net.ipv4.tcp_keepalive_time, _probes and _intvl of 1800, 3 and 15: they act on no other sockets.",
            profile="keepalive",
            keys=("net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_keepalive_intvl"),
            given="unkept",
        ),
    ),
    avoid=("keepalive_aggressive", "tcp_fin_timeout", "conntrack_timeouts"),
    sources=("000", "tcp(7)"),
)

RULES = (IDLE_ESTABLISHED,)
