# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about the connection tracking table and TCP memory, which many sockets and namespaces share."""

from __future__ import annotations

from typing import Any, Mapping

from .facts import Facts
from .rule import CRITICAL, WARNING, Judgement, Note, Remedy, Rule, Thresholds, percent, severity_of, worst

_PAGE = 4096
_TIMEOUT = "net.netfilter.nf_conntrack_tcp_timeout_established"
_DAY = 86400
# Percent: a table that is less full was probably not full a moment ago.
_HALF = 50
# Packets per second that are worth a note.
_MANY_CLASHES = 1
_BYPASS = "net.core.bypass_prot_mem"
# The rules about states that data may be queued in.
_RULE_OF_STATE = {"ESTABLISHED": "idle_established"}


def _conntrack(facts: Facts, bounds: Thresholds) -> Judgement | None:
    """Judge how full the table of tracked connections is."""
    if facts.get("conntrack") is None and any("absent" in reason for reason in facts.reasons("conntrack")):
        return None  # nothing is tracked
    if facts.need("conntrack") is None:
        return None
    count, maximum = facts.need("conntrack", "count"), facts.need("conntrack", "max")
    share, dropped, lost = percent(count, maximum), facts.get("rates", "conntrack", "drop"), _refused(facts)
    if dropped is None and facts.reasons("rates.conntrack.drop"):
        facts.need("rates", "conntrack", "drop")
    severity = worst(severity_of(share, bounds), CRITICAL if lost > 0 else None)
    evidence = {
        "count": count,
        "max": maximum,
        "percent": share,
        "buckets": facts.get("conntrack", "buckets"),
        "dropped_per_second": dropped,
        **_owners(facts, count),
        "evicted_per_second": facts.get("rates", "conntrack", "early_drop"),
    }
    texts = NOT_FULL if lost > 0 and share is not None and share < _HALF else None
    return severity and Judgement(severity, evidence, (), texts)


def _refused(facts: Facts) -> float:
    """Return the packets per second that got no entry, without those that another packet of theirs was ahead of."""
    dropped, failed = facts.get("rates", "conntrack", "drop"), facts.get("rates", "conntrack", "insert_failed")
    return max(0, (dropped or 0) - max(0, failed or 0))


CONNTRACK = Rule(
    id="conntrack",
    title="{count} of {max} connections are tracked: {percent} %",
    judge=_conntrack,
    # warning, critical: percent of net.netfilter.nf_conntrack_max.
    thresholds={"warning": 75, "critical": 90},
    figures=(
        "{dropped_per_second} packets dropped/s",
        "{evicted_per_second} entries evicted/s",
        "{own} of them can be TCP connections of this host itself",
        "entries of established connections stay for {established_timeout} seconds",
        "{buckets} buckets",
    ),
    cause=(
        "A packet that needs a new entry in a full table is dropped (`table full, dropping packet`), whatever service"
        " it is for."
    ),
    remedies=(
        Remedy(
            "sysctl",
            "Raise net.netfilter.nf_conntrack_max, and nf_conntrack_buckets with it ({buckets} now): otherwise chains"
            " grow long.",
            profile="million_connections",
            keys=("net.netfilter.nf_conntrack_max", "net.netfilter.nf_conntrack_buckets"),
        ),
        Remedy(
            "network",
            "Do not track connections that need no tracking: add a notrack rule for the service's port.",
            only_if="mostly_own",
        ),
        Remedy(
            "network",
            "Only {own} can be this host's own TCP connections. Find out what the others are (conntrack -L, by protocol"
            " and source): forwarded traffic, containers, UDP, or connections that no longer exist.",
            only_if="mostly_others",
        ),
        Remedy(
            "sysctl",
            "Lower net.netfilter.nf_conntrack_tcp_timeout_established to 86400 (tuning_settings): entries of"
            " connections that ended unseen stay for that time, by default for five days.",
            only_if="stale",
        ),
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


NOT_FULL = CONNTRACK._replace(
    title="Connection tracking drops {dropped_per_second} packets/s, with {count} of {max} entries in use: {percent} %",
    figures=("{evicted_per_second} entries evicted/s", "{buckets} buckets"),
    cause=(
        "The table was not full when it was read. It may be full at other moments, or the kernel has no memory for an"
        " entry."
    ),
    remedies=(
        Remedy("network", "Look for `table full` in the kernel's log, and take a longer sample at the busiest hour."),
        Remedy("network", "See which counter grows with conntrack -S: drop, early_drop, insert_failed or invalid."),
    ),
)


def _clashes(facts: Facts, _bounds: Thresholds) -> dict[str, Any] | None:
    """Return how many packets are dropped because another packet made the same entry first: both counters count it."""
    dropped, failed = facts.get("rates", "conntrack", "drop"), facts.get("rates", "conntrack", "insert_failed")
    clashes = min(dropped or 0, failed or 0)
    return {"clashes_per_second": clashes} if clashes >= _MANY_CLASHES else None


CLASHES = Note(
    id="conntrack_clashes",
    text=(
        "Connection tracking drops {clashes_per_second} packets/s because two packets began the same connection at"
        " once, as DNS queries in pairs do. No larger table avoids that: let the resolver send one query at a time"
        " (single-request-reopen), or do not track DNS."
    ),
    judge=_clashes,
    thresholds={},
    unless=("conntrack",),
)


def _owners(facts: Facts, count: float | None) -> dict[str, Any]:
    """Return how many entries can be of this host's own sockets: each tracked connection has at least one socket."""
    states = facts.get("states")
    own = None if states is None else sum(states.get(name) or 0 for name in states if name != "LISTEN")
    timeout = facts.sysctl(_TIMEOUT) or ""
    seconds = int(timeout) if timeout.isdigit() else None
    others = own is not None and own * 2 < (count or 0)
    return {
        "own": own if others else None,
        "mostly_others": others,
        "mostly_own": not others,
        "established_timeout": seconds if others else None,
        "stale": others and (seconds is None or seconds > _DAY),
    }


def _tcp_memory(facts: Facts, bounds: Thresholds) -> Judgement | None:
    """Judge the pages that TCP holds on the whole host against tcp_mem."""
    pages, high, pressure = facts.need("memory", "pages"), facts.need("memory", "high"), facts.get("memory", "pressure")
    share = percent(pages, high)
    pressed = pages is not None and pressure is not None and pages > pressure
    critical = (share or 0) >= bounds["critical"] or _are_reset(facts, share, bounds)
    if not (critical or pressed):
        return None
    state, held = _fullest(facts, pages)
    unsent = state is not None and _bytes(facts.get("queues", state), "send_q") * 2 > held
    evidence = {"pages": pages, "pressure": pressure, "high": high, "percent": share}
    evidence.update(mostly_unread=not unsent, mostly_unsent=unsent)
    evidence.update(fullest_state=state, fullest_bytes=held, resets_per_second=facts.rate("TCPAbortOnMemory"))
    suspects = (_RULE_OF_STATE.get(state, state.lower()),) if state else _unread(facts)
    return Judgement(CRITICAL if critical else WARNING, evidence, suspects)


TCP_MEMORY = Rule(
    id="tcp_memory",
    title="TCP runs short of memory: it holds {pages} of {high} pages",
    judge=_tcp_memory,
    # critical: percent of tcp_mem's high mark. orphans: percent of tcp_max_orphans from which resets are theirs.
    thresholds={"critical": 90, "orphans": 50},
    figures=("pressure begins at {pressure} pages", "{resets_per_second} connections reset/s"),
    cause="Above tcp_mem's pressure mark buffers shrink, at its high mark connections are reset. Most is in {fullest}.",
    remedies=(
        Remedy(
            "application", "Read the data, or slow its senders down: most is in {fullest}.", only_if="mostly_unread"
        ),
        Remedy(
            "application",
            "Most waits to be sent, in {fullest}: write less ahead of slow peers (SO_SNDBUF, TCP_NOTSENT_LOWAT), and"
            " close those that do not read.",
            only_if="mostly_unsent",
        ),
        Remedy(
            "sysctl",
            "Raise net.ipv4.tcp_mem (in pages, not bytes) if the host has memory to spare.",
            profile="million_connections",
            keys=("net.ipv4.tcp_mem",),
        ),
        Remedy(
            "sysctl",
            "Lower net.ipv4.tcp_rmem and tcp_wmem if single connections hold too much.",
            profile="million_connections",
            keys=("net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"),
        ),
    ),
    avoid=("tcp_mem_in_bytes", "keepalive"),
    sources=("tcp(7)", "ip-sysctl.rst"),
)


def _are_reset(facts: Facts, share: float | None, bounds: Thresholds) -> bool:
    """Return whether connections are reset for lack of memory; the counter includes resets due to too many orphans."""
    orphans = percent(facts.get("orphans", "count"), facts.get("orphans", "max"))
    due_to_orphans = (orphans or 0) >= bounds["orphans"] and (share or 0) < bounds["critical"]
    return (facts.rate("TCPAbortOnMemory") or 0) > 0 and not due_to_orphans


def _unread(facts: Facts) -> tuple[str, ...]:
    """Return the rule about unread data if most connections have some.

    Small segments take far more memory than their bytes.
    """
    unread = facts.get("queues", "ESTABLISHED", "recv_q", "sockets") or 0
    return ("idle_established",) if unread * 2 >= (facts.get("states", "ESTABLISHED") or 0) > 0 else ()


def _fullest(facts: Facts, pages: float | None) -> tuple[str | None, float]:
    """Return the state with most bytes in its queues, and their number; (None, 0) if they are few of these pages."""
    held = {state: _queued(queue) for state, queue in (facts.get("queues") or {}).items() if queue}
    state = max(held, key=lambda name: held[name], default=None)
    if state is None or held[state] * 10 < (pages or 0) * _PAGE:
        return None, 0
    return state, held[state]


def _queued(queue: Mapping[str, Any]) -> float:
    return sum(_bytes(queue, name) for name in ("recv_q", "send_q"))


def _bytes(queue: Mapping[str, Any], name: str) -> float:
    return (queue.get(name) or {}).get("bytes") or 0


def _unmetered(facts: Facts, _bounds: Thresholds) -> dict[str, Any] | None:
    """Return the pages that TCP is known to hold, if new sockets are not counted among them."""
    pages = facts.get("memory", "pages")
    return None if facts.sysctl(_BYPASS) != "1" or pages is None else {"pages": pages}


UNMETERED = Note(
    id="unmetered_memory",
    text=(
        "net.core.bypass_prot_mem is 1: sockets opened since are outside net.ipv4.tcp_mem, so TCP holds more than the"
        " {pages} pages that are counted. The memory limits of the cgroups apply to them."
    ),
    judge=_unmetered,
    thresholds={},
    unless=(),
)

RULES = (CONNTRACK, TCP_MEMORY)
NOTES = (UNMETERED, CLASHES)
