# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts as in sick_hosts.py, of hosts that cannot connect, or whose connections lose segments or are reset."""

from __future__ import annotations

from ansible_collections.nettune.tcp.tests.unit.support.diagnosed import host, queue

DESTINATION = {"source": "192.0.2.1", "destination": "192.0.2.9", "port": 443}

SICK = {
    "every port of a source address is bound": (
        "bound_ports",
        "warning",
        host(
            ephemeral__sources=[{"source": "192.0.2.1", "ports": 28000, "sockets": 28050, "ratio": 0.9918}],
            ephemeral__busiest=[{**DESTINATION, "used": 7000, "ratio": 0.248, "time_wait": 0}],
        ),
    ),
    "as many connections as ports to four destinations": (
        "bound_ports",
        "warning",
        host(
            ephemeral__busiest=[
                {**DESTINATION, "destination": f"192.0.2.{last}", "used": 7000, "ratio": 0.248}
                for last in range(10, 14)
            ]
        ),
    ),
    "a backend that does not answer": (
        "syn_sent",
        "warning",
        host(
            states__SYN_SENT=90,
            queues__SYN_SENT=queue(unanswered=80),
            ephemeral__unanswered=[{**DESTINATION, "count": 90}],
        ),
    ),
    "many backends that do not answer": (
        "syn_sent",
        "critical",
        host(
            states__SYN_SENT=700,
            queues__SYN_SENT=queue(unanswered=650),
            peers__SYN_SENT=[{"address": f"192.0.2.{last}", "count": 35} for last in range(10)],
        ),
    ),
    "requests without an answer, counts only": (
        "syn_sent",
        "warning",
        {
            "states": {"SYN_SENT": 400, "ESTABLISHED": 90},
            "peers": {"SYN_SENT": [{"address": "192.0.2.9", "count": 400}]},
            "rates": {"Tcp": {"ActiveOpens": 12.0}},
        },
    ),
    "segments are lost": (
        "retransmits",
        "warning",
        host(rates__Tcp__OutSegs=4000.0, rates__Tcp__RetransSegs=500.0, counters__Tcp__RetransSegs=10),
    ),
    "most segments are lost": ("retransmits", "critical", host(rates__Tcp__RetransSegs=400.0)),
    "closed with unread data": (
        "resets",
        "warning",
        host(rates__Tcp__PassiveOpens=40.0, rates__TcpExt__TCPAbortOnClose=30.0),
    ),
    "reset by SO_LINGER": (
        "resets",
        "warning",
        host(rates__Tcp__PassiveOpens=40.0, rates__Tcp__EstabResets=39.0, rates__TcpExt__TCPAbortOnData=39.0),
    ),
    "dropped at listeners": ("resets", "warning", host(rates__TcpExt__ListenDrops=20.0)),
    "reset by peers": ("resets", "warning", host(rates__Tcp__PassiveOpens=60.0, rates__Tcp__EstabResets=55.0)),
    "peers that vanish": (
        "resets",
        "warning",
        host(rates__Tcp__PassiveOpens=40.0, rates__Tcp__EstabResets=24.0, rates__TcpExt__TCPAbortOnTimeout=24.0),
    ),
    "orphans in many other namespaces": (
        "orphans",
        "warning",
        host(states__LAST_ACK=9, orphans={"count": 90000, "max": 131072}),
    ),
    "half-closed connections of a busy proxy": (
        "fin_wait2_owned",
        "warning",
        host(
            states__FIN_WAIT2=3000,
            states__ESTABLISHED=5000,
            queues__FIN_WAIT2=queue(unowned=0),
            processes__0__states__FIN_WAIT2=3000,
            processes__0__lingering={"FIN_WAIT2": 2990},
            processes__0__nofile__soft=65536,
            rates__states__FIN_WAIT2=1.0,
            rates__Tcp__PassiveOpens=60.0,
        ),
    ),
}

HEALTHY = {
    "requests on their way": host(
        states__SYN_SENT=300, queues__SYN_SENT=queue(unanswered=3), rates__Tcp__ActiveOpens=2000.0
    ),
    "requests on their way, unproved": host(
        states__SYN_SENT=400, rates__Tcp__ActiveOpens=4000.0, queues__SYN_SENT__unanswered=None
    ),
    "a crawler": host(
        states__SYN_SENT=400,
        states__ESTABLISHED=5000,
        queues__SYN_SENT=queue(unanswered=300),
        peers__SYN_SENT=[{"address": f"192.0.2.{last}", "count": 3} for last in range(10)],
    ),
    "ports shared by destinations": host(
        ephemeral__sources=[{"source": "192.0.2.1", "ports": 27000, "sockets": 60000, "ratio": 0.9563}],
        ephemeral__busiest=[{**DESTINATION, "used": 12000, "ratio": 0.425}],
    ),
    "losses of clients on the Internet": host(rates__Tcp__OutSegs=90000.0, rates__Tcp__RetransSegs=2500.0),
    "a host that has always lost segments": host(
        rates__Tcp__OutSegs=9000.0,
        rates__Tcp__RetransSegs=700.0,
        counters__Tcp__OutSegs=900000,
        counters__Tcp__RetransSegs=50000,
    ),
    "a few segments": host(rates__Tcp__OutSegs=20.0, rates__Tcp__RetransSegs=15.0),
    "requests sent again": host(rates__Tcp__RetransSegs=300.0, rates__TcpExt__TCPSynRetrans=300.0),
    "clients that reset": host(
        rates__Tcp__PassiveOpens=900.0, rates__Tcp__EstabResets=200.0, rates__TcpExt__TCPAbortOnClose=90.0
    ),
    "health checks that end in a reset": host(rates__Tcp__PassiveOpens=4.0, rates__Tcp__EstabResets=4.0),
    "phones that vanish": host(
        states__ESTABLISHED=50000,
        rates__Tcp__InSegs=9000.0,
        rates__Tcp__PassiveOpens=30.0,
        rates__Tcp__EstabResets=9.0,
        rates__TcpExt__TCPAbortOnTimeout=9.0,
    ),
    "some peers vanish": host(
        rates__Tcp__PassiveOpens=900.0, rates__Tcp__EstabResets=9.0, rates__TcpExt__TCPAbortOnTimeout=3.0
    ),
    "lingering close of a busy server": host(
        states__FIN_WAIT2=2000,
        states__ESTABLISHED=20000,
        queues__FIN_WAIT2=queue(unowned=0),
        processes__0__lingering={"FIN_WAIT2": 300},
        processes__0__states__FIN_WAIT2=2000,
        rates__states__FIN_WAIT2=14.0,
        rates__Tcp__PassiveOpens=900.0,
        rates__Tcp__InSegs=90000.0,
    ),
}
