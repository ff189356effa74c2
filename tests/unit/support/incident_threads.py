# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents of the kinds that administrators report, and busy healthy hosts, as facts.

Each incident has the findings that are right, {id: id of its cause}, and the severity of the first one.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.nettune.tcp.tests.unit.support.diagnosed import host, queue


def process(name: str, soft: int, descriptors: int, lingering: dict[str, int] | None = None, **states: int) -> dict:
    """Return the changes for the only process with sockets."""
    return {
        "processes": [
            {
                "pid": 711,
                "name": name,
                "unit": f"{name}.service",
                "descriptors": descriptors,
                "nofile": {"soft": soft, "hard": soft},
                "states": states,
                "ghosts": 0,
                "lingering": {"CLOSE_WAIT": 0, "FIN_WAIT2": 0, **(lingering or {})},
            }
        ],
    }


def busy(established: int, opened: float, *, inbound: int | None = None) -> dict[str, Any]:
    """Return the changes for a host with much traffic: connections in use, and opened per second."""
    return {
        "states__ESTABLISHED": established,
        "queues__ESTABLISHED": queue(
            off=established // 2, keepalive=established // 2, inbound=established if inbound is None else inbound
        ),
        "rates__Tcp__InSegs": established * 3.0,
        "rates__Tcp__OutSegs": established * 4.0,
        "rates__Tcp__PassiveOpens": opened,
    }


def waiting(state: str, count: int, unanswered: int, **more: int) -> dict[str, Any]:
    """Return the changes for sockets of a state, of which some had to retransmit."""
    return {f"states__{state}": count, f"queues__{state}": queue(unanswered=unanswered, unowned=count, **more)}


def peers(state: str, *counts: int) -> dict[str, Any]:
    return {f"peers__{state}": [{"address": f"198.51.100.{n}", "count": count} for n, count in enumerate(counts, 1)]}


def towards(*counts: int) -> dict[str, Any]:
    rows = [
        {"source": "192.0.2.1", "destination": f"198.51.100.{n}", "port": 8443, "count": count}
        for n, count in enumerate(counts, 1)
    ]
    return {"ephemeral__unanswered": rows}


LIMIT_OF_ORPHANS = 65536

INCIDENTS: dict[str, tuple[dict[str, Any], dict[str, str | None], str]] = {
    # A firewall before the web servers forgets connections at the client's FIN: the servers' FINs are dropped.
    "web server: LAST_ACK grows beside many connections in use": (
        host(**busy(20000, 200.0), **waiting("LAST_ACK", 3000, 2950, on=2950), **peers("LAST_ACK", 40, 31)),
        {"last_ack": None},
        "warning",
    ),
    # Clients on a lossy line are cut off while the server closes: its memory of them nears the kernel's limit.
    "download server: the limit of orphans is reached": (
        host(
            **busy(90000, 4000.0),
            **waiting("FIN_WAIT1", 65200, 60000, on=60000),
            orphans={"count": 65524, "max": LIMIT_OF_ORPHANS},
            rates__TcpExt__TCPAbortOnMemory=310.0,
        ),
        {"fin_wait1": None, "orphans": "fin_wait1"},
        "critical",
    ),
    # The pods of a node have a network of their own; the node itself looks idle, and its connections are reset.
    "k8s node: pods use up the limit of orphans": (
        host(
            **waiting("FIN_WAIT1", 11, 2), orphans={"count": 65530, "max": 65536}, rates__TcpExt__TCPAbortOnMemory=12.0
        ),
        {"orphans": None},
        "critical",
    ),
    # No timeout for half-closed clients: tunnels stay after one side has gone.
    "proxy: half-closed tunnels take half of its descriptors": (
        host(
            **busy(20000, 900.0),
            **process("proxyd", 8192, 7000, {"FIN_WAIT2": 4180}, FIN_WAIT2=4200, ESTABLISHED=1800),
            states__FIN_WAIT2=4200,
            queues__FIN_WAIT2=queue(unowned=0),
        ),
        {"fin_wait2_owned": None},
        "critical",
    ),
    # The same with ample descriptors, found as more than all connections of a minute.
    "proxy: half-closed tunnels pile up far from its limit": (
        host(
            **busy(20000, 60.0),
            **process("proxyd", 1048576, 26000, {"FIN_WAIT2": 4180}, FIN_WAIT2=4200, ESTABLISHED=20000),
            states__FIN_WAIT2=4200,
            queues__FIN_WAIT2=queue(unowned=0),
        ),
        {"fin_wait2_owned": None},
        "warning",
    ),
    # A connection pool does not notice that its database closes idle connections.
    "database client: CLOSE_WAIT beside many more connections in use": (
        host(
            **busy(20000, 300.0),
            **process("appserver", 262144, 23500, {"CLOSE_WAIT": 2990}, CLOSE_WAIT=3000, ESTABLISHED=20000),
            states__CLOSE_WAIT=3000,
            queues__CLOSE_WAIT=queue(unowned=0),
        ),
        {"close_wait": None},
        "warning",
    ),
    # One of the zones is cut off: all of its backends fail, none has half of the requests.
    "load balancer: the backends of one zone do not answer": (
        host(
            **busy(20000, 900.0),
            **waiting("SYN_SENT", 3000, 2800, on=3000),
            **towards(*[480] * 6),
            rates__Tcp__ActiveOpens=1300.0,
        ),
        {"syn_sent": None},
        "critical",
    ),
    # A rule of the egress firewall is gone: nothing outside answers any more, while clients still connect.
    "web server: nothing outside answers its requests": (
        host(
            **busy(20000, 300.0, inbound=19700),
            **waiting("SYN_SENT", 2100, 2000, on=2100),
            **towards(*[20] * 10),
            rates__Tcp__ActiveOpens=70.0,
        ),
        {"syn_sent": None},
        "critical",
    ),
    # The way back to the clients is filtered. somaxconn is 65535, so that no queue ever fills.
    "NAT box: answers to clients get lost": (
        host(
            **busy(9000, 20.0),
            **waiting("SYN_RECV", 3400, 3300, on=3400),
            listeners=[{"address": "0.0.0.0", "port": 443, "backlog": 65535, "queued": 0}],
            ports=[{"port": 443, "states": {"SYN_RECV": 3400}}],
        ),
        {"syn_queue": None},
        "warning",
    ),
    # The worker processes of a mail server wait for a lookup service.
    "mail server: all workers hang, clients give up": (
        host(
            listeners=[{"address": "0.0.0.0", "port": 25, "backlog": 100, "queued": 101}],
            states__CLOSE_WAIT=80,
            queues__CLOSE_WAIT=queue(unowned=80, inbound=80),
            rates__TcpExt__ListenOverflows=12.0,
            rates__TcpExt__ListenDrops=12.0,
        ),
        {"accept_queue": None, "close_wait": "accept_queue"},
        "critical",
    ),
    # max_connections is above the limit of the unit.
    "database: too many open files": (
        host(**process("database", 1024, 1020, ESTABLISHED=900), rates__TcpExt__ListenOverflows=0.0),
        {"emfile": None},
        "critical",
    ),
    # Each request opens a connection to the same backend and closes it first.
    "proxy: cannot assign requested address": (
        host(
            states__TIME_WAIT=28000,
            time_wait__count=28000,
            ephemeral__busiest=[
                {
                    "source": "192.0.2.1",
                    "destination": "198.51.100.1",
                    "port": 8080,
                    "used": 28100,
                    "ratio": 0.995,
                    "time_wait": 27900,
                }
            ],
        ),
        {"port_exhaustion": None},
        "critical",
    ),
    # The default size of the table, and a scan from within.
    "NAT box: table full, dropping packet": (
        host(
            conntrack={"count": 262144, "max": 262144, "buckets": 65536},
            rates__conntrack={"drop": 220.0, "early_drop": 300.0, "insert_failed": 0.0},
        ),
        {"conntrack": None},
        "critical",
    ),
    # tcp_mem was set in bytes long ago, then corrected too low.
    "cache: out of memory -- consider tuning tcp_mem": (
        host(**busy(60000, 900.0), memory__pages=183000, rates__TcpExt__TCPAbortOnMemory=41.0),
        {"tcp_memory": None},
        "critical",
    ),
    # A new cable: every tenth segment is sent again.
    "storage node: replication is slow": (
        host(
            rates__Tcp__OutSegs=60000.0,
            rates__Tcp__RetransSegs=7000.0,
            counters__Tcp__OutSegs=10**9,
            counters__Tcp__RetransSegs=10**5,
            **peers("retransmitting", 22),
        ),
        {"retransmits": None},
        "warning",
    ),
}

HEALTHY: dict[str, dict[str, Any]] = {
    "web server: a few hundred of its clients have vanished": host(
        **busy(20000, 900.0), **waiting("LAST_ACK", 620, 540, on=540), **peers("LAST_ACK", 4, 3)
    ),
    "content server: thousands of its clients have vanished": host(
        **busy(120000, 9000.0),
        **waiting("LAST_ACK", 3900, 3100, on=3100),
        orphans={"count": 9000, "max": 262144},
    ),
    "web server of short connections: as many have vanished as are in use": host(
        **busy(500, 500.0),
        **waiting("FIN_WAIT1", 560, 535, on=535),
        rates__TcpExt__TCPAbortOnTimeout=4.9,
        rates__Tcp__EstabResets=8.0,
    ),
    "mail server: sixty requests wait for few exchangers": host(
        **busy(900, 30.0, inbound=400),
        **waiting("SYN_SENT", 64, 60, on=64),
        **towards(20, 7, 6, 5, 4, 4, 3, 3, 2, 2),
        rates__Tcp__ActiveOpens=40.0,
    ),
    "gateway of phones: many vanish before it closes": host(
        **busy(100000, 170.0),
        **waiting("FIN_WAIT1", 5400, 5300, on=5300),
        orphans={"count": 5500, "max": 262144},
        rates__TcpExt__TCPAbortOnTimeout=49.0,
        rates__Tcp__EstabResets=60.0,
    ),
    "proxy: TIME_WAIT on both sides": host(
        **busy(15000, 2500.0),
        states__TIME_WAIT=140000,
        time_wait={"count": 140000, "max": 262144, "bytes": None},
        queues__TIME_WAIT=queue(unowned=140000, inbound=90000),
        rates__Tcp__ActiveOpens=2500.0,
    ),
    "proxy: clients close seconds after it": host(
        **busy(20000, 1000.0),
        **process("proxyd", 65536, 26000, {"FIN_WAIT2": 1500}, FIN_WAIT2=4200, ESTABLISHED=20000),
        states__FIN_WAIT2=4200,
        queues__FIN_WAIT2=queue(unowned=0),
        rates__states__FIN_WAIT2=19.0,
    ),
    "server of long polls: clients that gave up are noticed late": host(
        **busy(30000, 800.0),
        **process("pollserver", 262144, 32000, {"CLOSE_WAIT": 1400}, CLOSE_WAIT=1500, ESTABLISHED=30000),
        states__CLOSE_WAIT=1500,
        queues__CLOSE_WAIT=queue(unowned=0),
        rates__states__CLOSE_WAIT=-3.0,
    ),
    "mail server: many exchangers do not answer": host(
        **busy(900, 30.0, inbound=400),
        **waiting("SYN_SENT", 320, 300, on=320),
        **towards(*[3] * 10),
        rates__Tcp__ActiveOpens=40.0,
    ),
    "load balancer: requests on their way to few backends": host(
        **busy(40000, 9000.0),
        **waiting("SYN_SENT", 400, 60, on=400),
        **towards(*[60] * 6),
        rates__Tcp__ActiveOpens=9000.0,
    ),
    "web server: eight listeners share a port": host(
        **busy(30000, 2500.0),
        **waiting("SYN_RECV", 700, 40, on=700),
        listeners=[{"address": "0.0.0.0", "port": 443, "backlog": 511, "queued": 2}] * 8,
        ports=[{"port": 443, "states": {"SYN_RECV": 700}}],
    ),
    "k8s node: scans and short-lived pods": host(
        **busy(6000, 400.0),
        **waiting("SYN_RECV", 500, 420, on=500),
        conntrack={"count": 120000, "max": 524288, "buckets": 131072},
        orphans={"count": 14000, "max": 65536},
        rates__TcpExt__ListenDrops=0.4,
        listeners=[{"address": "0.0.0.0", "port": 30080, "backlog": 4096, "queued": 0}],
        rates__conntrack={"drop": 0.0, "early_drop": 0.0, "insert_failed": 6.0},
    ),
}
