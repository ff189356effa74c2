# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts of hosts with a problem, each with the expected rule and severity, and of similar healthy hosts."""

from __future__ import annotations

from ansible_collections.nettune.tcp.tests.unit.support import sick_hosts_connecting
from ansible_collections.nettune.tcp.tests.unit.support.diagnosed import host, queue

DESTINATION = {"source": "192.0.2.1", "destination": "192.0.2.9", "port": 443}

SICK = {
    **sick_hosts_connecting.SICK,
    "7729 sockets in CLOSE_WAIT": (
        "close_wait",
        "critical",
        host(states__CLOSE_WAIT=7729, states__ESTABLISHED=471, processes=None),
    ),
    "growing leak": (
        "close_wait",
        "warning",
        host(
            states__CLOSE_WAIT=30,
            processes__0__states__CLOSE_WAIT=30,
            processes__0__lingering={"CLOSE_WAIT": 25},
            rates__processes__0__states__CLOSE_WAIT=1.0,
        ),
    ),
    "leak of constant size": (
        "close_wait",
        "warning",
        host(
            states__CLOSE_WAIT=60,
            states__ESTABLISHED=5,
            processes__0__states__CLOSE_WAIT=60,
            processes__0__states__ESTABLISHED=5,
            processes__0__lingering={"CLOSE_WAIT": 60},
        ),
    ),
    "leak by its share of the open-file limit": (
        "close_wait",
        "warning",
        host(rates=None, states__CLOSE_WAIT=250, processes__0__states__CLOSE_WAIT=250, processes__0__lingering=None),
    ),
    "leak that reaches the limit soon": (
        "close_wait",
        "critical",
        host(
            states__CLOSE_WAIT=300,
            processes__0__states__CLOSE_WAIT=300,
            processes__0__descriptors=700,
            processes__0__lingering={"CLOSE_WAIT": 290},
            rates__processes__0__states__CLOSE_WAIT=2.0,
            rates__processes__0__descriptors=2.0,
        ),
    ),
    "small leak, from counts only": (
        "close_wait",
        "warning",
        {"states": {"CLOSE_WAIT": 70, "ESTABLISHED": 12}, "rates": {"states": {"CLOSE_WAIT": 0.8}}},
    ),
    "unattached descriptors": ("ghost_descriptors", "warning", host(processes__0__ghosts=150)),
    "growing unattached descriptors": (
        "ghost_descriptors",
        "warning",
        host(processes__0__ghosts=25, rates__processes__0__ghosts=2.0),
    ),
    "ports nearly used up": (
        "port_exhaustion",
        "critical",
        host(ephemeral__busiest=[{**DESTINATION, "used": 27000, "ratio": 0.9564, "time_wait": 26000}]),
    ),
    "ports half used": (
        "port_exhaustion",
        "warning",
        host(ephemeral__busiest=[{**DESTINATION, "used": 20000, "ratio": 0.7084}]),
    ),
    "no usable port": (
        "port_exhaustion",
        "critical",
        host(ephemeral={"available": 0, "busiest": [{**DESTINATION, "used": 3, "ratio": None}]}),
    ),
    "TIME_WAIT table overflows": ("tw_overflow", "warning", host(rates__TcpExt__TCPTimeWaitOverflow=0.4)),
    "TIME_WAIT table nearly full": (
        "tw_overflow",
        "warning",
        host(states__TIME_WAIT=4500, time_wait={"count": 4500, "max": 5000, "bytes": None}),
    ),
    "5830 sockets in LAST_ACK": (
        "last_ack",
        "warning",
        host(states__LAST_ACK=5830, states__FIN_WAIT1=1037, states__CLOSING=7, states__ESTABLISHED=6712, queues=None),
    ),
    "vanished peers": (
        "last_ack",
        "warning",
        host(states__LAST_ACK=120, queues__LAST_ACK=queue(unanswered=110, unowned=120, sent=9000, on=120)),
    ),
    "peers that do not read": (
        "fin_wait1",
        "warning",
        host(states__FIN_WAIT1=120, queues__FIN_WAIT1=queue(unanswered=120, unowned=120, sent=900000, persist=120)),
    ),
    "simultaneous close": (
        "closing",
        "warning",
        host(states__CLOSING=90, queues__CLOSING=queue(unanswered=90, unowned=90)),
    ),
    "orphans": (
        "orphans",
        "warning",
        host(states__FIN_WAIT1=70000, states__ESTABLISHED=900000, queues=None, orphans={"count": 71000, "max": 131072}),
    ),
    "orphans in FIN_WAIT2": (
        "fin_wait2_orphaned",
        "warning",
        host(states__FIN_WAIT2=900, queues__FIN_WAIT2=queue(unowned=900), rates__unowned__FIN_WAIT2=12.0),
    ),
    "orphans in FIN_WAIT2, from sockstat": (
        "fin_wait2_orphaned",
        "warning",
        host(
            queues=None,
            states__FIN_WAIT2=8000,
            states__TIME_WAIT=10000,
            time_wait__count=18000,
            rates__states__FIN_WAIT2=40.0,
        ),
    ),
    "shut down but not closed, from processes": (
        "fin_wait2_owned",
        "warning",
        host(queues=None, time_wait=None, states__FIN_WAIT2=500, processes__0__states__FIN_WAIT2=500),
    ),
    "shut down but not closed": (
        "fin_wait2_owned",
        "warning",
        host(states__FIN_WAIT2=500, queues__FIN_WAIT2=queue(unowned=0), rates__states__FIN_WAIT2=1.0),
    ),
    "SYN flood": (
        "syn_queue",
        "critical",
        host(
            states__SYN_RECV=512,
            rates__TcpExt__TCPReqQFullDoCookies=900.0,
            rates__TcpExt__SyncookiesSent=900.0,
            rates__TcpExt__ListenDrops=0.0,
        ),
    ),
    "SYN flood without cookies": (
        "syn_queue",
        "critical",
        host(states__SYN_RECV=512, rates__TcpExt__TCPReqQFullDrop=90.0),
    ),
    "full SYN queue, one reading": (
        "syn_queue",
        "warning",
        host(rates=None, states__SYN_RECV=512, ports=[{"port": 80, "states": {"SYN_RECV": 512}}]),
    ),
    "more requests than the capacity of all queues": (
        "syn_queue",
        "warning",
        {
            "states": {"SYN_RECV": 700},
            "listeners": [{"port": 80, "backlog": 511, "queued": 0}, {"port": 22, "backlog": 128, "queued": 0}],
        },
    ),
    "full accept queue": (
        "accept_queue",
        "warning",
        host(listeners=[{"address": "0.0.0.0", "port": 80, "backlog": 128, "queued": 129}]),
    ),
    "full accept queue with drops": (
        "accept_queue",
        "critical",
        host(
            listeners=[{"address": "0.0.0.0", "port": 80, "backlog": 128, "queued": 129}],
            rates__TcpExt__ListenOverflows=40.0,
            rates__TcpExt__ListenDrops=40.0,
        ),
    ),
    "small accept queue with drops": (
        "accept_queue",
        "warning",
        host(
            listeners=[{"address": "0.0.0.0", "port": 80, "backlog": 2, "queued": 3}],
            rates__TcpExt__ListenOverflows=0.6,
            rates__TcpExt__ListenDrops=0.6,
        ),
    ),
    "descriptors near the limit": ("emfile", "critical", host(processes__0__descriptors=1001)),
    "descriptors near the limit, from nofile facts": (
        "emfile",
        "warning",
        host(
            processes=None, nofile__processes=[{"pid": 7, "name": "x", "descriptors": 940, "soft": 1024, "hard": 4096}]
        ),
    ),
    "fast growing descriptors": (
        "emfile",
        "warning",
        host(processes__0__descriptors=800, rates__processes__0__descriptors=20.0),
    ),
    "system-wide file limit": ("enfile", "critical", host(nofile__system={"file_max": 100000, "allocated": 95000})),
    "conntrack table nearly full": (
        "conntrack",
        "critical",
        host(conntrack={"count": 262000, "max": 262144, "buckets": 65536}),
    ),
    "conntrack drops": ("conntrack", "critical", host(rates__conntrack={"drop": 4.0, "insert_failed": 0.0})),
    "conntrack table filling": (
        "conntrack",
        "warning",
        host(conntrack={"count": 200000, "max": 262144, "buckets": None}),
    ),
    "TCP memory pressure": ("tcp_memory", "warning", host(memory__pages=130000)),
    "TCP memory near its limit": ("tcp_memory", "critical", host(memory__pages=180000)),
    "connections reset for lack of memory": ("tcp_memory", "critical", host(rates__TcpExt__TCPAbortOnMemory=3.0)),
    "tw_recycle behind NAT": ("paws", "critical", host(sysctl__tcp_tw_recycle="1", rates__TcpExt__PAWSPassive=2.0)),
    "rejected timestamps, tw_recycle unknown": ("paws", "critical", host(rates__TcpExt__PAWSPassive=2.0)),
    "idle connections": (
        "idle_established",
        "info",
        host(
            states__ESTABLISHED=20000,
            rates__Tcp__InSegs=3.0,
            queues__ESTABLISHED=queue(off=20000, unowned=0, inbound=20000),
        ),
    ),
    "unread data": (
        "idle_established",
        "warning",
        host(
            rates__Tcp__InSegs=90.0,
            queues__ESTABLISHED={
                **queue(off=400),
                "recv_q": {"bytes": 9000000, "sockets": 380},
            },
        ),
    ),
}

HEALTHY = {
    **sick_hosts_connecting.HEALTHY,
    "TIME_WAIT of a server": host(
        states__TIME_WAIT=20000, time_wait__count=20000, queues__TIME_WAIT=queue(inbound=19900, unowned=20000)
    ),
    "TIME_WAIT of a client with enough ports": host(
        states__TIME_WAIT=20000,
        time_wait__count=20000,
        ephemeral__busiest=[{**DESTINATION, "used": 12000, "ratio": 0.425, "time_wait": 12000}],
    ),
    "many short connections": host(
        states__TIME_WAIT=50000,
        states__LAST_ACK=180,
        states__FIN_WAIT1=90,
        states__SYN_RECV=60,
        states__FIN_WAIT2=400,
        states__CLOSE_WAIT=25,
        time_wait__count=50400,
        queues__LAST_ACK=queue(unanswered=6, unowned=180),
        queues__FIN_WAIT1=queue(unanswered=3, unowned=90),
        queues__FIN_WAIT2=queue(unowned=400),
        rates__unowned__FIN_WAIT2=7.0,
        rates__Tcp__PassiveOpens=900.0,
    ),
    "many ESTABLISHED": host(
        states__ESTABLISHED=120000,
        rates__Tcp__InSegs=90000.0,
        queues__ESTABLISHED=queue(off=60000, keepalive=60000, unowned=20, received=20000),
    ),
    "uploads arriving faster than they are read": host(
        rates__Tcp__InSegs=2154.0,
        queues__ESTABLISHED={**queue(off=400), "recv_q": {"bytes": 9000000, "sockets": 380}},
    ),
    "many ESTABLISHED, counts only": {
        "states": {"ESTABLISHED": 900000, "TIME_WAIT": 9000, "CLOSE_WAIT": 120, "LAST_ACK": 250, "LISTEN": 3}
    },
    "old overflows": host(
        counters__TcpExt__ListenOverflows=81234,
        counters__TcpExt__ListenDrops=91234,
        counters__TcpExt__TCPTimeWaitOverflow=77,
        counters__TcpExt__SyncookiesSent=5000,
    ),
    "rare overflows": host(rates__TcpExt__ListenOverflows=0.2, rates__TcpExt__ListenDrops=0.2),
    "short-lived CLOSE_WAIT": host(
        states__CLOSE_WAIT=300,
        processes__0__states__CLOSE_WAIT=300,
        processes__0__lingering={"CLOSE_WAIT": 4},
        rates__states__CLOSE_WAIT=9.0,
        rates__processes__0__states__CLOSE_WAIT=9.0,
    ),
    "shrinking CLOSE_WAIT": host(
        processes=None, states__CLOSE_WAIT=800, states__ESTABLISHED=400, rates__states__CLOSE_WAIT=-90.0
    ),
    "a few sockets lost by a pool": host(states__CLOSE_WAIT=9, processes__0__states__CLOSE_WAIT=9),
    "80 % of the open-file limit, stable": host(processes__0__descriptors=820),
    "80 % of the open-file limit, growing slowly": host(
        processes__0__descriptors=820, rates__processes__0__descriptors=3.0
    ),
    "sandboxed process": host(nofile__processes=[{"pid": 9, "name": "sshd", "descriptors": 5, "soft": 1, "hard": 1}]),
    "busy listener": host(listeners=[{"address": "::", "port": 80, "backlog": 511, "queued": 200}]),
    "backlog of one with one connection": host(listeners=[{"address": "::", "port": 80, "backlog": 1, "queued": 1}]),
    "listener without a backlog": host(listeners=[{"address": "::", "port": 80, "backlog": None, "queued": 5}]),
    "cookies sent unconditionally": host(
        sysctl__tcp_syncookies="2", rates__TcpExt__TCPReqQFullDoCookies=300.0, rates__TcpExt__SyncookiesSent=300.0
    ),
    "old duplicates without tw_recycle": host(sysctl__tcp_tw_recycle="0", rates__TcpExt__PAWSActive=1.0),
    "clients that close late": host(
        states__TIME_WAIT=3000, states__FIN_WAIT2=1500, time_wait__count=4500, queues__FIN_WAIT2=queue(unowned=1500)
    ),
    "idle with keepalive": host(
        states__ESTABLISHED=20000, rates__Tcp__InSegs=3.0, queues__ESTABLISHED=queue(keepalive=20000)
    ),
    "a few idle connections": host(states__ESTABLISHED=300, rates__Tcp__InSegs=0.0, queues__ESTABLISHED=queue(off=300)),
    "race in connection tracking": host(rates__conntrack={"drop": 0.0, "insert_failed": 2.0}),
    "no processes with sockets": host(processes=[], nofile__processes=[]),
    "no connection tracking": host(
        conntrack=None, partial=[{"what": "conntrack", "reason": "net.netfilter.nf_conntrack_count is absent in this"}]
    ),
    "orphans in other namespaces": host(states__LAST_ACK=20, orphans={"count": 60000, "max": 131072}),
}
