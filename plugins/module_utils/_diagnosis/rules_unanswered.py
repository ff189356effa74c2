# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about connections that were closed here and whose peers do not answer: LAST_ACK, FIN_WAIT1, CLOSING.

A peer that answers ends each of these states within a round trip. What distinguishes a problem from a busy host is that
these sockets had to retransmit; if that is unknown, it takes more of them.
"""

from __future__ import annotations

from typing import Any, Callable, Mapping

from .facts import Facts
from .holders import busiest_port
from .rule import WARNING, Judgement, Remedy, Rule, Thresholds, percent, severity_of, worst

_STATES = {"last_ack": "LAST_ACK", "fin_wait1": "FIN_WAIT1", "closing": "CLOSING"}
# With a smaller share of all orphans, the state is not what fills the limit.
_SHARE_OF_ORPHANS = 0.1


def _unanswered(rule: str) -> Callable[[Facts, Thresholds], Judgement | None]:
    """Return the judge of one of the three states."""

    def judge(facts: Facts, bounds: Thresholds) -> Judgement | None:
        count = facts.need("states", _STATES[rule])
        if not count:
            return None
        severity = worst(_by_number(facts, _STATES[rule], count, bounds), _orphans(facts, _STATES[rule], count, bounds))
        return severity and Judgement(severity, _evidence(facts, _STATES[rule], count), _larger(facts, rule, count))

    return judge


# warning, critical: percent of tcp_max_orphans. count: sockets that had to retransmit. unproved: sockets if that is
# unknown. share: percent of ESTABLISHED.
_THRESHOLDS = {"warning": 25, "critical": 50, "count": 50, "unproved": 300, "share": 20}
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
    thresholds=_THRESHOLDS,
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


def _by_number(facts: Facts, state: str, count: float, bounds: Thresholds) -> str | None:
    retransmitting = facts.get("queues", state, "unanswered")
    proved = retransmitting is not None or (facts.rate("TCPAbortOnTimeout") or 0) > 0
    many = count if retransmitting is None else retransmitting
    established = facts.get("states", "ESTABLISHED") or 0
    if many < bounds["count"] or many * 100 < bounds["share"] * established:
        return None
    if not proved and many < bounds["unproved"]:
        facts.need("queues", state, "unanswered")
        return None
    return WARNING


def _orphans(facts: Facts, state: str, count: float, bounds: Thresholds) -> str | None:
    """Judge the orphans of the whole host, if most of them are in this state."""
    orphans, maximum = facts.get("orphans", "count"), facts.get("orphans", "max")
    counts = [facts.get("states", name) or 0 for name in (*_STATES.values(), "FIN_WAIT2")]
    if not orphans or count < max(counts) or count < _SHARE_OF_ORPHANS * orphans:
        return None
    return severity_of(percent(orphans, maximum), bounds)


def _larger(facts: Facts, rule: str, count: float) -> tuple[str, ...]:
    """Return the other two rules, if their state has more sockets: all three have one cause, and the largest stands
    for it.
    """
    others = {name: facts.get("states", state) or 0 for name, state in _STATES.items() if name != rule}
    order = list(_STATES)
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


def _orphans_elsewhere(facts: Facts, bounds: Thresholds) -> Judgement | None:
    """Judge the orphans of the whole host, if most of them are in other network namespaces."""
    orphans, maximum = facts.need("orphans", "count"), facts.need("orphans", "max")
    share = percent(orphans, maximum)
    severity = severity_of(share, bounds)
    if not severity or not orphans:
        return None
    own = sum(_orphaned(facts, state) for state in (*_STATES.values(), "FIN_WAIT2"))
    if own * 2 >= orphans:
        return None  # a matter of the rules about these states
    evidence = {
        "orphans": orphans,
        "max": maximum,
        "percent": share,
        "own": own,
        "resets_per_second": facts.rate("TCPAbortOnMemory"),
    }
    return Judgement(severity, evidence)


def _orphaned(facts: Facts, state: str) -> float:
    """Return how many sockets of a state no process holds, or all of them if that is unknown."""
    count, unowned = facts.get("states", state) or 0, facts.get("queues", state, "unowned")
    return count if unowned is None else unowned


ORPHANS = Rule(
    id="orphans",
    title="{orphans} of at most {max} orphaned connections, {own} of them in this network namespace",
    judge=_orphans_elsewhere,
    # warning, critical: percent of tcp_max_orphans, if most of the orphans are in other network namespaces.
    thresholds={"warning": 50, "critical": 90},
    figures=("{percent} % of net.ipv4.tcp_max_orphans", "{resets_per_second} connections reset/s"),
    cause=(
        "net.ipv4.tcp_max_orphans limits the whole host. Containers or other network namespaces hold most of these"
        " orphans: connections that were closed there, and whose peers do not answer. Near the limit the kernel resets"
        " orphans, also those of this namespace, before their last data is delivered."
    ),
    remedies=(
        Remedy(
            "network",
            "Find the namespace that has them, and its peers that do not answer: diagnose it by the pid of one of its"
            " processes (tcp_diagnosis_info, option pid).",
        ),
        Remedy(
            "sysctl",
            "Raise net.ipv4.tcp_max_orphans ({max} now) if the host has memory to spare (tuning_settings); each orphan"
            " takes up to 64 kB.",
        ),
    ),
    avoid=("tcp_max_orphans_lowered", "tcp_fin_timeout"),
    sources=("ip-sysctl.rst", "tcp(7)"),
)

RULES = (LAST_ACK, FIN_WAIT1, CLOSING, ORPHANS)
