# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about kernel tables and memory: conntrack and tcp_mem. Thresholds are percent of the limit."""

from __future__ import annotations

from typing import Any, Mapping

from .facts import Facts
from .rule import CRITICAL, WARNING, Judgement, Remedy, Rule, above, percent, worst

_PAGE = 4096


def conntrack(facts: Facts, bounds: Mapping[str, float]) -> Judgement | None:
    """The table of tracked connections."""
    if facts.get("conntrack") is None and any("absent" in why for why in facts.told("conntrack")):
        return None  # nothing is tracked
    if facts.need("conntrack") is None:
        return None
    count, most = facts.need("conntrack", "count"), facts.need("conntrack", "max")
    share, dropped = percent(count, most), facts.get("rates", "conntrack", "drop")
    severity = worst(above(share, bounds), CRITICAL if (dropped or 0) > 0 else None)
    return severity and Judgement(severity, {"count": count, "max": most, "percent": share, **_tracking(facts)})


def _tracking(facts: Facts) -> dict[str, Any]:
    return {
        "buckets": facts.get("conntrack", "buckets"),
        "dropped_per_second": facts.get("rates", "conntrack", "drop"),
        "evicted_per_second": facts.get("rates", "conntrack", "early_drop"),
    }


def tcp_memory(facts: Facts, bounds: Mapping[str, float]) -> Judgement | None:
    """Pages that TCP holds on the whole machine, against tcp_mem."""
    pages, high, pressure = facts.need("memory", "pages"), facts.need("memory", "high"), facts.get("memory", "pressure")
    share = percent(pages, high)
    pressed = pages is not None and pressure is not None and pages > pressure
    critical = (share or 0) >= bounds["critical"] or _resets(facts, share, bounds)
    if not (critical or pressed):
        return None
    state, held = _fullest(facts, pages)
    evidence = {"pages": pages, "pressure": pressure, "high": high, "percent": share}
    evidence.update(fullest_state=state, fullest_bytes=held, resets_per_second=facts.rate("TCPAbortOnMemory"))
    mostly = state and held * 2 >= (pages or 0) * _PAGE
    return Judgement(CRITICAL if critical else WARNING, evidence, (state.lower(),) if mostly else ())


def _resets(facts: Facts, share: float | None, bounds: Mapping[str, float]) -> bool:
    """Whether connections are reset for want of memory. What is reset for too many orphans is counted there, too."""
    orphans = percent(facts.get("orphans", "count"), facts.get("orphans", "max"))
    of_orphans = (orphans or 0) >= bounds["orphans"] and (share or 0) < bounds["critical"]
    return (facts.rate("TCPAbortOnMemory") or 0) > 0 and not of_orphans


def _fullest(facts: Facts, pages: float | None) -> tuple[str | None, float]:
    """The state whose queues hold most, and how many bytes; none where they hold little of those pages."""
    held = {state: _queued(queue) for state, queue in (facts.get("queues") or {}).items() if queue}
    state = max(held, key=lambda name: held[name], default=None)
    if state is None or held[state] * 10 < (pages or 0) * _PAGE:
        return None, 0
    return state, held[state]


def _queued(queue: Mapping[str, Any]) -> float:
    return sum((queue.get(name) or {}).get("bytes") or 0 for name in ("recv_q", "send_q"))


CONNTRACK = Rule(
    id="conntrack",
    title="{count} of {max} connections are tracked: {percent} %",
    judge=conntrack,
    thresholds={"warning": 75, "critical": 90},
    cause=(
        "A packet that needs a new entry in a full table is dropped (`table full, dropping packet`), of "
        "whatever service."
    ),
    remedies=(
        Remedy(
            "sysctl",
            "Raise net.netfilter.nf_conntrack_max, and nf_conntrack_buckets with it ({buckets} now): "
            "else chains grow long.",
            profile="million_connections",
            keys=("net.netfilter.nf_conntrack_max", "net.netfilter.nf_conntrack_buckets"),
        ),
        Remedy("network", "Do not track what needs none: a notrack rule for the service's port."),
        Remedy(
            "sysctl",
            "Shorter nf_conntrack timeouts of closing connections: entries go sooner, sockets are not affected.",
            profile="conntrack_timeouts",
            keys=(
                "net.netfilter.nf_conntrack_tcp_timeout_time_wait",
                "net.netfilter.nf_conntrack_tcp_timeout_close_wait",
                "net.netfilter.nf_conntrack_tcp_timeout_fin_wait",
            ),
        ),
    ),
    avoid=("tcp_fin_timeout", "tcp_max_tw_buckets_lowered", "tcp_tw_recycle"),
    sources=("000", "nf_conntrack-sysctl.rst"),
)

TCP_MEMORY = Rule(
    id="tcp_memory",
    title="TCP runs short of memory: it holds {pages} of {high} pages",
    judge=tcp_memory,
    # orphans: percent of tcp_max_orphans from which on resets are theirs.
    thresholds={"critical": 90, "orphans": 50},
    cause=("Above tcp_mem's pressure buffers shrink, at its high mark sockets are reset. Most stands in {fullest}."),
    remedies=(
        Remedy("application", "Let the data be read, or their senders be slowed down: most stands in {fullest}."),
        Remedy(
            "sysctl",
            "Raise net.ipv4.tcp_mem, in pages and not bytes, if the machine has memory to spare.",
            profile="million_connections",
            keys=("net.ipv4.tcp_mem",),
        ),
        Remedy(
            "sysctl",
            "Smaller net.ipv4.tcp_rmem and tcp_wmem, if single connections hold too much.",
            profile="million_connections",
            keys=("net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"),
        ),
    ),
    avoid=("tcp_mem_in_bytes", "keepalive"),
    sources=("tcp(7)", "ip-sysctl.rst"),
)

RULES = (
    CONNTRACK,
    TCP_MEMORY,
)
