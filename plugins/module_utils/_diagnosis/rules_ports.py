# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about ephemeral ports and TIME_WAIT: what runs out, and what only looks like too much."""

from __future__ import annotations

from typing import Any, Mapping

from .facts import Facts
from .rule import CRITICAL, WARNING, Judgement, Note, Remedy, Rule, Thresholds, percent, severity_of, worst
from .rules_fin_wait2 import orphaned_fin_wait2

_RECYCLE = "net.ipv4.tcp_tw_recycle"
# With this many ports, a wider range gains little.
_WIDE_RANGE = 50000
# The tcp_max_tw_buckets that the roles set.
_BUCKETS_OF_ROLES = 262144


def _port_exhaustion(facts: Facts, bounds: Thresholds) -> Judgement | None:
    """Judge the ephemeral ports used towards one destination; no counter of the kernel tells that they run out."""
    available = facts.need("ephemeral", "available")
    rows = [(_used_percent(row, available), row) for row in facts.rows("ephemeral", "busiest")]
    used, row = max(rows, key=lambda pair: pair[0], default=(0, {}))
    severity = severity_of(used, bounds)
    if not severity:
        return None
    waiting, held = row.get("time_wait"), row.get("used") or 0
    mostly = _is_mostly(facts.get("states", "TIME_WAIT") if waiting is None else waiting, held)
    evidence = {
        **{name: row.get(name) for name in ("source", "destination", "port")},
        "used": held,
        "available": available,
        "percent": used,
        "range": facts.get("ephemeral", "range"),
        "narrow": available is not None and available < _WIDE_RANGE,
        "time_wait": waiting,
        "mostly_time_wait": mostly,
        "reuse_helps": mostly is not False and not _is_reused_already(facts, row.get("destination")),
        "others": sum(1 for used, _row in rows if severity_of(used, bounds)) - 1,
    }
    return Judgement(severity, evidence, _causes_of_held_ports(facts, row))


PORT_EXHAUSTION = Rule(
    id="port_exhaustion",
    title="{percent} % of the ports from {source} to {destination} port {port} are in use",
    judge=_port_exhaustion,
    # warning, critical: percent of the ports available, without the reserved ones.
    thresholds={"warning": 70, "critical": 90},
    figures=(
        "{used} of {available} ports",
        "{time_wait} of them in TIME_WAIT",
        "other destinations near the limit: {others}",
    ),
    cause=(
        "Each connection to a destination takes one of {available} ports while it is open, and a minute longer if this"
        " side closes first. When none is left, connect() fails with EADDRNOTAVAIL."
    ),
    remedies=(
        Remedy("application", "Reuse connections: a pool, or keep-alive towards {destination} port {port}."),
        Remedy(
            "sysctl",
            "net.ipv4.tcp_tw_reuse = 1: outgoing connections reuse ports in TIME_WAIT after a second (needs timestamps"
            " on).",
            profile="client",
            keys=("net.ipv4.tcp_tw_reuse", "net.ipv4.tcp_timestamps"),
            only_if="reuse_helps",
            done_if=("net.ipv4.tcp_tw_reuse", ("1",)),
        ),
        Remedy(
            "sysctl",
            "A wider net.ipv4.ip_local_port_range, with the listeners' ports in net.ipv4.ip_local_reserved_ports.",
            profile="client",
            keys=("net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports"),
            only_if="narrow",
        ),
        Remedy("network", "More addresses on either side: each source, destination and port has its own ports."),
        Remedy("application", "If it binds an address before connect(), set IP_BIND_ADDRESS_NO_PORT."),
    ),
    avoid=("tcp_fin_timeout", "tcp_tw_recycle", "tcp_max_tw_buckets_lowered"),
    sources=("003", "004", "ip(7)"),
)


def _causes_of_held_ports(facts: Facts, row: Mapping[str, Any]) -> tuple[str, ...]:
    held, ends = row.get("used") or 0, ("source", "destination", "port")
    unanswered = [one for one in facts.rows("ephemeral", "unanswered") if all(one.get(e) == row.get(e) for e in ends)]
    if unanswered and (unanswered[0].get("count") or 0) * 2 >= held:
        return ("syn_sent",)
    close_wait = facts.get("states", "CLOSE_WAIT") or 0
    return ("close_wait",) if close_wait * 2 >= held and not row.get("time_wait") else ()


def _is_reused_already(facts: Facts, destination: str | None) -> bool:
    """Return whether tcp_tw_reuse = 2, the default since Linux 4.18, covers the destination: it is a loopback one."""
    loopback = (destination or "").startswith(("127.", "::1", "::ffff:127."))
    return loopback and facts.sysctl("net.ipv4.tcp_tw_reuse") == "2"


def _is_mostly(waiting: float | None, held: float) -> bool | None:
    """Return whether most of the ports are held by connections in TIME_WAIT; None if unknown."""
    return None if waiting is None else waiting * 2 >= held


def _used_percent(row: Mapping[str, Any], available: float | None) -> float:
    if available == 0 and row.get("used"):
        return 100
    found = percent(row.get("used"), available)
    return found if found is not None else 100 * (row.get("ratio") or 0)


def _bound_ports(facts: Facts, bounds: Thresholds) -> Judgement | None:
    """Judge the ports of one source address, if its connections to all destinations share none of them.

    connect() reuses a port towards other destinations, bind() before connect() does not.
    """
    available = facts.need("ephemeral", "available")
    for row in [*facts.rows("ephemeral", "sources"), *_sums_by_source(facts, available, bounds)]:
        ports, sockets = row.get("ports") or 0, row.get("sockets") or 0
        share = percent(ports, available) or 0
        largest = [one for one in facts.rows("ephemeral", "busiest") if one.get("source") == row.get("source")]
        most = max((one.get("used") or 0 for one in largest), default=0)
        if severity_of(share, bounds) and sockets * 100 <= (100 + bounds["shared"]) * ports and most * 10 < 9 * ports:
            evidence = {
                "source": row.get("source"),
                "ports": ports,
                "sockets": sockets,
                "available": available,
                "percent": share,
                "range": facts.get("ephemeral", "range"),
                "destinations": len(largest),
                "narrow": (available or 0) < _WIDE_RANGE,
            }
            return Judgement(WARNING, evidence, (), BOUND_PORTS if row.get("ratio") else PROBABLY_BOUND)
    return None


def _sums_by_source(facts: Facts, available: float | None, bounds: Thresholds) -> list[dict[str, Any]]:
    """Return rows as of the fact sources, for facts without it, as far as the busiest destinations tell.

    If their connections are exactly about as many as there are ports, they most probably share none.
    """
    if facts.get("ephemeral", "sources") is not None or not available:
        return []
    sums: dict[Any, float] = {}
    for row in facts.rows("ephemeral", "busiest"):
        sums[row.get("source")] = sums.get(row.get("source"), 0) + (row.get("used") or 0)
    full = bounds["unproved"] / 100 * available
    return [
        {"source": name, "ports": used, "sockets": used} for name, used in sums.items() if full <= used <= available
    ]


BOUND_PORTS = Rule(
    id="bound_ports",
    title="{percent} % of the ports of {source} are in use, for all destinations together",
    judge=_bound_ports,
    # warning: percent of the ports available. shared: percent of sockets by which they may outnumber the ports that
    # they use; more means that connect() shares ports. unproved: percent, if the facts do not tell the number of ports.
    thresholds={"warning": 90, "shared": 25, "unproved": 97},
    figures=("{ports} of {available} ports for {sockets} connections",),
    cause=(
        "The application calls bind() with this address before connect(). The kernel must then choose a port that no"
        " other connection of the address uses, whatever its destination. When none is left, bind() fails with"
        " EADDRINUSE, while connect() without bind() could still share ports."
    ),
    remedies=(
        Remedy(
            "application",
            "Set IP_BIND_ADDRESS_NO_PORT before bind(), so that connect() chooses the port (nginx does so in"
            " proxy_bind, HAProxy in source without a port range; check other libraries).",
        ),
        Remedy("network", "More source addresses: each has its own ports."),
        Remedy(
            "sysctl",
            "A wider net.ipv4.ip_local_port_range, with the listeners' ports in net.ipv4.ip_local_reserved_ports.",
            profile="client",
            keys=("net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports"),
            only_if="narrow",
        ),
    ),
    avoid=("tcp_fin_timeout", "tcp_tw_recycle", "tcp_max_tw_buckets_lowered"),
    sources=("ip(7)", "ip_local_port_range"),
)


PROBABLY_BOUND = BOUND_PORTS._replace(
    cause=(
        "The connections are as many as the address has ports, and not more, so most probably the application calls"
        " bind() with this address before connect(). The kernel must then choose a port that no other connection of the"
        " address uses; when none is left, bind() fails with EADDRINUSE."
    )
)


def _tw_overflow(facts: Facts, bounds: Thresholds) -> Judgement | None:
    """Judge how full the table of time-wait sockets is."""
    count, maximum = facts.need("time_wait", "count"), facts.need("time_wait", "max")
    if count is None:
        count = facts.get("states", "TIME_WAIT")
    rate, share = facts.rate("TCPTimeWaitOverflow"), percent(count, maximum)
    severity = worst(WARNING if (rate or 0) > bounds["rate"] else None, severity_of(share, bounds))
    if rate is None and not severity and facts.get("counters", "TcpExt", "TCPTimeWaitOverflow"):
        facts.need("rates", "TcpExt", "TCPTimeWaitOverflow")
    if not severity:
        return None
    evidence = {
        "count": count,
        "max": maximum,
        "percent": share,
        "overflows_per_second": rate,
        "side": _side(facts),
        "small": maximum is None or maximum < _BUCKETS_OF_ROLES,
        "large": maximum is not None and maximum >= _BUCKETS_OF_ROLES,
    }
    orphaned = orphaned_fin_wait2(facts) or 0
    return Judgement(severity, evidence, ("fin_wait2_orphaned",) if orphaned * 2 > (count or 0) else ())


TW_OVERFLOW = Rule(
    id="tw_overflow",
    title="The table of time-wait sockets is full or nearly full: {count} of {max}",
    judge=_tw_overflow,
    # warning: percent of tcp_max_tw_buckets. rate: overflows per second.
    thresholds={"warning": 80, "rate": 0},
    figures=("{percent} % of the table", "{overflows_per_second} overflows/s"),
    cause="More connections are closed here than net.ipv4.tcp_max_tw_buckets allows for; the newest skip TIME_WAIT.",
    remedies=(
        Remedy(
            "sysctl",
            "Raise net.ipv4.tcp_max_tw_buckets ({max} now) to 262144 or more; each takes about 256 bytes.",
            profile="squid",
            keys=("net.ipv4.tcp_max_tw_buckets",),
            only_if="small",
        ),
        Remedy(
            "sysctl",
            "Raise net.ipv4.tcp_max_tw_buckets ({max} now) further, as a floor (tuning_settings).",
            only_if="large",
        ),
        Remedy("application", "Close less often: keep-alive towards clients, a pool towards servers."),
    ),
    avoid=("tcp_fin_timeout", "tcp_tw_recycle", "tcp_max_tw_buckets_lowered"),
    sources=("003", "004", "ip-sysctl.rst"),
)


def _time_wait(facts: Facts, bounds: Thresholds) -> dict[str, Any] | None:
    """Return the figures of a large TIME_WAIT, which is fine while ports and buckets are free."""
    count = facts.get("states", "TIME_WAIT") or 0
    if count < bounds["count"]:
        return None
    busiest = [_used_percent(row, facts.get("ephemeral", "available")) for row in facts.rows("ephemeral", "busiest")]
    side = _side(facts)
    return {
        "count": count,
        "side": side or None,
        "busiest_percent": max(busiest, default=None),
        "bytes": facts.get("time_wait", "bytes"),
        "advice": _advice(side, ports_are_known=facts.get("ephemeral", "available") is not None),
    }


TIME_WAIT = Note(
    id="time_wait",
    text="{count} in TIME_WAIT: {advice}. It safely ends connections that this side closes first.",
    judge=_time_wait,
    # count: connections.
    thresholds={"count": 1000},
    unless=("port_exhaustion", "tw_overflow"),
)


def _advice(side: str, *, ports_are_known: bool) -> str:
    if side == "server":
        return "leave it alone; it uses no port and no descriptor here, as all clients share the listener's port"
    if ports_are_known:
        return "leave it alone; it uses no descriptor, and enough ports are free towards each destination"
    return "leave it alone; only ports towards a destination can run out, which was not judged"


def _side(facts: Facts) -> str:
    """Return whether this host was `server` or `client` of most connections in TIME_WAIT; empty if unknown."""
    total = facts.get("states", "TIME_WAIT") or facts.get("time_wait", "count") or 0
    inbound = facts.get("queues", "TIME_WAIT", "inbound")
    outbound = _outbound(facts) if inbound is None else total - inbound
    inbound = _inbound(facts) if inbound is None else inbound
    if max(inbound, outbound) * 2 <= total or not total:
        return ""
    return "server" if inbound >= outbound else "client"


def _inbound(facts: Facts) -> float:
    """Return the number of connections in TIME_WAIT at ports with a listener."""
    listening = {row.get("port") for row in facts.rows("listeners")}
    rows = (
        row for row in facts.rows("ports") if row.get("port") in listening or (row.get("states") or {}).get("LISTEN")
    )
    return sum((row.get("states") or {}).get("TIME_WAIT") or 0 for row in rows)


def _outbound(facts: Facts) -> float:
    return sum(row.get("used") or 0 for row in facts.rows("ephemeral", "busiest"))


def _paws(facts: Facts, _bounds: Thresholds) -> Judgement | None:
    """Judge clients behind one address that are refused by their clocks, as tcp_tw_recycle does (until Linux 4.12)."""
    if facts.get("rates") is None and facts.get("counters", "TcpExt", "PAWSPassive"):
        facts.need("rates", "TcpExt", "PAWSPassive")
    passive, active = facts.rate("PAWSPassive") or 0, facts.rate("PAWSActive") or 0
    recycle = facts.sysctl(_RECYCLE)
    if recycle is None and active > 0 and facts.get("counters", "TcpExt", "PAWSPassive") is not None:
        facts.need("sysctl", "keys", _RECYCLE)
    if recycle == "0" or not (passive > 0 or (active > 0 and recycle is not None)):
        return None
    return Judgement(
        CRITICAL, {"refused_per_second": passive, "rejected_per_second": active, "tcp_tw_recycle": recycle}
    )


PAWS = Rule(
    id="paws",
    title="Connections are refused because of their timestamps: {refused_per_second}/s",
    judge=_paws,
    thresholds={},
    figures=("tcp_tw_recycle is {tcp_tw_recycle}", "{rejected_per_second} outgoing connections refused/s"),
    cause=(
        "With tcp_tw_recycle the kernel treats all clients behind one address as one host, and refuses those whose"
        " clock is behind: everyone behind NAT or a load balancer."
    ),
    remedies=(
        Remedy("sysctl", "net.ipv4.tcp_tw_recycle = 0, at once and in every file that sets it (tuning_settings)."),
    ),
    avoid=("tcp_tw_recycle",),
    sources=("000", "003", "004"),
)

RULES = (PORT_EXHAUSTION, BOUND_PORTS, TW_OVERFLOW, PAWS)
NOTES = (TIME_WAIT,)
