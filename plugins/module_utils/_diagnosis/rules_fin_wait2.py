# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about FIN_WAIT2: this side has closed or shut down, and the peer has not closed yet."""

from __future__ import annotations

import math

from .facts import Facts
from .holders import CRITICAL_SECONDS_LEFT, Holder, holders, seconds_left
from .rule import CRITICAL, WARNING, Judgement, Remedy, Rule, Thresholds, is_shrinking, percent, severity_of, worst

_ASK_PEERS = Remedy("network", "Find out why the top peers do not close: {peer_list}.")


def _fin_wait2_orphaned(facts: Facts, bounds: Thresholds) -> Judgement | None:
    """Judge sockets that no process holds; on a healthy host most go on to TIME_WAIT at once."""
    count = facts.need("states", "FIN_WAIT2")
    orphaned, waiting = orphaned_fin_wait2(facts), facts.get("states", "TIME_WAIT") or 0
    growth = facts.get("rates", "unowned", "FIN_WAIT2")
    growth = facts.get("rates", "states", "FIN_WAIT2") if growth is None else growth
    if not count or orphaned is None:
        if count and count >= bounds["growing"]:
            facts.need("queues")
        return None
    minimum = bounds["growing"] if (growth or 0) > 0 else bounds["count"]
    if orphaned < minimum or orphaned * 100 <= bounds["share"] * waiting or is_shrinking(orphaned, growth):
        return None
    evidence = {
        "count": orphaned,
        "growth": growth,
        "time_wait": waiting,
        "orphans_percent": percent(facts.get("orphans", "count"), facts.get("orphans", "max")),
        "peers": facts.rows("peers", "FIN_WAIT2")[:5],
    }
    return Judgement(WARNING, evidence, ("close_wait",) if _both_ends_are_here(facts) else ())


FIN_WAIT2_ORPHANED = Rule(
    id="fin_wait2_orphaned",
    title="{count} connections in FIN_WAIT2 that were closed here, and that the peers do not close",
    judge=_fin_wait2_orphaned,
    # growing: connections if their number grows, else count. share: percent of TIME_WAIT.
    thresholds={"growing": 100, "count": 1000, "share": 50},
    figures=("{growth}/s", "{time_wait} are in TIME_WAIT as well"),
    cause=(
        "This side has closed; the peers have acknowledged that, but send no FIN. Each connection stays for"
        " net.ipv4.tcp_fin_timeout."
    ),
    remedies=(
        Remedy(
            "sysctl",
            "net.ipv4.tcp_fin_timeout = 30 or less: how long an orphan waits for the peer's FIN (default: 60 seconds).",
            profile="squid",
            keys=("net.ipv4.tcp_fin_timeout",),
            done_if=("net.ipv4.tcp_fin_timeout", tuple(map(str, range(1, 31)))),
        ),
        _ASK_PEERS,
    ),
    avoid=("keepalive", "tcp_orphan_retries", "conntrack_timeouts"),
    sources=("001", "003", "tcp(7)"),
)


def orphaned_fin_wait2(facts: Facts) -> float | None:
    """Return how many sockets in FIN_WAIT2 no process holds; None if unknown.

    Without the fact queues the number comes from /proc/net/sockstat, which counts them as time-wait sockets.
    """
    count = facts.get("states", "FIN_WAIT2")
    unowned = facts.get("queues", "FIN_WAIT2", "unowned")
    if not count or unowned is not None:
        return unowned if count else 0
    both, time_wait = facts.get("time_wait", "count"), facts.get("states", "TIME_WAIT")
    if both is not None and time_wait is not None:
        return min(count, max(0, both - time_wait))
    if facts.get("processes") is not None:
        return max(0, count - sum(holder.count for holder in holders(facts, "FIN_WAIT2")))
    return None


def _both_ends_are_here(facts: Facts) -> bool:
    """Return whether the peers that do not close are addresses towards which this host does not close either."""
    busiest = [facts.rows("peers", state)[:1] for state in ("FIN_WAIT2", "CLOSE_WAIT")]
    addresses = [row.get("address") for rows in busiest for row in rows]
    return len(addresses) == 2 and addresses[0] is not None and addresses[0] == addresses[1]


def _fin_wait2_owned(facts: Facts, bounds: Thresholds) -> Judgement | None:
    """Judge sockets that a process still holds, which no timer ends.

    Servers that shut down and read until the client closes have some of them at any time, as many as connections end
    within a few seconds. More than that, or more than connections in use, are stuck. How urgent that is depends on the
    descriptors that they take.
    """
    count = facts.need("states", "FIN_WAIT2")
    growth, established = facts.get("rates", "states", "FIN_WAIT2"), facts.get("states", "ESTABLISHED") or 0
    orphaned = orphaned_fin_wait2(facts)
    if not count or orphaned is None:
        if count and count >= bounds["count"]:
            facts.need("queues")
        return None
    owned = count - orphaned
    minimum = bounds["unproved"] if growth is None else bounds["count"]
    holder = next(iter(holders(facts, "FIN_WAIT2")), None)
    if owned < minimum or is_shrinking(owned, growth):
        return None
    stuck = owned > established or _outlast_turnover(facts, owned, growth, holder, bounds)
    severity = worst(WARNING if stuck else None, _by_limit(facts, owned, growth, holder, bounds))
    if not severity:
        return None
    evidence = {
        "count": owned,
        "growth": growth,
        "established": established,
        "lingering": holder and holder.lingering,
        "share": holder and holder.share,
        "seconds_left": holder and seconds_left(holder.row),
        "peers": facts.rows("peers", "FIN_WAIT2")[:5],
        **(holder.who() if holder else {}),
    }
    return Judgement(severity, evidence)


FIN_WAIT2_OWNED = Rule(
    id="fin_wait2_owned",
    title="{count} connections in FIN_WAIT2 that {who} has shut down but not closed",
    judge=_fin_wait2_owned,
    # count: connections. unproved: connections if growth is unknown. many: connections if they do not grow. If more
    # connections are in use than stuck: seconds: what they last on average, judged by the connections opened per
    # second. lingering: percentage of the first sample's sockets that are still there. warning, critical: percent of
    # the open-file limit that those take.
    thresholds={
        "warning": 20,
        "critical": 50,
        "count": 100,
        "unproved": 300,
        "many": 1000,
        "seconds": 30,
        "lingering": 80,
    },
    figures=(
        "{share} % of its limit of {nofile} open files",
        "{growth}/s",
        "limit in {left} at this rate",
        "{lingering} of them were already there in the first sample",
        "{established} connections are in use",
    ),
    cause=(
        "The application called shutdown() and waits for the peers to close. While it holds the descriptor, no timer"
        " runs."
    ),
    remedies=(
        Remedy("application", "Let {who} close() a while after shutdown(), whether or not the peer has closed."),
        _ASK_PEERS,
    ),
    avoid=("tcp_fin_timeout", "tcp_orphan_retries", "conntrack_timeouts"),
    sources=("003", "tcp(7)"),
)


def _outlast_turnover(
    facts: Facts, owned: float, growth: float | None, holder: Holder | None, bounds: Thresholds
) -> bool:
    """Return whether they stay, and are more than the connections opened meanwhile explain, or grow fast."""
    stays, opened = _stays(facts, owned, growth, holder, bounds), facts.opened()
    if stays is False or growth is None:
        return False
    # They leave and come at random, so their number varies by its square root.
    if stays and owned >= bounds["many"] and growth * (facts.get("rates", "seconds") or 0) >= 3 * math.sqrt(owned):
        return True
    if opened is None or owned < bounds["seconds"] * opened:
        return False
    return growth > 0 or (bool(stays) and owned >= bounds["many"])


def _by_limit(
    facts: Facts, owned: float, growth: float | None, holder: Holder | None, bounds: Thresholds
) -> str | None:
    """Judge the share of the process's open-file limit that connections take which stay."""
    if holder is None or not _stays(facts, owned, growth, holder, bounds):
        return None
    severity, left = severity_of(holder.share, bounds), seconds_left(holder.row)
    is_urgent = left is not None and left <= CRITICAL_SECONDS_LEFT and (growth or 0) > 0
    return CRITICAL if severity and is_urgent else severity


def _stays(facts: Facts, owned: float, growth: float | None, holder: Holder | None, bounds: Thresholds) -> bool | None:
    """Return whether those of the first sample are still there; None if unknown."""
    if holder is None or holder.lingering is None:
        return None
    earlier = owned - (growth or 0) * (facts.get("rates", "seconds") or 0)
    return holder.lingering * 100 >= bounds["lingering"] * earlier


RULES = (FIN_WAIT2_ORPHANED, FIN_WAIT2_OWNED)
