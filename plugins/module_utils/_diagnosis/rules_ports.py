# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about ports and time-wait sockets. Thresholds warning and critical are percent of what there is."""

from __future__ import annotations

from typing import Any, Mapping

from .facts import Facts
from .rule import WARNING, Judgement, Note, Remedy, Rule, above, percent, worst
from .rules_closing import orphaned_fin_wait2

# Ports and time-wait sockets: what runs out, and what only looks like much.

_RECYCLE = "net.ipv4.tcp_tw_recycle"
# From so many ports on a wider range gains little.
_WIDE = 50000
# Time-wait sockets that the roles make room for.
_ROOM = 262144


def port_exhaustion(facts: Facts, bounds: Mapping[str, float]) -> Judgement | None:
    """Ephemeral ports in use towards one destination: no counter of the kernel tells that they run out."""
    available = facts.need("ephemeral", "available")
    rows = [(_used(row, available), row) for row in facts.rows("ephemeral", "busiest")]
    used, row = max(rows, key=lambda pair: pair[0], default=(0, {}))
    severity = above(used, bounds)
    if not severity:
        return None
    waiting, held = row.get("time_wait"), row.get("used") or 0
    evidence = {
        **{name: row.get(name) for name in ("source", "destination", "port")},
        "used": held,
        "available": available,
        "percent": used,
        "range": facts.get("ephemeral", "range"),
        "narrow": available is not None and available < _WIDE,
        "time_wait": waiting,
        "mostly_time_wait": _mostly(facts.get("states", "TIME_WAIT") if waiting is None else waiting, held),
        "others": sum(1 for used, _row in rows if above(used, bounds)) - 1,
    }
    close_wait = facts.get("states", "CLOSE_WAIT") or 0
    return Judgement(severity, evidence, ("close_wait",) if close_wait * 2 >= held and not waiting else ())


def _mostly(waiting: float | None, held: float) -> bool | None:
    """Whether connections that are closed already take most of the ports; more than all of them there cannot be."""
    return None if waiting is None else waiting * 2 >= held


def _used(row: Mapping[str, Any], available: float | None) -> float:
    if available == 0 and row.get("used"):
        return 100
    found = percent(row.get("used"), available)
    return found if found is not None else 100 * (row.get("ratio") or 0)


def tw_overflow(facts: Facts, bounds: Mapping[str, float]) -> Judgement | None:
    """The table of time-wait sockets is full, or nearly."""
    count, most = facts.need("time_wait", "count"), facts.need("time_wait", "max")
    if count is None:
        count = facts.get("states", "TIME_WAIT")
    rate, share = facts.rate("TCPTimeWaitOverflow"), percent(count, most)
    severity = worst(WARNING if (rate or 0) > bounds["rate"] else None, above(share, bounds))
    if rate is None and not severity and facts.get("counters", "TcpExt", "TCPTimeWaitOverflow"):
        facts.need("rates", "TcpExt", "TCPTimeWaitOverflow")
    if not severity:
        return None
    evidence = {"count": count, "max": most, "percent": share, "overflows_per_second": rate, "side": side(facts)}
    evidence["small"] = most is None or most < _ROOM
    evidence["large"] = not evidence["small"]
    orphaned = orphaned_fin_wait2(facts) or 0
    return Judgement(severity, evidence, ("fin_wait2_orphaned",) if orphaned * 2 > (count or 0) else ())


def time_wait(facts: Facts, bounds: Mapping[str, float]) -> dict[str, Any] | None:
    """Many in TIME_WAIT, which is as it should be while ports and room are free."""
    count = facts.get("states", "TIME_WAIT") or 0
    if count < bounds["count"]:
        return None
    busiest = [_used(row, facts.get("ephemeral", "available")) for row in facts.rows("ephemeral", "busiest")]
    found = side(facts)
    return {
        "count": count,
        "side": found or None,
        "busiest_percent": max(busiest, default=None),
        "bytes": facts.get("time_wait", "bytes"),
        "advice": _advice(found, ports_are_known=facts.get("ephemeral", "available") is not None),
    }


def _advice(found: str, *, ports_are_known: bool) -> str:
    if found == "server":
        return (
            "leave it alone; it takes no port and no descriptor here, as a listener's port serves any number of clients"
        )
    if ports_are_known:
        return "leave it alone; it takes no descriptor, and ports enough are free towards each destination"
    return "leave it alone; only ports towards a destination can run out by it, which was not judged"


def side(facts: Facts) -> str:
    """Which end of most connections in TIME_WAIT this host was: `server`, `client`, or empty where nothing tells."""
    total = facts.get("states", "TIME_WAIT") or facts.get("time_wait", "count") or 0
    inbound = facts.get("queues", "TIME_WAIT", "inbound")
    if inbound is None:
        inbound = _inbound(facts)
    outbound = total - inbound if facts.get("queues", "TIME_WAIT", "inbound") is not None else _outbound(facts)
    if max(inbound, outbound) * 2 <= total or not total:
        return ""
    return "server" if inbound >= outbound else "client"


def _inbound(facts: Facts) -> float:
    """Those on ports that somebody listens on."""
    listening = {row.get("port") for row in facts.rows("listeners")}
    rows = (
        row for row in facts.rows("ports") if row.get("port") in listening or (row.get("states") or {}).get("LISTEN")
    )
    return sum((row.get("states") or {}).get("TIME_WAIT") or 0 for row in rows)


def _outbound(facts: Facts) -> float:
    return sum(row.get("used") or 0 for row in facts.rows("ephemeral", "busiest"))


def paws(facts: Facts, _bounds: Mapping[str, float]) -> Judgement | None:
    """Clients behind one address are refused by their clocks, which only tcp_tw_recycle (until Linux 4.12) does."""
    if facts.get("rates") is None and facts.get("counters", "TcpExt", "PAWSPassive"):
        facts.need("rates", "TcpExt", "PAWSPassive")
    passive, active = facts.rate("PAWSPassive") or 0, facts.rate("PAWSActive") or 0
    recycle = facts.sysctl(_RECYCLE)
    if recycle is None and active > 0 and facts.get("counters", "TcpExt", "PAWSPassive") is not None:
        facts.need("sysctl", "keys", _RECYCLE)
    if recycle == "0" or not (passive > 0 or (active > 0 and recycle is not None and recycle != "0")):
        return None
    return Judgement(
        "critical", {"refused_per_second": passive, "rejected_per_second": active, "tcp_tw_recycle": recycle}
    )


PORT_EXHAUSTION = Rule(
    id="port_exhaustion",
    title="{percent} % of the ports from {source} to {destination} port {port} are in use",
    judge=port_exhaustion,
    thresholds={"warning": 70, "critical": 90},
    cause=(
        "Each connection to one destination takes one of {available} ports, while it is open and a "
        "minute longer if this side "
        "closes first. When none is left connect() fails with EADDRNOTAVAIL."
    ),
    remedies=(
        Remedy("application", "Use connections again: a pool, or keep-alive towards {destination} port {port}."),
        Remedy(
            "sysctl",
            "net.ipv4.tcp_tw_reuse = 1: outgoing connections take over ports in TIME_WAIT after a second "
            "(with timestamps).",
            profile="client",
            keys=("net.ipv4.tcp_tw_reuse", "net.ipv4.tcp_timestamps"),
            given="mostly_time_wait",
            done=("net.ipv4.tcp_tw_reuse", ("1",)),
        ),
        Remedy(
            "sysctl",
            "A wider net.ipv4.ip_local_port_range, with the listeners' ports in net.ipv4.ip_local_reserved_ports.",
            profile="client",
            keys=("net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports"),
            given="narrow",
        ),
        Remedy("network", "More addresses on either side: the count is for each source, destination and port."),
        Remedy("application", "Where it binds an address before connect(), let it set IP_BIND_ADDRESS_NO_PORT."),
    ),
    avoid=("tcp_fin_timeout", "tcp_tw_recycle", "tcp_max_tw_buckets_lowered"),
    sources=("003", "004", "ip(7)"),
)

TW_OVERFLOW = Rule(
    id="tw_overflow",
    title="The table of time-wait sockets is full or nearly: {count} of {max}",
    judge=tw_overflow,
    # rate: overflows in a second.
    thresholds={"warning": 80, "rate": 0},
    cause="More connections are closed here than net.ipv4.tcp_max_tw_buckets has room for; the newest skip TIME_WAIT.",
    remedies=(
        Remedy(
            "sysctl",
            "Raise net.ipv4.tcp_max_tw_buckets ({max} now), to 262144 or more; each takes about a "
            "quarter of a kilobyte.",
            profile="squid",
            keys=("net.ipv4.tcp_max_tw_buckets",),
            given="small",
        ),
        Remedy(
            "sysctl",
            "Raise net.ipv4.tcp_max_tw_buckets ({max} now) further, as a floor (tuning_settings).",
            given="large",
        ),
        Remedy("application", "Close less often: keep-alive towards clients, a pool towards servers."),
    ),
    avoid=("tcp_fin_timeout", "tcp_tw_recycle", "tcp_max_tw_buckets_lowered"),
    sources=("003", "004", "ip-sysctl.rst"),
)

PAWS = Rule(
    id="paws",
    title="Connections are refused by their timestamps, {refused_per_second} in a second",
    judge=paws,
    thresholds={},
    cause=(
        "With tcp_tw_recycle the kernel takes all clients behind one address for one host, and refuses "
        "those whose clock is "
        "behind: everybody behind NAT or a load balancer."
    ),
    remedies=(
        Remedy("sysctl", "net.ipv4.tcp_tw_recycle = 0, at once and in every file that sets it (tuning_settings)."),
    ),
    avoid=("tcp_tw_recycle",),
    sources=("000", "003", "004"),
)

TIME_WAIT = Note(
    id="time_wait",
    text="{count} in TIME_WAIT: {advice}. It is the safe end of connections that this side closes first.",
    judge=time_wait,
    thresholds={"count": 1000},
    unless=("port_exhaustion", "tw_overflow"),
)

RULES = (PORT_EXHAUSTION, TW_OVERFLOW, PAWS)
NOTES = (TIME_WAIT,)
