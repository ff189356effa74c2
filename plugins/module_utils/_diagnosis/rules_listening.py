# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about listeners: connections that are not accepted, and connection requests that overflow a queue."""

from __future__ import annotations

from typing import Any, Mapping

from .facts import Facts
from .holders import listener, processes, soft_limit
from .rule import WARNING, Judgement, Remedy, Rule, Thresholds, is_shrinking, severity_of, worst

_COOKIES = "net.ipv4.tcp_syncookies"
# A process that has used this share of its limit cannot accept connections any more.
_STARVED = 0.95


def _accept_queue(facts: Facts, bounds: Thresholds) -> Judgement | None:
    """Judge a listener with a full accept queue, and accept queues that overflow."""
    if facts.get("listeners") is None:
        facts.need("listeners")
    rate, since_boot = facts.rate("ListenOverflows"), facts.get("counters", "TcpExt", "ListenOverflows")
    row = _fullest(facts)
    full = _is_full(row) and ((row.get("backlog") or 0) >= bounds["backlog"] or (rate or 0) > 0)
    severity = worst(severity_of(rate, bounds), WARNING if full else None)
    if rate is None and not severity and since_boot:
        facts.need("rates", "TcpExt", "ListenOverflows")
    if not severity:
        return None
    evidence = {**_listener(facts, row if row.get("queued") else {}), "overflows_per_second": rate, "full": bool(full)}
    return Judgement(severity, evidence, ("emfile", "enfile") if _is_starved(facts) else ())


ACCEPT_QUEUE = Rule(
    id="accept_queue",
    title="Connections to {where} are not accepted fast enough: {waiting}",
    judge=_accept_queue,
    # warning, critical: overflows per second. backlog: a shorter queue may be full for a moment.
    thresholds={"warning": 1, "critical": 5, "backlog": 8},
    figures=(
        "{overflows_per_second} overflows/s",
        "{not_accepted} connections of all listeners are not accepted yet",
    ),
    cause=(
        "The application calls accept() more slowly than connections arrive, or not at all. The queue has the length"
        " that the application passed to listen(), at most net.core.somaxconn; further connections are dropped, and"
        " clients retry after a second."
    ),
    remedies=(
        Remedy(
            "application",
            "Find out what the workers behind {where} wait for: the shortage is there rather than in the queue.",
        ),
        Remedy(
            "application",
            "Let it ask for a longer backlog, and restart it (nginx: backlog= of listen; its default is 511).",
        ),
        Remedy(
            "sysctl",
            "net.core.somaxconn of at least 8192: the maximum for listen(). On its own it changes no open listener.",
            profile="syn_queue",
            keys=("net.core.somaxconn",),
            only_if="capped",
        ),
    ),
    avoid=("tcp_max_syn_backlog", "tcp_abort_on_overflow"),
    sources=("002", "listen(2)"),
)


def _listener(facts: Facts, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **listener(facts, row.get("port")),
        **{name: row.get(name) for name in ("address", "port", "backlog", "queued")},
        "not_accepted": facts.get("queues", "ESTABLISHED", "unowned"),
        "capped": _is_capped(facts, row.get("backlog")),
    }


def _is_capped(facts: Facts, backlog: float | None) -> bool | None:
    """Return whether the listener may have asked for more than the kernel allows; None if unknown."""
    maximum = facts.sysctl("net.core.somaxconn")
    return None if backlog is None or not (maximum or "").isdigit() else backlog >= int(maximum or 0)


def _fullest(facts: Facts) -> Mapping[str, Any]:
    rows = [row for row in facts.rows("listeners") if row.get("backlog") is not None]
    return max(
        rows, key=lambda row: ((row.get("queued") or 0) / (row["backlog"] or 1), row.get("queued") or 0), default={}
    )


def _is_full(row: Mapping[str, Any]) -> bool:
    """Return whether a listener's queue is full: the kernel accepts one more than the backlog (sk_acceptq_is_full)."""
    return bool(row.get("queued")) and row.get("backlog") is not None and row["queued"] >= row["backlog"]


def _is_starved(facts: Facts) -> bool:
    """Return whether a listening process has next to no descriptors left for accept(2)."""
    rows = (row for row in processes(facts) if "states" not in row or row["states"].get("LISTEN"))
    held = ((row.get("descriptors") or 0, soft_limit(row)) for row in rows)
    return any(limit and count >= _STARVED * limit for count, limit in held)


def _syn_queue(facts: Facts, bounds: Thresholds) -> Judgement | None:
    """Judge connection requests that found the SYN queue full and were answered with cookies or dropped."""
    waiting = facts.need("states", "SYN_RECV") or 0
    always = facts.sysctl(_COOKIES) == "2"
    names = ["TCPReqQFullDrop"] if always else ["TCPReqQFullDoCookies", "TCPReqQFullDrop", "SyncookiesSent"]
    rates = {name: facts.rate(name) for name in names}
    dropped = _dropped(facts)
    row, full = _fullest_port(facts, bounds)
    # Drops while hardly any request waits have another reason; resets reports them.
    full_drops = (dropped or 0) if waiting >= bounds["backlog"] else 0
    severity = worst(severity_of(max(_overflows(rates), full_drops), bounds), WARNING if full else None)
    if all(rate is None for rate in rates.values()) and not severity and waiting >= bounds["backlog"]:
        facts.need("rates", "TcpExt", "TCPReqQFullDoCookies")
    incomplete = _are_incomplete(facts, waiting, bounds)
    if not severity and not incomplete:
        return None
    evidence = {
        "count": waiting,
        "unanswered": facts.get("queues", "SYN_RECV", "unanswered"),
        **listener(facts, row.get("port")),
        **row,
        "cookies_per_second": facts.rate("SyncookiesSent"),
        "cookies_returned_per_second": facts.rate("SyncookiesRecv"),
        "peers": facts.rows("peers", "SYN_RECV")[:5],
        "full_per_second": _overflows(rates),
        "dropped_per_second": dropped,
    }
    if not severity:
        return Judgement(WARNING, evidence, (), NOT_COMPLETED)
    overflowed = (facts.rate("ListenOverflows") or 0) > 0 or any(map(_is_full, facts.rows("listeners")))
    return Judgement(severity, evidence, ("accept_queue", "conntrack") if overflowed else ("conntrack",))


SYN_QUEUE = Rule(
    id="syn_queue",
    title="More connection requests arrive than the SYN queue holds: {count} in SYN_RECV",
    judge=_syn_queue,
    # warning, critical: requests per second. backlog: as for accept_queue. With room in the queue: `incomplete` had to
    # be answered again, as many as complete in `seconds`.
    thresholds={"warning": 1, "critical": 5, "backlog": 8, "incomplete": 1000, "seconds": 10},
    figures=(
        "{full_per_second} found the queue full/s",
        "{cookies_per_second} cookies sent/s, {cookies_returned_per_second} returned/s",
        "{dropped_per_second} dropped/s",
        "backlog of port {port}: {backlog}",
    ),
    cause=(
        "Requests arrive faster than handshakes complete: a flood, clients that do not answer, or a backlog that is too"
        " short. With cookies new clients still get in, but without window scaling if they have no timestamps; without"
        " cookies they do not."
    ),
    remedies=(
        Remedy(
            "sysctl",
            "Longer queues, fewer retries, and cookies: net.core.somaxconn, tcp_max_syn_backlog, tcp_synack_retries.",
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
            "Let the listener ask for a longer backlog, and restart it: with cookies that is the length of the queue.",
        ),
        Remedy("network", "If these are not your clients, block them upstream: {peer_list}."),
    ),
    avoid=("tcp_syncookies_off", "tcp_abort_on_overflow"),
    sources=("000", "001", "tcp(7)"),
)


NOT_COMPLETED = SYN_QUEUE._replace(
    title="{count} connection requests are in SYN_RECV, and {unanswered} of the answers had to be sent again",
    figures=("{cookies_per_second} cookies sent/s",),
    cause=(
        "Few handshakes complete: the requests have forged addresses, as in a flood, or the answers are lost, as with a"
        " firewall, another route back, or clients that do not answer. The SYN queue still has room."
    ),
    remedies=(
        Remedy("network", "Find out whether the answers reach the clients (tcpdump, ip route get): {peer_list}."),
        Remedy("network", "If these are not your clients, block them upstream: {peer_list}."),
    ),
)


def _are_incomplete(facts: Facts, waiting: float, bounds: Thresholds) -> bool:
    """Return whether most handshakes do not complete, though the queue has room for them."""
    again, completed = facts.get("queues", "SYN_RECV", "unanswered") or 0, facts.get("rates", "Tcp", "PassiveOpens")
    if again < bounds["incomplete"] or completed is None or again < bounds["seconds"] * completed:
        return False
    return not is_shrinking(waiting, facts.get("rates", "states", "SYN_RECV"))


def _overflows(rates: Mapping[str, float | None]) -> float:
    """Return how many requests per second found the queue full; each cookie sent is one of them, not another one."""
    full = sum(rates.get(name) or 0 for name in ("TCPReqQFullDoCookies", "TCPReqQFullDrop"))
    return round(max(full, rates.get("SyncookiesSent") or 0), 3)


def _dropped(facts: Facts) -> float | None:
    """Return the drops per second at listeners, without those of a full accept queue."""
    drops, overflows = facts.rate("ListenDrops"), facts.rate("ListenOverflows")
    return None if drops is None else round(max(0, drops - (overflows or 0)), 3)


def _fullest_port(facts: Facts, bounds: Thresholds) -> tuple[dict[str, Any], bool]:
    """Return the port with most requests for its backlog, and whether they fill it.

    Without the fact ports, all requests are compared with all backlogs.
    """
    # Several listeners of one address (SO_REUSEPORT) share its requests.
    shared: dict[tuple, float] = {}
    for row in facts.rows("listeners"):
        if row.get("backlog"):
            place = row.get("port"), row.get("address")
            shared[place] = row["backlog"] + shared.get(place, 0)
    backlogs: dict[Any, float] = {}
    for (port, _address), backlog in shared.items():
        backlogs[port] = max(backlog, backlogs.get(port, 0))
    requests = {row.get("port"): (row.get("states") or {}).get("SYN_RECV") or 0 for row in facts.rows("ports")}
    found = [(requests[port] / backlogs[port], port) for port in requests if port in backlogs and requests[port]]
    ratio, port = max(found, key=lambda pair: pair[0], default=(0, None))
    if port is None:
        total = sum(backlogs.values())
        return {}, not facts.rows("ports") and bounds["backlog"] <= total <= (facts.get("states", "SYN_RECV") or 0)
    return {"port": port, "backlog": backlogs[port]}, ratio >= 1 and backlogs[port] >= bounds["backlog"]


RULES = (ACCEPT_QUEUE, SYN_QUEUE)
