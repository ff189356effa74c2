# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts of sick hosts, with the rule and severity that is to be found, and of healthy hosts that look alike."""

from __future__ import annotations

from ansible_collections.nettune.tcp.tests.unit.support.diagnosed import host, queue

DESTINATION = {"source": "192.0.2.1", "destination": "192.0.2.9", "port": 443}

SICK = {
    "7729 in CLOSE_WAIT": (
        "close_wait",
        "critical",
        host(states__CLOSE_WAIT=7729, states__ESTABLISHED=471, processes=None),
    ),
    "a leak that grows": (
        "close_wait",
        "warning",
        host(
            states__CLOSE_WAIT=30,
            processes__0__states__CLOSE_WAIT=30,
            processes__0__lingering={"CLOSE_WAIT": 25},
            rates__processes__0__states__CLOSE_WAIT=1.0,
        ),
    ),
    "a leak that stands still": (
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
    "a leak by its share of nofile": (
        "close_wait",
        "warning",
        host(rates=None, states__CLOSE_WAIT=250, processes__0__states__CLOSE_WAIT=250, processes__0__lingering=None),
    ),
    "a leak that ends soon": (
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
    "a small leak, by numbers alone": (
        "close_wait",
        "warning",
        {"states": {"CLOSE_WAIT": 70, "ESTABLISHED": 12}, "rates": {"states": {"CLOSE_WAIT": 0.8}}},
    ),
    "ghosts": ("ghost_descriptors", "warning", host(processes__0__ghosts=150)),
    "growing ghosts": (
        "ghost_descriptors",
        "warning",
        host(processes__0__ghosts=25, rates__processes__0__ghosts=2.0),
    ),
    "ports": (
        "port_exhaustion",
        "critical",
        host(ephemeral__busiest=[{**DESTINATION, "used": 27000, "ratio": 0.9564, "time_wait": 26000}]),
    ),
    "ports, early": (
        "port_exhaustion",
        "warning",
        host(ephemeral__busiest=[{**DESTINATION, "used": 20000, "ratio": 0.7084}]),
    ),
    "no port that may be used": (
        "port_exhaustion",
        "critical",
        host(ephemeral={"available": 0, "busiest": [{**DESTINATION, "used": 3, "ratio": None}]}),
    ),
    "buckets overflow": ("tw_overflow", "warning", host(rates__TcpExt__TCPTimeWaitOverflow=0.4)),
    "buckets nearly full": (
        "tw_overflow",
        "warning",
        host(states__TIME_WAIT=4500, time_wait={"count": 4500, "max": 5000, "bytes": None}),
    ),
    "5830 in LAST_ACK": (
        "last_ack",
        "warning",
        host(states__LAST_ACK=5830, states__FIN_WAIT1=1037, states__CLOSING=7, states__ESTABLISHED=6712, queues=None),
    ),
    "peers that vanished": (
        "last_ack",
        "warning",
        host(states__LAST_ACK=120, queues__LAST_ACK=queue(unanswered=110, unowned=120, sent=9000, on=120)),
    ),
    "peers that take nothing": (
        "fin_wait1",
        "warning",
        host(states__FIN_WAIT1=120, queues__FIN_WAIT1=queue(unanswered=120, unowned=120, sent=900000, persist=120)),
    ),
    "both closed": ("closing", "warning", host(states__CLOSING=90, queues__CLOSING=queue(unanswered=90, unowned=90))),
    "orphans": (
        "fin_wait1",
        "critical",
        host(states__FIN_WAIT1=70000, states__ESTABLISHED=900000, queues=None, orphans={"count": 71000, "max": 131072}),
    ),
    "orphans in FIN_WAIT2": (
        "fin_wait2_orphaned",
        "warning",
        host(states__FIN_WAIT2=900, queues__FIN_WAIT2=queue(unowned=900), rates__unowned__FIN_WAIT2=12.0),
    ),
    "orphans in FIN_WAIT2, by what sockstat counts": (
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
    "shut down, not closed, by processes": (
        "fin_wait2_owned",
        "warning",
        host(queues=None, time_wait=None, states__FIN_WAIT2=500, processes__0__states__FIN_WAIT2=500),
    ),
    "shut down, not closed": (
        "fin_wait2_owned",
        "warning",
        host(states__FIN_WAIT2=500, queues__FIN_WAIT2=queue(unowned=0), rates__states__FIN_WAIT2=1.0),
    ),
    "a flood": (
        "syn_queue",
        "critical",
        host(
            states__SYN_RECV=512,
            rates__TcpExt__TCPReqQFullDoCookies=900.0,
            rates__TcpExt__SyncookiesSent=900.0,
            rates__TcpExt__ListenDrops=0.0,
        ),
    ),
    "a flood without cookies": (
        "syn_queue",
        "critical",
        host(states__SYN_RECV=512, rates__TcpExt__TCPReqQFullDrop=90.0),
    ),
    "a full SYN queue, one reading": (
        "syn_queue",
        "warning",
        host(rates=None, states__SYN_RECV=512, ports=[{"port": 80, "states": {"SYN_RECV": 512}}]),
    ),
    "more requests than all queues hold": (
        "syn_queue",
        "warning",
        {
            "states": {"SYN_RECV": 700},
            "listeners": [{"port": 80, "backlog": 511, "queued": 0}, {"port": 22, "backlog": 128, "queued": 0}],
        },
    ),
    "a full accept queue": (
        "accept_queue",
        "warning",
        host(listeners=[{"address": "0.0.0.0", "port": 80, "backlog": 128, "queued": 129}]),
    ),
    "a full accept queue that drops": (
        "accept_queue",
        "critical",
        host(
            listeners=[{"address": "0.0.0.0", "port": 80, "backlog": 128, "queued": 129}],
            rates__TcpExt__ListenOverflows=40.0,
            rates__TcpExt__ListenDrops=40.0,
        ),
    ),
    "a small one that drops": (
        "accept_queue",
        "warning",
        host(
            listeners=[{"address": "0.0.0.0", "port": 80, "backlog": 2, "queued": 3}],
            rates__TcpExt__ListenOverflows=0.6,
            rates__TcpExt__ListenDrops=0.6,
        ),
    ),
    "descriptors": ("emfile", "critical", host(processes__0__descriptors=1001)),
    "descriptors, by nofile facts": (
        "emfile",
        "warning",
        host(
            processes=None, nofile__processes=[{"pid": 7, "name": "x", "descriptors": 940, "soft": 1024, "hard": 4096}]
        ),
    ),
    "descriptors that run away": (
        "emfile",
        "warning",
        host(processes__0__descriptors=800, rates__processes__0__descriptors=20.0),
    ),
    "files of the system": ("enfile", "critical", host(nofile__system={"file_max": 100000, "allocated": 95000})),
    "tracked": ("conntrack", "critical", host(conntrack={"count": 262000, "max": 262144, "buckets": 65536})),
    "tracked, and dropped": ("conntrack", "critical", host(rates__conntrack={"drop": 4.0, "insert_failed": 0.0})),
    "tracked, early": ("conntrack", "warning", host(conntrack={"count": 200000, "max": 262144, "buckets": None})),
    "memory": ("tcp_memory", "warning", host(memory__pages=130000)),
    "memory, high": ("tcp_memory", "critical", host(memory__pages=180000)),
    "memory that resets": ("tcp_memory", "critical", host(rates__TcpExt__TCPAbortOnMemory=3.0)),
    "NAT": ("paws", "critical", host(sysctl__tcp_tw_recycle="1", rates__TcpExt__PAWSPassive=2.0)),
    "NAT, recycle not asked for": ("paws", "critical", host(rates__TcpExt__PAWSPassive=2.0)),
    "idle": (
        "idle_established",
        "info",
        host(
            states__ESTABLISHED=20000,
            rates__Tcp__InSegs=3.0,
            queues__ESTABLISHED=queue(off=20000, unowned=0, inbound=20000),
        ),
    ),
    "nobody reads": (
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
    "a server's TIME_WAIT": host(
        states__TIME_WAIT=20000, time_wait__count=20000, queues__TIME_WAIT=queue(inbound=19900, unowned=20000)
    ),
    "a client's TIME_WAIT with ports enough": host(
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
    "much ESTABLISHED": host(
        states__ESTABLISHED=120000,
        rates__Tcp__InSegs=90000.0,
        queues__ESTABLISHED=queue(off=60000, keepalive=60000, unowned=20, received=20000),
    ),
    "uploads that come faster than they are read": host(
        rates__Tcp__InSegs=2154.0,
        queues__ESTABLISHED={**queue(off=400), "recv_q": {"bytes": 9000000, "sockets": 380}},
    ),
    "much ESTABLISHED, counted only": {
        "states": {"ESTABLISHED": 900000, "TIME_WAIT": 9000, "CLOSE_WAIT": 120, "LAST_ACK": 250, "LISTEN": 3}
    },
    "overflows of long ago": host(
        counters__TcpExt__ListenOverflows=81234,
        counters__TcpExt__ListenDrops=91234,
        counters__TcpExt__TCPTimeWaitOverflow=77,
        counters__TcpExt__SyncookiesSent=5000,
    ),
    "one overflow in a while": host(rates__TcpExt__ListenOverflows=0.2, rates__TcpExt__ListenDrops=0.2),
    "CLOSE_WAIT of moments": host(
        states__CLOSE_WAIT=300,
        processes__0__states__CLOSE_WAIT=300,
        processes__0__lingering={"CLOSE_WAIT": 4},
        rates__states__CLOSE_WAIT=9.0,
        rates__processes__0__states__CLOSE_WAIT=9.0,
    ),
    "CLOSE_WAIT on the wane": host(
        processes=None, states__CLOSE_WAIT=800, states__ESTABLISHED=400, rates__states__CLOSE_WAIT=-90.0
    ),
    "a pool that lost a few": host(states__CLOSE_WAIT=9, processes__0__states__CLOSE_WAIT=9),
    "80 % of nofile, stable": host(processes__0__descriptors=820),
    "80 % of nofile, as busy as ever": host(processes__0__descriptors=820, rates__processes__0__descriptors=3.0),
    "a sandbox": host(nofile__processes=[{"pid": 9, "name": "sshd", "descriptors": 5, "soft": 1, "hard": 1}]),
    "a listener that is busy": host(listeners=[{"address": "::", "port": 80, "backlog": 511, "queued": 200}]),
    "a tiny listener with one in its queue": host(listeners=[{"address": "::", "port": 80, "backlog": 1, "queued": 1}]),
    "a listener in /proc": host(listeners=[{"address": "::", "port": 80, "backlog": None, "queued": 5}]),
    "cookies always": host(
        sysctl__tcp_syncookies="2", rates__TcpExt__TCPReqQFullDoCookies=300.0, rates__TcpExt__SyncookiesSent=300.0
    ),
    "old duplicates, and no recycling": host(sysctl__tcp_tw_recycle="0", rates__TcpExt__PAWSActive=1.0),
    "clients that close late": host(
        states__TIME_WAIT=3000, states__FIN_WAIT2=1500, time_wait__count=4500, queues__FIN_WAIT2=queue(unowned=1500)
    ),
    "idle, but kept alive": host(
        states__ESTABLISHED=20000, rates__Tcp__InSegs=3.0, queues__ESTABLISHED=queue(keepalive=20000)
    ),
    "a few idle ones": host(states__ESTABLISHED=300, rates__Tcp__InSegs=0.0, queues__ESTABLISHED=queue(off=300)),
    "a race within connection tracking": host(rates__conntrack={"drop": 0.0, "insert_failed": 2.0}),
    "no processes with sockets at all": host(processes=[], nofile__processes=[]),
    "no connection tracking": host(
        conntrack=None, partial=[{"what": "conntrack", "reason": "net.netfilter.nf_conntrack_count is absent in this"}]
    ),
    "orphans elsewhere on the machine": host(states__LAST_ACK=20, orphans={"count": 60000, "max": 131072}),
}
