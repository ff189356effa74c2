# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was closed here and waits for peers that do not answer: LAST_ACK, FIN_WAIT1, CLOSING.

A peer that answers takes each of these away within a round trip. What tells a pile-up from a busy host is that they
had to send again; without that knowledge it takes more of them.
"""

from __future__ import annotations

from typing import Any, Callable, Mapping

from .facts import Facts
from .holders import at_port
from .rule import WARNING, Judgement, above, percent, worst

STATES = {"last_ack": "LAST_ACK", "fin_wait1": "FIN_WAIT1", "closing": "CLOSING"}
# A tenth of all orphans: less is not what fills the limit.
_OF_ORPHANS = 0.1


def unanswered(rule: str) -> Callable[[Facts, Mapping[str, float]], Judgement | None]:
    """The judge of one of the three states."""

    def judge(facts: Facts, bounds: Mapping[str, float]) -> Judgement | None:
        count = facts.need("states", STATES[rule])
        if not count:
            return None
        severity = worst(_pile(facts, STATES[rule], count, bounds), _orphans(facts, STATES[rule], count, bounds))
        return severity and Judgement(severity, _evidence(facts, STATES[rule], count), _larger(facts, rule, count))

    return judge


def _pile(facts: Facts, state: str, count: float, bounds: Mapping[str, float]) -> str | None:
    silent = facts.get("queues", state, "unanswered")
    proved = silent is not None or (facts.rate("TCPAbortOnTimeout") or 0) > 0
    many = count if silent is None else silent
    established = facts.get("states", "ESTABLISHED") or 0
    if many < bounds["count"] or many * 100 < bounds["share"] * established:
        return None
    if not proved and many < bounds["unproved"]:
        facts.need("queues", state, "unanswered")
        return None
    return WARNING


def _orphans(facts: Facts, state: str, count: float, bounds: Mapping[str, float]) -> str | None:
    """Sockets that no process holds any more, of the whole machine, where this state makes up most of them."""
    orphans, most = facts.get("orphans", "count"), facts.get("orphans", "max")
    counts = [facts.get("states", name) or 0 for name in (*STATES.values(), "FIN_WAIT2")]
    if not orphans or count < max(counts) or count < _OF_ORPHANS * orphans:
        return None
    return above(percent(orphans, most), bounds)


def _larger(facts: Facts, rule: str, count: float) -> tuple[str, ...]:
    """They have one cause; the largest stands for it."""
    others = {name: facts.get("states", state) or 0 for name, state in STATES.items() if name != rule}
    order = list(STATES)
    return tuple(
        name
        for name in sorted(others, key=lambda name: -others[name])
        if (others[name], -order.index(name)) > (count, -order.index(rule))
    )


def _evidence(facts: Facts, state: str, count: float) -> dict[str, Any]:
    queue = facts.get("queues", state) or {}
    unowned = queue.get("unowned")
    # A peer that only takes nothing more answers each probe, so that no number of retries is ever reached.
    closed = ((queue.get("timers") or {}).get("persist") or 0) * 2 >= count
    return {
        "count": count,
        "unanswered": queue.get("unanswered"),
        "orphaned": unowned,
        # Ones whose process only shut them down follow tcp_retries2 instead of tcp_orphan_retries.
        "mostly_orphaned": None if unowned is None else unowned * 2 >= count and not closed,
        "mostly_owned": unowned is not None and unowned * 2 < count,
        "windows_closed": closed,
        "segments_lost": not closed,
        "queued_bytes": (queue.get("send_q") or {}).get("bytes"),
        "queued_sockets": (queue.get("send_q") or {}).get("sockets"),
        "established": facts.get("states", "ESTABLISHED"),
        "growth": facts.get("rates", "states", state),
        "orphans": facts.get("orphans", "count"),
        "orphans_percent": percent(facts.get("orphans", "count"), facts.get("orphans", "max")),
        "timeouts_per_second": facts.rate("TCPAbortOnTimeout"),
        "peers": facts.rows("peers", state)[:5],
        **at_port(facts, state),
    }
