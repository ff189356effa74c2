# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that are established and get nowhere: nothing moves on them, or nobody reads from them."""

from __future__ import annotations

from typing import Any, Mapping

from .facts import Facts
from .rule import INFO, WARNING, Judgement


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
