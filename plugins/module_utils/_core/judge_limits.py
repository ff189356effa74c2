# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is near a limit: descriptors of a process and of the system, tracked connections, memory. And what is idle."""

from __future__ import annotations

import math
from typing import Any, Mapping

from .diagnosis_facts import Facts
from .holders import named, processes, seconds_left
from .rule import CRITICAL, INFO, WARNING, Judgement, above, percent, worst

_PAGE = 4096
_OF_LIMIT = 0.2


def emfile(facts: Facts, bounds: Mapping[str, float]) -> Judgement | None:
    """The process nearest to its soft limit of open files."""
    if not facts.rows("nofile", "processes"):
        facts.need("processes")
    limited = (row for row in processes(facts) if (named(row)["nofile"] or 0) >= bounds["limit"])
    found = [(_near(row, facts, bounds), row) for row in limited]
    severity, row = max(found, key=lambda pair: (_rank(pair[0]), _share(pair[1]) or 0), default=(None, {}))
    if not severity:
        return None
    growth = row["growth"].get("descriptors")
    evidence = {
        **named(row),
        "hard": (row.get("nofile") or row).get("hard"),
        "percent": _share(row),
        "growth": growth,
        "seconds_left": seconds_left(row),
        "close_wait": (row.get("states") or {}).get("CLOSE_WAIT"),
        "ghosts": row.get("ghosts"),
        "sockets": sum(filter(None, row["states"].values())) if row.get("states") else None,
    }
    return Judgement(severity, evidence, _leaks(evidence))


def _near(row: Mapping[str, Any], facts: Facts, bounds: Mapping[str, float]) -> str | None:
    share, left = _share(row), seconds_left(row)
    severity = above(share, bounds)
    grows = left is not None and left <= bounds["seconds"] and _is_no_noise(row, facts.get("rates", "seconds"))
    return worst(severity, WARNING if grows and (share or 0) >= bounds["growing"] else None)


def _is_no_noise(row: Mapping[str, Any], seconds: float | None) -> bool:
    """Whether it gained more than a process that opens and closes at random would have: twice the deviation."""
    return (row["growth"]["descriptors"] * (seconds or 1)) >= 2 * math.sqrt(row["descriptors"])


def _share(row: Mapping[str, Any]) -> float | None:
    return percent(row.get("descriptors"), named(row)["nofile"])


def _rank(severity: str | None) -> int:
    return (None, WARNING, CRITICAL).index(severity)


def _leaks(evidence: Mapping[str, Any]) -> tuple[str, ...]:
    least = _OF_LIMIT * (evidence["nofile"] or 0)
    leaks = {"close_wait": evidence["close_wait"] or 0, "ghost_descriptors": evidence["ghosts"] or 0}
    large = [name for name in leaks if leaks[name] >= least]
    together = sum(leaks.values()) >= least
    return tuple(large) or (tuple(leaks) if together else ())


def nofile_high(facts: Facts, bounds: Mapping[str, float]) -> dict[str, Any] | None:
    """A process that is high, but not near, and does not grow as far as is known."""
    found = [(_share(row) or 0, row) for row in processes(facts) if (named(row)["nofile"] or 0) >= bounds["limit"]]
    share, row = max(found, key=lambda pair: pair[0], default=(0, {}))
    return {**named(row), "percent": share} if share >= bounds["count"] else None


def enfile(facts: Facts, bounds: Mapping[str, float]) -> Judgement | None:
    """Open files of the whole system."""
    allocated, most = facts.need("nofile", "system", "allocated"), facts.need("nofile", "system", "file_max")
    share = percent(allocated, most)
    severity = above(share, bounds)
    if not severity:
        return None
    growth = facts.get("nofile", "rates", "allocated")
    holder = max(processes(facts), key=lambda row: row.get("descriptors") or 0, default={})
    evidence = {
        "allocated": allocated,
        "file_max": most,
        "percent": share,
        "growth": growth,
        "seconds_left": max(0, int((most - allocated) / growth)) if growth and growth > 0 else None,
        **(named(holder) if holder else {}),
    }
    leaked = (facts.get("states", "CLOSE_WAIT") or 0) + sum(row.get("ghosts") or 0 for row in processes(facts))
    return Judgement(severity, evidence, ("close_wait", "ghost_descriptors") if leaked * 2 >= allocated else ())


def conntrack(facts: Facts, bounds: Mapping[str, float]) -> Judgement | None:
    """The table of tracked connections."""
    if facts.get("conntrack") is None and any("absent" in why for why in facts.told("conntrack")):
        return None  # nothing is tracked
    if facts.need("conntrack") is None:
        return None
    count, most = facts.need("conntrack", "count"), facts.need("conntrack", "max")
    share, dropped = percent(count, most), facts.get("rates", "conntrack", "drop")
    severity = worst(above(share, bounds), CRITICAL if (dropped or 0) > 0 else None)
    if not severity:
        return None
    evidence = {
        "count": count,
        "max": most,
        "percent": share,
        "buckets": facts.get("conntrack", "buckets"),
        "dropped_per_second": dropped,
        "evicted_per_second": facts.get("rates", "conntrack", "early_drop"),
    }
    return Judgement(severity, evidence)


def tcp_memory(facts: Facts, bounds: Mapping[str, float]) -> Judgement | None:
    """Pages that TCP holds on the whole machine, against tcp_mem."""
    pages, high, pressure = facts.need("memory", "pages"), facts.need("memory", "high"), facts.get("memory", "pressure")
    share, aborted = percent(pages, high), facts.rate("TCPAbortOnMemory")
    orphans = percent(facts.get("orphans", "count"), facts.get("orphans", "max"))
    # The kernel counts what it resets for too many orphans there, too.
    short = (aborted or 0) > 0 and not ((orphans or 0) >= bounds["orphans"] and (share or 0) < bounds["critical"])
    pressed = pages is not None and pressure is not None and pages > pressure
    severity = worst(
        above(share, {CRITICAL: bounds["critical"]}), CRITICAL if short else None, WARNING if pressed else None
    )
    if not severity:
        return None
    queued = _queued(facts)
    state = max(queued, key=lambda name: queued[name], default=None)
    state = state if state and queued[state] * 10 >= (pages or 0) * _PAGE else None
    evidence = {
        "pages": pages,
        "pressure": pressure,
        "high": high,
        "percent": share,
        "bytes": None if pages is None else pages * _PAGE,
        "resets_per_second": aborted,
        "fullest_state": state,
        "fullest_bytes": queued.get(state),
    }
    mostly = state and pages and queued[state] * 2 >= pages * _PAGE
    return Judgement(severity, evidence, (state.lower(),) if mostly else ())


def _queued(facts: Facts) -> dict[str, float]:
    found = facts.get("queues") or {}
    return {
        state: sum((queue.get(name) or {}).get("bytes") or 0 for name in ("recv_q", "send_q"))
        for state, queue in found.items()
        if queue
    }


def idle_established(facts: Facts, bounds: Mapping[str, float]) -> Judgement | None:
    """Connections that nothing moves on, or that nobody reads from, and no keepalive that would find dead peers."""
    count = facts.need("states", "ESTABLISHED")
    if not count or count < bounds["unread"]:
        return None
    queue = facts.get("queues", "ESTABLISHED") or {}
    kept = (queue.get("timers") or {}).get("keepalive")
    unread = (queue.get("recv_q") or {}).get("sockets")
    segments = facts.get("rates", "Tcp", "InSegs")
    stuck = unread is not None and unread >= bounds["unread"] and unread * 100 >= bounds["unread_share"] * count
    # Where so much still comes, somebody reads, only more slowly than others send.
    stuck = stuck and (segments or 0) < bounds["unread_segments"] * unread
    if not stuck and count >= bounds["count"] and (kept is None or segments is None):
        facts.need(*(("queues", "ESTABLISHED") if kept is None else ("rates", "Tcp", "InSegs")))
    if not stuck and (count < bounds["count"] or kept is None or segments is None):
        return None
    idle = segments is not None and segments < bounds["segments"] * count
    if not stuck and not (idle and kept * 100 < bounds["kept_share"] * count):
        return None
    evidence = {
        "count": count,
        "keepalive": kept,
        "unread_sockets": unread,
        "unread_bytes": (queue.get("recv_q") or {}).get("bytes"),
        "segments_per_second": segments,
        "unread": stuck,
        "unkept": not stuck,
        "how": "nobody reads from them" if stuck else "idle, without keepalive",
        "peers": facts.rows("peers", "ESTABLISHED")[:5],
    }
    return Judgement(WARNING if stuck else INFO, evidence, ("accept_queue",))
