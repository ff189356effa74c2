# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about connections that the peer has closed and the application has not: CLOSE_WAIT and leaked descriptors.

A busy application closes what its peers have closed within moments, so a number alone says little. What matters is
whether the same sockets linger from one sample to the next, whether there are more of them than connections in use, and
which share of the open-file limit they take.
"""

from __future__ import annotations

from typing import Any

from .facts import Facts
from .holders import CRITICAL_SECONDS_LEFT, GHOSTS, Holder, busiest_port, holders, listener, seconds_left
from .rule import CRITICAL, WARNING, Judgement, Note, Remedy, Rule, Thresholds, is_shrinking, severity_of, worst

# With fewer sockets in the first sample, it is unknown whether they linger.
_MIN_EARLIER = 10
# If it is unknown whether sockets linger, it is a warning that there are more of them than of ESTABLISHED. If they grow
# and are at least this multiple of the threshold `count`, more than this share of ESTABLISHED is sufficient.
_GROWING_MULTIPLE, _GROWING_SHARE = 2, 0.25
# Critical: at least this multiple of the threshold `count`, and `outnumbered` times ESTABLISHED.
_CRITICAL_MULTIPLE = 20

_RESTART = Remedy(
    "application",
    "Drain and restart {who}: this releases the descriptors at once. Only closing them or ending the process does.",
)
_FIX_LEAK = Remedy(
    "application",
    "Fix the leak: call close() on EOF, set read timeouts, cap idle time in every pool.",
)
_BUY_TIME = Remedy(
    "nofile",
    "A higher open-file limit (tuning_nofile with tuning_services) buys time to find the leak, but does not fix it.",
)


def _close_wait(facts: Facts, bounds: Thresholds) -> Judgement | None:
    """Judge each service if processes are known, else the total number."""
    total = facts.need("states", "CLOSE_WAIT")
    found = holders(facts, "CLOSE_WAIT")
    judged = [(_leak(facts, holder, bounds), holder) for holder in found]
    severity, holder = next((pair for pair in judged if pair[0]), (None, None))
    if holder:
        return Judgement(severity, {**_port(facts, holder), **_sockets(facts, holder.count), **_process(holder)})
    unaccepted = facts.get("queues", "CLOSE_WAIT", "unowned") or 0
    left = (total or 0) - unaccepted - sum(holder.count for holder in found)
    if left >= bounds["count"] and left * 2 > (total or 0):
        return _without_process(facts, left, bounds)
    return _unaccepted(facts, unaccepted, bounds)


CLOSE_WAIT = Rule(
    id="close_wait",
    title="{count} connections in CLOSE_WAIT that {who} does not close",
    judge=_close_wait,
    # warning, critical: percent of the open-file limit. steady, growing: connections that linger. lingering: percentage
    # of the first sample's sockets that are still there. With one sample: `count` connections for a warning, and
    # `outnumbered` times ESTABLISHED for critical. many: connections for which many_share percent of ESTABLISHED are
    # enough, if they linger, or if that is unknown and they are as many as are opened in `seconds`.
    thresholds={
        "warning": 20,
        "critical": 50,
        "count": 50,
        "growing": 20,
        "steady": 50,
        "lingering": 80,
        "outnumbered": 10,
        "many": 1000,
        "many_share": 10,
        "seconds": 5,
    },
    figures=(
        "{share} % of its limit of {nofile} open files",
        "{growth}/s",
        "limit in {left} at this rate",
        "{lingering} of them were already there in the first sample",
        "{unread_sockets} still have unread data or an unread EOF",
        "{established} connections are in use",
        "{not_accepted} have not been accepted",
    ),
    cause=(
        "The peers have closed and the application has not called close(). CLOSE_WAIT has no timeout; each connection"
        " keeps a descriptor."
    ),
    remedies=(_RESTART, _FIX_LEAK, _BUY_TIME),
    avoid=("keepalive", "tcp_fin_timeout", "conntrack_timeouts"),
    sources=("002", "tcp(7)"),
)


def _leak(facts: Facts, holder: Holder, bounds: Thresholds) -> str | None:
    """Return how urgent it is that this service does not close its connections."""
    lingers = _lingers(holder, facts.get("rates", "seconds") or 0, bounds)
    if lingers is False:
        return None
    severity = severity_of(holder.share, bounds)
    if lingers:
        many = holder.count >= bounds["steady"] and holder.count > holder.established
        many = many or _are_many(holder.count, holder.established, bounds)
        grows = (holder.growth or 0) > 0 and holder.count >= bounds["growing"]
        severity = worst(severity, WARNING if many or grows else None)
    else:
        severity = worst(severity, _outnumbers(facts, holder.count, holder.established, holder.growth, bounds))
    left = seconds_left(holder.row)
    is_urgent = left is not None and left <= CRITICAL_SECONDS_LEFT and (holder.growth or 0) > 0
    return CRITICAL if severity and is_urgent else severity


def _lingers(holder: Holder, seconds: float, bounds: Thresholds) -> bool | None:
    """Return whether the sockets of the first sample are still there; None if unknown or too few to tell."""
    earlier = holder.count - (holder.growth or 0) * seconds
    if holder.lingering is None or earlier < _MIN_EARLIER:
        return None
    return holder.lingering * 100 >= bounds["lingering"] * earlier


def _are_many(count: float, established: float, bounds: Thresholds) -> bool:
    """Return whether a large number is too many beside still more connections in use."""
    return count >= bounds["many"] and count * 100 >= bounds["many_share"] * established


def _outnumbers(facts: Facts, count: float, established: float, growth: float | None, bounds: Thresholds) -> str | None:
    """Judge by numbers alone: many compared with ESTABLISHED or with those opened meanwhile, and not shrinking."""
    if count < bounds["count"] or is_shrinking(count, growth):
        return None
    if count >= bounds["outnumbered"] * established and count >= _CRITICAL_MULTIPLE * bounds["count"]:
        return CRITICAL
    opened = facts.opened()
    if opened is not None and count >= bounds["seconds"] * opened and _are_many(count, established, bounds):
        return WARNING
    grows = (growth or 0) > 0 and count >= _GROWING_MULTIPLE * bounds["count"]
    return WARNING if count > established * (_GROWING_SHARE if grows else 1) else None


def _without_process(facts: Facts, count: float, bounds: Thresholds) -> Judgement | None:
    """Judge connections whose process is unknown."""
    growth, established = facts.get("rates", "states", "CLOSE_WAIT"), facts.get("states", "ESTABLISHED") or 0
    severity = _outnumbers(facts, count, established, growth, bounds)
    if severity:
        facts.missing.append("processes")
        return Judgement(severity, {**_sockets(facts, count), "established": established, "growth": growth})
    if growth is None:
        facts.need("rates")
    return None


def _unaccepted(facts: Facts, count: float, bounds: Thresholds) -> Judgement | None:
    """Judge connections of clients that gave up before the application accepted them."""
    if count < bounds["count"] or facts.get("queues", "CLOSE_WAIT", "unowned") is None:
        return None
    evidence = {**_sockets(facts, count), **_accept_queue(facts, count), "not_accepted": count}
    return Judgement(WARNING, evidence, ("accept_queue",), NOT_ACCEPTED)


def _accept_queue(facts: Facts, count: float) -> dict[str, Any]:
    """Return the listener with these connections in its queue and its process; empty if it is not known which."""
    busiest = busiest_port(facts, "CLOSE_WAIT")
    ports = [busiest.get("port")] if busiest else []
    rows = [row for row in facts.rows("listeners") if row.get("port") in ports or (row.get("queued") or 0) >= count]
    if len(rows) != 1:
        return busiest
    found = {name: rows[0].get(name) for name in ("address", "port", "backlog", "queued")}
    return {**found, **listener(facts, rows[0].get("port"))}


NOT_ACCEPTED = CLOSE_WAIT._replace(
    title="{count} connections to {where} were closed by their clients and never accepted",
    cause=(
        "The application does not call accept(), or too slowly: clients gave up, and their connections wait in the"
        " accept queue of {where}. No process holds them yet."
    ),
    remedies=(
        Remedy(
            "application",
            "Find out why {who} does not accept at {where}: a blocked worker, a busy event loop, or select(),"
            " which cannot watch more than 1024 sockets.",
        ),
        Remedy("application", "Restart {who}: this empties the queue, and it accepts again."),
    ),
    avoid=("tcp_fin_timeout", "conntrack_timeouts", "tcp_abort_on_overflow"),
)


def _sockets(facts: Facts, count: float) -> dict[str, Any]:
    queue = facts.get("queues", "CLOSE_WAIT") or {}
    timers, unread = queue.get("timers") or {}, queue.get("recv_q") or {}
    return {
        "count": count,
        "total": facts.get("states", "CLOSE_WAIT"),
        # Until the application has read the peer's FIN, it counts as one byte of the queue.
        "unread_sockets": unread.get("sockets"),
        "unread_bytes": unread.get("bytes"),
        "keepalive": timers.get("keepalive"),
        "peers": facts.rows("peers", "CLOSE_WAIT")[:5],
    }


def _port(facts: Facts, holder: Holder) -> dict[str, Any]:
    """Return the port of the connections if it is this process that listens there."""
    found = busiest_port(facts, "CLOSE_WAIT")
    return {"port": found["port"]} if found and found.get("pid") in (None, holder.row["pid"]) else {}


def _process(holder: Holder) -> dict[str, Any]:
    return {
        **holder.who(),
        "established": holder.established,
        "growth": holder.growth,
        "lingering": holder.lingering,
        "share": holder.share,
        "seconds_left": seconds_left(holder.row),
    }


def _ghost_descriptors(facts: Facts, bounds: Thresholds) -> Judgement | None:
    """Judge descriptors of connections that no longer exist; only the process that holds them shows them."""
    inspected = facts.get("processes")
    rows = facts.rows("nofile", "processes") if inspected is None else inspected
    if (inspected is None and not rows) or _most_are_hidden(facts):
        facts.missing.append("processes")
    elif rows and all(row.get("ghosts") is None for row in rows):
        facts.missing.append("processes.ghosts")
    for holder in holders(facts, GHOSTS):
        grows = (holder.growth or 0) > 0 and holder.count >= bounds["growing"]
        stays = holder.count >= bounds["steady"] and (holder.growth or 0) >= 0
        severity = worst(severity_of(holder.share, bounds), WARNING if grows or stays else None)
        if severity:
            return Judgement(severity, {"count": holder.count, **_process(holder)}, ("close_wait",))
    return None


GHOST_DESCRIPTORS = Rule(
    id="ghost_descriptors",
    title="{count} descriptors of {who} belong to connections that no longer exist",
    judge=_ghost_descriptors,
    # warning, critical: percent of the open-file limit. growing, steady: descriptors.
    thresholds={"warning": 20, "critical": 50, "growing": 20, "steady": 100},
    figures=("{share} % of its limit of {nofile} open files", "{growth}/s", "limit in {left} at this rate"),
    cause=(
        "The connections were reset, or ended by keepalive, and the application never closed the descriptors. They do"
        " not show up in any list of sockets, but count against the open-file limit."
    ),
    remedies=(_RESTART, _FIX_LEAK, _BUY_TIME),
    avoid=("keepalive", "tcp_fin_timeout"),
    sources=("002", "proc_pid_fd(5)"),
)


def _most_are_hidden(facts: Facts) -> bool:
    """Return whether tcp_facts may not inspect more processes than it lists; False if their number is unknown."""
    refused = [row.get("count") or 0 for row in facts.rows("partial") if row.get("what") == "processes"]
    return max(refused, default=0) > len(facts.rows("processes"))


def _slow_leak(facts: Facts, bounds: Thresholds) -> dict[str, Any] | None:
    """Return the service whose sockets stay from one sample to the next, though their number does not grow."""
    seconds = facts.get("rates", "seconds")
    if not seconds:
        return None
    for state, what in _MAY_LEAK.items():
        for holder in holders(facts, state):
            if holder.count >= bounds["count"] and _stays(holder, seconds, bounds):
                return {**holder.who(), "count": holder.count, "what": what, "seconds": seconds}
    return None


SLOW_LEAK = Note(
    id="slow_leak",
    text=(
        "{count} {what} of {who} were there in both samples, and not more in the second. If there are more an hour from"
        " now, they leak slowly: compare with a longer sample."
    ),
    judge=_slow_leak,
    # count: connections or descriptors. lingering: percentage of the first sample's that are still there.
    thresholds={"count": 10, "lingering": 80},
    unless=("close_wait", "ghost_descriptors", "fin_wait2_owned"),
)
_MAY_LEAK = {
    "CLOSE_WAIT": "connections in CLOSE_WAIT",
    "FIN_WAIT2": "connections in FIN_WAIT2",
    GHOSTS: "descriptors of connections that no longer exist",
}


def _stays(holder: Holder, seconds: float, bounds: Thresholds) -> bool:
    if holder.lingering is None:
        return holder.growth == 0
    earlier = holder.count - (holder.growth or 0) * seconds
    return holder.lingering >= bounds["count"] and holder.lingering * 100 >= bounds["lingering"] * earlier


RULES = (CLOSE_WAIT, GHOST_DESCRIPTORS)
NOTES = (SLOW_LEAK,)
