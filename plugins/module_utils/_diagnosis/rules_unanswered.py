# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about connections that were closed here and whose peers do not answer: LAST_ACK, FIN_WAIT1, CLOSING.

A peer that answers ends each of these states within a round trip. What distinguishes a problem from a busy host is that
these sockets had to retransmit; if that is unknown, it takes more of them. Some peers of a busy host always vanish, so
the number is compared with the connections in use, and a large one also with the connections opened meanwhile.
"""

from __future__ import annotations

from typing import Any, Callable, Mapping

from .facts import Facts
from .holders import busiest_port
from .rule import WARNING, Judgement, Remedy, Rule, Thresholds, is_shrinking, percent

STATES = {"last_ack": "LAST_ACK", "fin_wait1": "FIN_WAIT1", "closing": "CLOSING"}


def _unanswered(rule: str) -> Callable[[Facts, Thresholds], Judgement | None]:
    """Return the judge of one of the three states."""

    def judge(facts: Facts, bounds: Thresholds) -> Judgement | None:
        count = facts.need("states", STATES[rule])
        if not count:
            return None
        if not _are_many(facts, STATES[rule], count, bounds):
            return None
        return Judgement(WARNING, _evidence(facts, STATES[rule], count), _larger(facts, rule, count))

    return judge


# count: sockets that had to retransmit. unproved: sockets if that is unknown. share: percent of ESTABLISHED; from
# `many` on, many_share percent are enough if they do not shrink. seconds: fewer than are opened in this time are
# usual, unless one peer has most of them.
_THRESHOLDS = {"count": 50, "unproved": 300, "share": 20, "many": 1000, "many_share": 5, "seconds": 5}
_FIGURES = (
    "{unanswered} had to retransmit",
    "{queued_bytes} bytes are queued in {queued_sockets} sockets",
    "{growth}/s",
    "{timeouts_per_second} given up/s",
    "orphans: {orphans_percent} % of the host's limit",
    "{established} connections are in use",
)
_REMEDIES = (
    Remedy(
        "network",
        "Look for packet loss, a wrong MTU, or a filter on the way to the top peers: {peer_list}.",
        only_if="segments_lost",
    ),
    Remedy(
        "network",
        "Most peers read nothing more, but answer each probe, so no timer ends them: disconnect such clients, by a"
        " proxy with a send timeout or by ss --kill: {peer_list}.",
        only_if="windows_closed",
    ),
    Remedy(
        "sysctl",
        "net.ipv4.tcp_orphan_retries = 2: an orphan gives up after about 3 seconds, not 107. It may cut slow clients.",
        profile="orphans",
        keys=("net.ipv4.tcp_orphan_retries",),
        only_if="mostly_orphaned",
        done_if=("net.ipv4.tcp_orphan_retries", ("1", "2", "3")),
    ),
    Remedy(
        "application",
        "A process still holds most of them, so no orphan's timer applies: let it close() what it has shut down.",
        only_if="mostly_owned",
    ),
)
_AVOID = ("conntrack_timeouts", "tcp_retries2", "tcp_fin_timeout", "keepalive")
_SOURCES = ("002", "tcp(7)")

LAST_ACK = Rule(
    id="last_ack",
    title="{count} connections in LAST_ACK: peers do not acknowledge the end",
    judge=_unanswered("last_ack"),
    thresholds=_THRESHOLDS,
    figures=_FIGURES,
    cause=(
        "The peers closed first, this side closed too, and its last data or FIN is not acknowledged, so it is"
        " retransmitted."
    ),
    remedies=_REMEDIES,
    avoid=_AVOID,
    sources=_SOURCES,
)

FIN_WAIT1 = Rule(
    id="fin_wait1",
    title="{count} connections in FIN_WAIT1: peers do not acknowledge the end",
    judge=_unanswered("fin_wait1"),
    # Of clients on mobile networks more vanish before this side closes than after they have closed themselves.
    thresholds={**_THRESHOLDS, "many_share": 10, "seconds": 15},
    figures=_FIGURES,
    cause=(
        "This side closed first, and its last data or FIN is not acknowledged: the peers are gone, or do not read any"
        " more."
    ),
    remedies=_REMEDIES,
    avoid=_AVOID,
    sources=_SOURCES,
)

CLOSING = Rule(
    id="closing",
    title="{count} connections in CLOSING: both sides closed at once, and peers do not acknowledge it",
    judge=_unanswered("closing"),
    thresholds=_THRESHOLDS,
    figures=_FIGURES,
    cause="Both sides closed at the same time, and this side's FIN is not acknowledged, so it is retransmitted.",
    remedies=_REMEDIES,
    avoid=_AVOID,
    sources=_SOURCES,
)


def _are_many(facts: Facts, state: str, count: float, bounds: Thresholds) -> bool:
    retransmitting = facts.get("queues", state, "unanswered")
    proved = retransmitting is not None or (facts.rate("TCPAbortOnTimeout") or 0) > 0
    many = count if retransmitting is None else retransmitting
    established = facts.get("states", "ESTABLISHED") or 0
    if many < bounds["count"] or _are_usual(facts, state, count, many, bounds):
        return False
    if many * 100 < bounds["share"] * established and not _are_too_many(facts, state, many, bounds):
        return False
    if not proved and many < bounds["unproved"]:
        facts.need("queues", state, "unanswered")
        return False
    return True


def _are_too_many(facts: Facts, state: str, many: float, bounds: Thresholds) -> bool:
    """Return whether there are more of them than any busy host has, whatever the number of connections in use."""
    established = facts.get("states", "ESTABLISHED") or 0
    if many < bounds["many"] or many * 100 < bounds["many_share"] * established:
        return False
    return not is_shrinking(many, facts.get("rates", "states", state))


def _are_usual(facts: Facts, state: str, count: float, many: float, bounds: Thresholds) -> bool:
    """Return whether so many connections end meanwhile that some of their many peers have vanished."""
    top = max((row.get("count") or 0 for row in facts.rows("peers", state)), default=0)
    return many < bounds["seconds"] * (facts.opened() or 0) and top * 2 < count


def _larger(facts: Facts, rule: str, count: float) -> tuple[str, ...]:
    """Return the other two rules, if their state has more sockets: all three have one cause, and the largest stands
    for it.
    """
    others = {name: facts.get("states", state) or 0 for name, state in STATES.items() if name != rule}
    order = list(STATES)
    return tuple(
        name
        for name in sorted(others, key=lambda name: -others[name])
        if (others[name], -order.index(name)) > (count, -order.index(rule))
    )


def _evidence(facts: Facts, state: str, count: float) -> dict[str, Any]:
    queue: Mapping[str, Any] = facts.get("queues", state) or {}
    unowned = queue.get("unowned")
    # A peer with a closed window answers each probe, so no number of retries is ever reached.
    closed = ((queue.get("timers") or {}).get("persist") or 0) * 2 >= count
    return {
        "count": count,
        "unanswered": queue.get("unanswered"),
        "orphaned": unowned,
        # Sockets that their process only shut down follow tcp_retries2 instead of tcp_orphan_retries.
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
        **busiest_port(facts, state),
    }


RULES = (LAST_ACK, FIN_WAIT1, CLOSING)
