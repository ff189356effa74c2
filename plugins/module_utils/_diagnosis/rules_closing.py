# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about what waits for the application on this host. Thresholds warning and critical are percent of nofile."""

from __future__ import annotations

from typing import Any, Mapping

from .facts import Facts
from .holders import Holder, at_port, holders, seconds_left
from .rule import CRITICAL, WARNING, Judgement, Remedy, Rule, above, percent, worst

# What waits for the application on this host: CLOSE_WAIT, ghost descriptors, FIN_WAIT2 that somebody holds open.
#
# A busy application closes what its peers have closed within moments, so a number alone says little. What tells is
# whether the same sockets linger from one reading to the next, whether there are more of them than connections in use,
# and how much of the limit of open files they take.

_SOON = 900
# Fewer sockets than this at a first reading tell nothing.
_TELLING = 10


def close_wait(facts: Facts, bounds: Mapping[str, float]) -> Judgement | None:
    """By service where processes are known, else by the number of all."""
    total = facts.need("states", "CLOSE_WAIT")
    found = holders(facts, "CLOSE_WAIT")
    judged = [(_leak(holder, facts.get("rates", "seconds") or 0, bounds), holder) for holder in found]
    severity, holder = next((pair for pair in judged if pair[0]), (None, None))
    if holder:
        return Judgement(severity, {**_port(facts, holder), **_closing(facts, holder.count), **_of(holder)})
    unaccepted = facts.get("queues", "CLOSE_WAIT", "unowned") or 0
    left = (total or 0) - unaccepted - sum(holder.count for holder in found)
    if left >= bounds["count"] and left * 2 > (total or 0):
        return _of_all(facts, left, bounds)
    return _of_unaccepted(facts, unaccepted, bounds)


def _leak(holder: Holder, seconds: float, bounds: Mapping[str, float]) -> str | None:
    """How bad it is that this one does not close."""
    stays = _stays(holder, seconds, bounds)
    if stays is False:
        return None
    severity = above(holder.share, bounds)
    if stays:
        many = holder.count >= bounds["steady"] and holder.count > holder.established
        grows = (holder.growth or 0) > 0 and holder.count >= bounds["growing"]
        severity = worst(severity, WARNING if many or grows else None)
    else:
        severity = worst(severity, _outnumbers(holder.count, holder.established, holder.growth, bounds))
    left = seconds_left(holder.row)
    return CRITICAL if severity and left is not None and left <= _SOON and (holder.growth or 0) > 0 else severity


def _stays(holder: Holder, seconds: float, bounds: Mapping[str, float]) -> bool | None:
    """Whether what was there at the first reading is there still; None where that does not tell, or is not known."""
    earlier = holder.count - (holder.growth or 0) * seconds
    if holder.lingering is None or earlier < _TELLING:
        return None
    return holder.lingering * 100 >= bounds["lingering"] * earlier


def _outnumbers(count: float, established: float, growth: float | None, bounds: Mapping[str, float]) -> str | None:
    """By numbers alone: as many as that beside so few in use are no passing thing, unless they are on the wane."""
    if count < bounds["count"] or (growth or 0) * 100 < -count:
        return None
    if count >= bounds["outnumbered"] * established and count >= 20 * bounds["count"]:
        return CRITICAL
    beside = 0.25 * established if (growth or 0) > 0 and count >= 2 * bounds["count"] else established
    return WARNING if count > beside else None


def _of_all(facts: Facts, count: float, bounds: Mapping[str, float]) -> Judgement | None:
    """Nobody is known who holds them."""
    growth, established = facts.get("rates", "states", "CLOSE_WAIT"), facts.get("states", "ESTABLISHED") or 0
    severity = _outnumbers(count, established, growth, bounds)
    if severity:
        facts.wanted.append("processes")
        return Judgement(severity, {**_closing(facts, count), "established": established, "growth": growth})
    if growth is None:
        facts.need("rates")
    return None


def _of_unaccepted(facts: Facts, count: float, bounds: Mapping[str, float]) -> Judgement | None:
    """Clients that gave up before anybody accepted them."""
    if count < bounds["count"] or facts.get("queues", "CLOSE_WAIT", "unowned") is None:
        return None
    evidence = {**_closing(facts, count), **at_port(facts, "CLOSE_WAIT"), "not_accepted": count}
    return Judgement(WARNING, evidence, ("accept_queue",))


def _closing(facts: Facts, count: float) -> dict[str, Any]:
    queue = facts.get("queues", "CLOSE_WAIT") or {}
    timers, unread = queue.get("timers") or {}, queue.get("recv_q") or {}
    return {
        "count": count,
        "total": facts.get("states", "CLOSE_WAIT"),
        # Until the application has read the peer's FIN that counts as one byte of the queue.
        "unread_sockets": unread.get("sockets"),
        "unread_bytes": unread.get("bytes"),
        "keepalive": timers.get("keepalive"),
        "peers": facts.rows("peers", "CLOSE_WAIT")[:5],
    }


def _port(facts: Facts, holder: Holder) -> dict[str, Any]:
    """Where they came in, if it is this one who listens there."""
    found = at_port(facts, "CLOSE_WAIT")
    return {"port": found["port"]} if found and found.get("pid") in (None, holder.row["pid"]) else {}


def _of(holder: Holder) -> dict[str, Any]:
    return {
        **holder.who(),
        "established": holder.established,
        "growth": holder.growth,
        "lingering": holder.lingering,
        "share": holder.share,
        "seconds_left": seconds_left(holder.row),
    }


def ghost_descriptors(facts: Facts, bounds: Mapping[str, float]) -> Judgement | None:
    """Descriptors of connections that are gone: nobody but the process that holds them can tell them any more."""
    looked_at = facts.get("processes")
    rows = facts.rows("nofile", "processes") if looked_at is None else looked_at
    if (looked_at is None and not rows) or _most_are_hidden(facts):
        facts.wanted.append("processes")
    elif rows and all(row.get("ghosts") is None for row in rows):
        facts.wanted.append("processes.ghosts")
    for holder in holders(facts, "ghosts"):
        grows = (holder.growth or 0) > 0 and holder.count >= bounds["growing"]
        stays = holder.count >= bounds["steady"] and (holder.growth or 0) >= 0
        severity = worst(above(holder.share, bounds), WARNING if grows or stays else None)
        if severity:
            return Judgement(severity, {"count": holder.count, **_of(holder)}, ("close_wait",))
    return None


def _most_are_hidden(facts: Facts) -> bool:
    """Whether more processes might not be looked into than were."""
    refused = (why.split()[-2] for why in facts.told("processes") if why.startswith("no permission to inspect"))
    return any(number.isdigit() and int(number) > len(facts.rows("processes")) for number in refused)


def fin_wait2_owned(facts: Facts, bounds: Mapping[str, float]) -> Judgement | None:
    """Shut down here, still open there: no timer ends what a process holds."""
    count = facts.need("states", "FIN_WAIT2")
    growth, established = facts.get("rates", "states", "FIN_WAIT2"), facts.get("states", "ESTABLISHED") or 0
    orphaned = orphaned_fin_wait2(facts)
    if not count or orphaned is None:
        if count and count >= bounds["count"]:
            facts.need("queues")
        return None
    owned = count - orphaned
    least = bounds["unproved"] if growth is None else bounds["count"]
    if owned < least or owned <= established or (growth or 0) * 100 < -owned:
        return None
    who = next((holder.who() for holder in holders(facts, "FIN_WAIT2")), {})
    peers = facts.rows("peers", "FIN_WAIT2")[:5]
    return Judgement(WARNING, {"count": owned, "growth": growth, "established": established, "peers": peers, **who})


def orphaned_fin_wait2(facts: Facts) -> float | None:
    """How many no process holds: they are counted among time-wait sockets (sockstat), if nothing tells better."""
    count = facts.get("states", "FIN_WAIT2")
    unowned = facts.get("queues", "FIN_WAIT2", "unowned")
    if not count or unowned is not None:
        return unowned if count else 0
    small, waiting = facts.get("time_wait", "count"), facts.get("states", "TIME_WAIT")
    if small is not None and waiting is not None:
        return min(count, max(0, small - waiting))
    if facts.get("processes") is not None:
        return max(0, count - sum(holder.count for holder in holders(facts, "FIN_WAIT2")))
    return None


def fin_wait2_orphaned(facts: Facts, bounds: Mapping[str, float]) -> Judgement | None:
    """Closed here, never closed there: on a healthy host most go on to TIME_WAIT at once."""
    count = facts.need("states", "FIN_WAIT2")
    orphaned, waiting = orphaned_fin_wait2(facts), facts.get("states", "TIME_WAIT") or 0
    growth = facts.get("rates", "unowned", "FIN_WAIT2")
    growth = facts.get("rates", "states", "FIN_WAIT2") if growth is None else growth
    if not count or orphaned is None:
        if count and count >= bounds["growing"]:
            facts.need("queues")
        return None
    least = bounds["growing"] if (growth or 0) > 0 else bounds["count"]
    if orphaned < least or orphaned * 100 <= bounds["share"] * waiting or (growth or 0) * 100 < -orphaned:
        return None
    evidence = {
        "count": orphaned,
        "growth": growth,
        "time_wait": waiting,
        "orphans_percent": percent(facts.get("orphans", "count"), facts.get("orphans", "max")),
        "peers": facts.rows("peers", "FIN_WAIT2")[:5],
    }
    return Judgement(WARNING, evidence, ("close_wait",) if _both_ends_are_here(facts) else ())


def _both_ends_are_here(facts: Facts) -> bool:
    """Whether the addresses that do not close are those that this host itself does not close towards."""
    busiest = [facts.rows("peers", state)[:1] for state in ("FIN_WAIT2", "CLOSE_WAIT")]
    addresses = [row.get("address") for rows in busiest for row in rows]
    return len(addresses) == 2 and addresses[0] is not None and addresses[0] == addresses[1]


_RESTART = Remedy(
    "application",
    "Drain and restart {who}: that gives the descriptors back at once, and only ending or closing does.",
)
_CLOSE = Remedy(
    "application",
    "Mend what does not close: close() when a read finds the end, a timeout on every read, an idle limit "
    "on every pool.",
)
_TIME = Remedy(
    "nofile",
    "A higher limit of open files (tuning_nofile with tuning_services) buys time to find the leak, and cures nothing.",
)

CLOSE_WAIT = Rule(
    id="close_wait",
    title="{count} connections in CLOSE_WAIT that {who} does not close",
    judge=close_wait,
    # count: without knowing how long each lasts. lingering: percent of them that were there at the first reading.
    thresholds={
        "warning": 20,
        "critical": 50,
        "count": 50,
        "growing": 20,
        "steady": 50,
        "lingering": 80,
        "outnumbered": 10,
    },
    cause=(
        "The peers have closed and the application has not called close(). CLOSE_WAIT has no timeout; each "
        "keeps a descriptor."
    ),
    remedies=(_RESTART, _CLOSE, _TIME),
    avoid=("keepalive", "tcp_fin_timeout", "conntrack_timeouts"),
    sources=("002", "tcp(7)"),
)

GHOSTS = Rule(
    id="ghost_descriptors",
    title="{count} descriptors of {who} are of connections that no longer exist",
    judge=ghost_descriptors,
    thresholds={"warning": 20, "critical": 50, "growing": 20, "steady": 100},
    cause=(
        "The connections were reset, or ended by keepalive, and the application never closed the "
        "descriptors. No list of "
        "sockets shows them any more, but they count against the limit of open files."
    ),
    remedies=(_RESTART, _CLOSE, _TIME),
    avoid=("keepalive", "tcp_fin_timeout"),
    sources=("002", "proc_pid_fd(5)"),
)

FIN_WAIT2_OWNED = Rule(
    id="fin_wait2_owned",
    title="{count} connections in FIN_WAIT2 that {who} has shut down and not closed",
    judge=fin_wait2_owned,
    # unproved: where growth is not known.
    thresholds={"count": 100, "unproved": 300},
    cause=(
        "The application called shutdown() and waits for the peers to close. While it holds the descriptor "
        "no timer runs."
    ),
    remedies=(
        Remedy("application", "Let {who} close() a while after shutdown(), whether or not the peer has closed."),
        Remedy("network", "Ask of the top peers why they do not close: {peer_list}."),
    ),
    avoid=("tcp_fin_timeout", "tcp_orphan_retries", "conntrack_timeouts"),
    sources=("003", "tcp(7)"),
)

FIN_WAIT2_ORPHANED = Rule(
    id="fin_wait2_orphaned",
    title="{count} connections in FIN_WAIT2 that were closed here, and that the peers do not close",
    judge=fin_wait2_orphaned,
    # share: percent of TIME_WAIT.
    thresholds={"growing": 100, "count": 1000, "share": 50},
    cause="This side has closed, the peers acknowledged that and send no FIN. Each stays for net.ipv4.tcp_fin_timeout.",
    remedies=(
        Remedy(
            "sysctl",
            "net.ipv4.tcp_fin_timeout = 30 or less: that long, not 60 seconds, an orphan waits for the peer's FIN.",
            profile="squid",
            keys=("net.ipv4.tcp_fin_timeout",),
            done=("net.ipv4.tcp_fin_timeout", tuple(map(str, range(1, 31)))),
        ),
        Remedy("network", "Ask of the top peers why they do not close: {peer_list}."),
    ),
    avoid=("keepalive", "tcp_orphan_retries", "conntrack_timeouts"),
    sources=("001", "003", "tcp(7)"),
)

RULES = (CLOSE_WAIT, GHOSTS, FIN_WAIT2_ORPHANED, FIN_WAIT2_OWNED)
