# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about ports and time-wait sockets. Thresholds warning and critical are percent of what there is."""

from __future__ import annotations

from . import judge_ports
from .rule import Note, Remedy, Rule

PORT_EXHAUSTION = Rule(
    id="port_exhaustion",
    title="{percent} % of the ports from {source} to {destination} port {port} are in use",
    judge=judge_ports.port_exhaustion,
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
    judge=judge_ports.tw_overflow,
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
    judge=judge_ports.paws,
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
    judge=judge_ports.time_wait,
    thresholds={"count": 1000},
    unless=("port_exhaustion", "tw_overflow"),
)

RULES = (PORT_EXHAUSTION, TW_OVERFLOW, PAWS)
NOTES = (TIME_WAIT,)
