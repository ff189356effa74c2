# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rule about established connections that are not read or stay idle."""

from __future__ import annotations

from typing import Any, Mapping

from .facts import Facts
from .holders import process_evidence, processes
from .rule import INFO, WARNING, Judgement, Remedy, Rule, Thresholds
from .rules_path import keepalive_evidence

_PAGE = 4096
_KEYS = ("net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_keepalive_intvl")


def _idle_established(facts: Facts, bounds: Thresholds) -> Judgement | None:
    """Judge unread data, a sign of a hanging application, and silence without keepalive, where peers may be gone."""
    count = facts.need("states", "ESTABLISHED") or 0
    if _are_unread(facts, count, bounds):
        return Judgement(WARNING, _evidence(facts, count, unread=True), ("accept_queue",), UNREAD)
    if count >= bounds["count"] and _are_idle(facts, count, bounds):
        return Judgement(INFO, _evidence(facts, count, unread=False), ("accept_queue",))
    return None


IDLE_ESTABLISHED = Rule(
    id="idle_established",
    title="{count} connections are established, but idle, without keepalive",
    judge=_idle_established,
    # Unread: `unread` connections and unread_share percent have unread data, unless they receive unread_segments each
    # per second. Idle: `count` connections receive fewer than `segments` each per second, and less than kept_share
    # percent have keepalive.
    thresholds={
        "unread": 100,
        "unread_share": 50,
        "unread_segments": 1,
        "count": 1000,
        "kept_share": 10,
        "segments": 0.01,
    },
    figures=(
        "{keepalive} have keepalive",
        "{segments_per_second} segments received/s",
        "{unread_sockets} have {unread_bytes} bytes unread",
    ),
    cause=(
        "A live idle peer looks like one that has vanished until the application or keepalive sends something. NAT"
        " gateways and load balancers forget idle connections (AWS 350 s, Azure 240 s, GCP 600 s)."
    ),
    remedies=(
        Remedy("application", "Set SO_KEEPALIVE, or end connections that have been idle for long."),
        Remedy(
            "sysctl",
            "Then net.ipv4.tcp_keepalive_time, _probes and _intvl of 1800, 3 and 15: they affect no other sockets."
            " Behind a NAT gateway or load balancer set tuning_path_idle_timeout to its idle timeout.",
            profile="keepalive",
            keys=_KEYS,
            only_if="path_unknown",
        ),
        Remedy(
            "sysctl",
            "Then net.ipv4.tcp_keepalive_time of {in_time}: idle connections are forgotten on the way after"
            " {idle_timeout} s (tuning_path_idle_timeout: {idle_timeout}, with the remedy keepalive).",
            profile="keepalive",
            keys=_KEYS,
            only_if="path_known",
        ),
    ),
    avoid=("keepalive_aggressive", "tcp_fin_timeout", "conntrack_timeouts"),
    sources=("000", "tcp(7)"),
)


def _are_unread(facts: Facts, count: float, bounds: Thresholds) -> bool:
    """Return whether many have unread data and little arrives; with much arriving, reading is merely slower.

    A few are enough if TCP is short of memory and a tenth of what it holds is unread.
    """
    unread, segments = _received(facts).get("sockets") or 0, facts.get("rates", "Tcp", "InSegs") or 0
    if _fill_memory(facts):
        return True
    many = unread >= bounds["unread"] and unread * 100 >= bounds["unread_share"] * count
    return many and segments < bounds["unread_segments"] * unread


def _fill_memory(facts: Facts) -> bool:
    pages, pressure = facts.get("memory", "pages"), facts.get("memory", "pressure")
    unread = _received(facts).get("bytes") or 0
    return pages is not None and pressure is not None and pages > pressure and unread * 10 >= pages * _PAGE


def _are_idle(facts: Facts, count: float, bounds: Thresholds) -> bool:
    kept, segments = facts.need("queues", "ESTABLISHED", "timers", "keepalive"), facts.need("rates", "Tcp", "InSegs")
    if kept is None or segments is None:
        return False
    return segments < bounds["segments"] * count and kept * 100 < bounds["kept_share"] * count


def _received(facts: Facts) -> Mapping[str, Any]:
    return facts.get("queues", "ESTABLISHED", "recv_q") or {}


def _evidence(facts: Facts, count: float, *, unread: bool) -> dict[str, Any]:
    return {
        "count": count,
        "unread": unread,
        **({} if unread else keepalive_evidence(facts)),
        **(_reader(facts, count) if unread else {}),
        "keepalive": facts.get("queues", "ESTABLISHED", "timers", "keepalive"),
        "unread_sockets": _received(facts).get("sockets"),
        "unread_bytes": _received(facts).get("bytes"),
        "segments_per_second": facts.get("rates", "Tcp", "InSegs"),
        "peers": facts.rows("peers", "ESTABLISHED")[:5],
    }


def _reader(facts: Facts, count: float) -> dict[str, Any]:
    """Return the evidence that names the process that does not read; empty if the facts do not tell."""
    unread = _received(facts).get("sockets") or 0
    rows = processes(facts)
    known = [row for row in rows if row.get("unread")]
    if known:
        row = max(known, key=lambda one: (one["unread"], -one["pid"]))
        return process_evidence(row) if row["unread"] * 2 >= unread else {}
    # At least so many of a process's connections have unread data, as other processes have too few.
    held = [((row.get("states") or {}).get("ESTABLISHED") or 0, row) for row in rows]
    most, row = max(held, key=lambda pair: (pair[0], -pair[1]["pid"]), default=(0, {}))
    return process_evidence(row) if (unread - (count - most)) * 2 > unread else {}


UNREAD = IDLE_ESTABLISHED._replace(
    title="{unread_sockets} established connections have data that {who} does not read",
    cause="Data that stays unread is a sign of a hanging application. It takes memory, and its senders have to wait.",
    remedies=(
        Remedy(
            "application",
            "Find out what {who} waits for: it does not read {unread_bytes} bytes on {unread_sockets} connections.",
        ),
        Remedy("application", "Limit how many connections it accepts, and how long a request may take."),
    ),
    avoid=("tcp_fin_timeout", "conntrack_timeouts", "keepalive_aggressive"),
)

RULES = (IDLE_ESTABLISHED,)
