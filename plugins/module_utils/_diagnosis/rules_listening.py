# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about listeners. Thresholds warning and critical are events in a second."""

from __future__ import annotations

from typing import Any, Mapping

from .facts import Facts
from .holders import listener, named, processes
from .rule import WARNING, Judgement, Remedy, Rule, above, worst

# What happens at listeners: connections that are not accepted, and requests for connections that find no room.

_COOKIES = "net.ipv4.tcp_syncookies"


def accept_queue(facts: Facts, bounds: Mapping[str, float]) -> Judgement | None:
    """A listener whose queue is full now, or queues that overflow."""
    if facts.get("listeners") is None:
        facts.need("listeners")
    rate, lifetime = facts.rate("ListenOverflows"), facts.get("counters", "TcpExt", "ListenOverflows")
    row = _fullest(facts)
    full = is_full(row) and ((row.get("backlog") or 0) >= bounds["backlog"] or (rate or 0) > 0)
    severity = worst(above(rate, bounds), WARNING if full else None)
    if rate is None and not severity and lifetime:
        facts.need("rates", "TcpExt", "ListenOverflows")
    if not severity:
        return None
    evidence = {**_accepting(facts, row if row.get("queued") else {}), "overflows_per_second": rate, "full": bool(full)}
    return Judgement(severity, evidence, ("emfile", "enfile") if _starved(facts) else ())


def _accepting(facts: Facts, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **listener(facts, row.get("port")),
        **{name: row.get(name) for name in ("address", "port", "backlog", "queued")},
        "not_accepted": facts.get("queues", "ESTABLISHED", "unowned"),
        "capped": _is_capped(facts, row.get("backlog")),
    }


def _is_capped(facts: Facts, backlog: float | None) -> bool | None:
    """Whether the listener might have asked for more than the kernel allows; None where that cannot be told."""
    ceiling = facts.sysctl("net.core.somaxconn")
    return None if backlog is None or not (ceiling or "").isdigit() else backlog >= int(ceiling or 0)


def _fullest(facts: Facts) -> Mapping[str, Any]:
    rows = [row for row in facts.rows("listeners") if row.get("backlog") is not None]
    return max(
        rows, key=lambda row: ((row.get("queued") or 0) / (row["backlog"] or 1), row.get("queued") or 0), default={}
    )


def is_full(row: Mapping[str, Any]) -> bool:
    """Whether a listener takes no more: the kernel lets in one more than the backlog (sk_acceptq_is_full)."""
    return bool(row.get("queued")) and row.get("backlog") is not None and row["queued"] >= row["backlog"]


def _starved(facts: Facts) -> bool:
    """Whether somebody who listens has next to no descriptor left for accept(2)."""
    rows = (row for row in processes(facts) if "states" not in row or row["states"].get("LISTEN"))
    held = ((row.get("descriptors") or 0, named(row)["nofile"]) for row in rows)
    return any(limit and count >= 0.95 * limit for count, limit in held)


def syn_queue(facts: Facts, bounds: Mapping[str, float]) -> Judgement | None:
    """Requests for connections that found the queue full, and were answered by cookies or dropped."""
    waiting = facts.need("states", "SYN_RECV") or 0
    always = facts.sysctl(_COOKIES) == "2"
    names = ["TCPReqQFullDrop"] if always else ["TCPReqQFullDoCookies", "TCPReqQFullDrop", "SyncookiesSent"]
    rates = {name: facts.rate(name) for name in names}
    dropped = _dropped(facts)
    row, full = _fullest_port(facts, bounds)
    severity = worst(above(max(_sum(rates), dropped or 0), bounds), WARNING if full else None)
    if all(rate is None for rate in rates.values()) and not severity and waiting >= bounds["backlog"]:
        facts.need("rates", "TcpExt", "TCPReqQFullDoCookies")
    if not severity:
        return None
    evidence = {"count": waiting, **_asking(facts, row), "full_per_second": _sum(rates), "dropped_per_second": dropped}
    overflown = (facts.rate("ListenOverflows") or 0) > 0 or any(map(is_full, facts.rows("listeners")))
    return Judgement(severity, evidence, ("accept_queue", "conntrack") if overflown else ("conntrack",))


def _asking(facts: Facts, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **listener(facts, row.get("port")),
        **row,
        "cookies_per_second": facts.rate("SyncookiesSent"),
        "cookies_returned_per_second": facts.rate("SyncookiesRecv"),
        "peers": facts.rows("peers", "SYN_RECV")[:5],
    }


def _sum(rates: Mapping[str, float | None]) -> float:
    """Cookies sent are of requests that found the queue full, so they are not counted twice."""
    full = sum(rates.get(name) or 0 for name in ("TCPReqQFullDoCookies", "TCPReqQFullDrop"))
    return round(max(full, rates.get("SyncookiesSent") or 0), 3)


def _dropped(facts: Facts) -> float | None:
    """Drops at listeners that are not those of a full accept queue."""
    drops, overflows = facts.rate("ListenDrops"), facts.rate("ListenOverflows")
    return None if drops is None else round(max(0, drops - (overflows or 0)), 3)


def _fullest_port(facts: Facts, bounds: Mapping[str, float]) -> tuple[dict[str, Any], bool]:
    """The listener with most requests for its backlog, and whether they fill it; without ports, all together."""
    backlogs: dict[Any, float] = {}
    for row in facts.rows("listeners"):
        if row.get("backlog"):
            backlogs[row.get("port")] = max(row["backlog"], backlogs.get(row.get("port"), 0))
    requests = {row.get("port"): (row.get("states") or {}).get("SYN_RECV") or 0 for row in facts.rows("ports")}
    found = [(requests[port] / backlogs[port], port) for port in requests if port in backlogs and requests[port]]
    ratio, port = max(found, key=lambda pair: pair[0], default=(0, None))
    if port is None:
        room = sum(backlogs.values())
        return {}, not facts.rows("ports") and bounds["backlog"] <= room <= (facts.get("states", "SYN_RECV") or 0)
    return {"port": port, "backlog": backlogs[port]}, ratio >= 1 and backlogs[port] >= bounds["backlog"]


ACCEPT_QUEUE = Rule(
    id="accept_queue",
    title="Connections to {where} are not accepted fast enough: {waiting}",
    judge=accept_queue,
    # backlog: a full queue shorter than that tells nothing by itself.
    thresholds={"warning": 1, "critical": 5, "backlog": 8},
    cause=(
        "The application calls accept() more slowly than connections come, or not at all. A queue holds "
        "what it asked for in "
        "listen(), at most net.core.somaxconn; what comes on top is dropped, and clients try again after a second."
    ),
    remedies=(
        Remedy(
            "application",
            "Find out what the workers behind {where} wait for: that, more than the queue, is what is short.",
        ),
        Remedy(
            "application",
            "Let it ask for a longer backlog, and restart it (nginx: backlog= of listen; its default is 511).",
        ),
        Remedy(
            "sysctl",
            "net.core.somaxconn of at least 8192: the ceiling of what listen() may ask for; alone it "
            "changes no open listener.",
            profile="syn_queue",
            keys=("net.core.somaxconn",),
            given="capped",
        ),
    ),
    avoid=("tcp_max_syn_backlog", "tcp_abort_on_overflow"),
    sources=("002", "listen(2)"),
)

SYN_QUEUE = Rule(
    id="syn_queue",
    title="More connections are asked for than the SYN queue holds: {count} in SYN_RECV",
    judge=syn_queue,
    thresholds={"warning": 1, "critical": 5, "backlog": 8},
    cause=(
        "Requests come faster than handshakes end: a flood, clients that do not answer, or a backlog too "
        "short for so many. "
        "With cookies new clients still get in, without window scaling where they have no timestamps; "
        "without cookies they do not."
    ),
    remedies=(
        Remedy(
            "sysctl",
            "Longer queues, fewer repetitions, and cookies: net.core.somaxconn, tcp_max_syn_backlog, "
            "tcp_synack_retries.",
            profile="syn_queue",
            keys=(
                "net.core.somaxconn",
                "net.ipv4.tcp_max_syn_backlog",
                "net.ipv4.tcp_synack_retries",
                "net.ipv4.tcp_syncookies",
            ),
        ),
        Remedy(
            "application",
            "Let the listener ask for a longer backlog, and restart it: with cookies that is the queue's length.",
        ),
        Remedy("network", "If the peers are no clients of yours, have them filtered upstream: {peer_list}."),
    ),
    avoid=("tcp_syncookies_off", "tcp_abort_on_overflow"),
    sources=("000", "001", "tcp(7)"),
)

RULES = (ACCEPT_QUEUE, SYN_QUEUE)
