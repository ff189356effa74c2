# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import copy

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._core.diagnosis import diagnose
from ansible_collections.nettune.tcp.plugins.module_utils._core.errors import (
    InvalidOption,
    MalformedInput,
    NettuneError,
)
from ansible_collections.nettune.tcp.plugins.module_utils._core.proc_net_snmp import TCP_EXT
from ansible_collections.nettune.tcp.plugins.module_utils._core.rules import RULES
from ansible_collections.nettune.tcp.plugins.module_utils._core.tcp_state import NAMES

from .diagnosed import host, queue

IDS = [rule.id for rule in RULES]
DESTINATION = {"source": "192.0.2.1", "destination": "192.0.2.9", "port": 443}


def found(facts, **options):
    return {finding["id"]: finding for finding in diagnose(facts, **options)["findings"]}


def primary(facts):
    return next((finding["id"] for finding in diagnose(facts)["findings"] if finding["primary"]), None)


def test_a_quiet_host_has_nothing():
    assert diagnose(host()) == {"findings": [], "notes": [], "unjudged": []}


SICK = {
    "the sample of old": (
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
    "the session of old": (
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


@pytest.mark.parametrize(("expected", "severity", "facts"), SICK.values(), ids=SICK)
def test_sick_hosts(expected, severity, facts):
    findings = diagnose(facts)["findings"]
    assert [(finding["id"], finding["severity"]) for finding in findings if finding["primary"]] == [
        (expected, severity)
    ]
    others = {finding["id"]: finding["because_of"] for finding in findings if not finding["primary"]}
    assert all(others.values()), f"nothing but the one thing is wrong: {others}"


def test_every_rule_has_a_sick_host():
    assert {expected for expected, _severity, _facts in SICK.values()} == set(IDS)


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
        conntrack=None, partial=[{"what": "conntrack", "why": "net.netfilter.nf_conntrack_count is absent in this"}]
    ),
    "orphans elsewhere on the machine": host(states__LAST_ACK=20, orphans={"count": 60000, "max": 131072}),
}


@pytest.mark.parametrize("facts", HEALTHY.values(), ids=HEALTHY)
def test_healthy_hosts_have_nothing(facts):
    assert diagnose(facts)["findings"] == []


@pytest.mark.parametrize(
    ("facts", "side", "says"),
    [
        (HEALTHY["a server's TIME_WAIT"], "server", "20000 in TIME_WAIT: leave it alone;"),
        (host(states__TIME_WAIT=9000, ports=[{"port": 80, "states": {"TIME_WAIT": 8000}}]), "server", "no port"),
        (HEALTHY["a client's TIME_WAIT with ports enough"], "client", "ports enough are free"),
        (host(states__TIME_WAIT=9000, ports=None), None, "ports enough are free"),
        (host(states__TIME_WAIT=9000, ports=None, ephemeral=None), None, "which was not judged"),
    ],
)
def test_time_wait_is_left_alone(facts, side, says):
    (note,) = diagnose(facts)["notes"]
    assert (note["id"], note["evidence"].get("side")) == ("time_wait", side)
    assert says in note["text"]


def test_a_process_that_is_high_but_stable_is_noted():
    (note,) = diagnose(HEALTHY["80 % of nofile, stable"])["notes"]
    assert note["id"] == "nofile"
    assert "nginx (PID 711, nginx.service) has 820 of 1024 files open, 80.1 %" in note["text"]


CHAINS = {
    "a leak meets the limit, and nobody accepts": (
        host(
            states__CLOSE_WAIT=600,
            processes__0__states__CLOSE_WAIT=600,
            processes__0__lingering={"CLOSE_WAIT": 600},
            processes__0__descriptors=1024,
            listeners=[{"address": "0.0.0.0", "port": 80, "backlog": 128, "queued": 129}],
            rates__TcpExt__ListenOverflows=40.0,
            rates__TcpExt__ListenDrops=40.0,
            rates__TcpExt__TCPReqQFullDoCookies=40.0,
        ),
        {"close_wait": None, "emfile": "close_wait", "accept_queue": "emfile", "syn_queue": "accept_queue"},
    ),
    "clients that gave up waiting": (
        host(
            states__CLOSE_WAIT=129,
            queues__CLOSE_WAIT=queue(unowned=129, inbound=129),
            listeners=[{"address": "0.0.0.0", "port": 80, "backlog": 128, "queued": 129}],
        ),
        {"accept_queue": None, "close_wait": "accept_queue"},
    ),
    "the same peers": (
        host(states__LAST_ACK=5830, states__FIN_WAIT1=2037, states__CLOSING=7, states__ESTABLISHED=6712, queues=None),
        {"last_ack": None, "fin_wait1": "last_ack"},
    ),
    "two processes": (
        host(
            states__CLOSE_WAIT=300,
            processes__0__states__CLOSE_WAIT=300,
            processes__0__lingering={"CLOSE_WAIT": 300},
            nofile__processes=[{"pid": 9, "name": "y", "unit": "y.service", "descriptors": 1020, "soft": 1024}],
        ),
        {"emfile": None, "close_wait": None},
    ),
    "buckets filled by orphans": (
        host(
            states__FIN_WAIT2=4900,
            time_wait={"count": 5000, "max": 5000, "bytes": None},
            states__TIME_WAIT=100,
            queues__FIN_WAIT2=queue(unowned=4900),
        ),
        {"fin_wait2_orphaned": None, "tw_overflow": "fin_wait2_orphaned"},
    ),
}


@pytest.mark.parametrize(("facts", "expected"), CHAINS.values(), ids=CHAINS)
def test_causes_and_what_they_lead_to(facts, expected):
    findings = diagnose(facts)["findings"]
    assert {finding["id"]: finding["because_of"] for finding in findings} == expected
    assert [finding["id"] for finding in findings] == list(expected)
    assert [finding["primary"] for finding in findings] == [True] + [False] * (len(findings) - 1)


def test_a_cause_is_as_urgent_as_what_it_leads_to():
    facts, _expected = CHAINS["a leak meets the limit, and nobody accepts"]
    assert {finding["severity"] for finding in diagnose(facts)["findings"]} == {"critical"}


def test_who_it_is_and_for_how_long():
    finding = found(SICK["a leak that ends soon"][2])["close_wait"]
    assert finding["title"] == "300 connections in CLOSE_WAIT that nginx (PID 711, nginx.service) does not close"
    evidence = {name: finding["evidence"][name] for name in ("count", "pid", "unit", "growth", "share", "seconds_left")}
    assert evidence == {
        "count": 300,
        "pid": 711,
        "unit": "nginx.service",
        "growth": 2.0,
        "share": 29.3,
        "seconds_left": 162,
    }


def test_workers_of_one_service_are_put_together():
    worker = host()["nettune_tcp"]["processes"][0]
    workers = [{**worker, "pid": pid, "states": {"CLOSE_WAIT": 40, "ESTABLISHED": 1}} for pid in (711, 712, 713)]
    evidence = found(host(states__CLOSE_WAIT=120, processes=[{**one, "lingering": None} for one in workers]))[
        "close_wait"
    ]
    assert (evidence["evidence"]["count"], evidence["evidence"]["processes"]) == (120, 3)
    assert "nginx (PID 711 and 2 more, nginx.service)" in evidence["title"]


@pytest.mark.parametrize(
    ("facts", "finding", "profiles"),
    [
        (host(states__LAST_ACK=120, queues__LAST_ACK=queue(unanswered=110, unowned=120)), "last_ack", {"orphans"}),
        (
            host(
                states__LAST_ACK=120,
                queues__LAST_ACK=queue(unanswered=110, unowned=120),
                sysctl__tcp_orphan_retries="2",
            ),
            "last_ack",
            set(),
        ),
        (host(states__LAST_ACK=120, queues__LAST_ACK=queue(unanswered=110, unowned=0)), "last_ack", set()),
        (SICK["ports"][2], "port_exhaustion", {"client"}),
        (
            host(states__FIN_WAIT1=120, queues__FIN_WAIT1=queue(unanswered=120, unowned=120, sent=9000, persist=110)),
            "fin_wait1",
            set(),
        ),
        (
            host(states__FIN_WAIT1=120, queues__FIN_WAIT1=queue(unanswered=120, unowned=120, sent=9000, persist=10)),
            "fin_wait1",
            {"orphans"},
        ),
    ],
)
def test_remedies_are_those_that_can_help_here(facts, finding, profiles):
    remedies = found(facts)[finding]["remedies"]
    assert remedies
    assert {remedy["profile"] for remedy in remedies if remedy["profile"]} == profiles


FULL = {"listeners": [{"address": "0.0.0.0", "port": 80, "backlog": 128, "queued": 129}]}


@pytest.mark.parametrize(("somaxconn", "helps"), [("128", True), ("4096", False), ("", True), (None, True)])
def test_a_higher_ceiling_helps_only_who_meets_it(somaxconn, helps):
    facts = host(**FULL)
    facts["nettune_sysctl"]["keys"]["net.core.somaxconn"] = {"value": somaxconn}
    assert (
        any("somaxconn of at least" in remedy["text"] for remedy in found(facts)["accept_queue"]["remedies"]) == helps
    )


@pytest.mark.parametrize(("most", "profile"), [(5000, "squid"), (262144, None), (300000, None)])
def test_room_is_made_where_a_role_makes_more(most, profile):
    facts = host(rates__TcpExt__TCPTimeWaitOverflow=2.0, time_wait={"count": most, "max": most, "bytes": None})
    remedy = found(facts)["tw_overflow"]["remedies"][0]
    assert (remedy["kind"], remedy["profile"]) == ("sysctl", profile)


@pytest.mark.parametrize("told", [{"time_wait": 10}, {}], ids=["told", "there are not that many"])
def test_ports_held_by_open_connections_are_not_given_back_by_reuse(told):
    row = {**DESTINATION, "used": 27000, "ratio": 0.9564, **told}
    facts = host(ephemeral__busiest=[row])
    assert not any("tw_reuse" in remedy["text"] for remedy in found(facts)["port_exhaustion"]["remedies"])


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({"nettune_tcp": {}}, set(IDS) - {"paws"}),
        ({"states": {"CLOSE_WAIT": 7729, "ESTABLISHED": 471}}, {"close_wait", "ghost_descriptors", "emfile", "enfile"}),
        (host(rates=None, counters__TcpExt__ListenOverflows=0), {"tw_overflow", "paws"}),
        (host(memory__high=None, partial=[{"what": "memory.high", "why": "tcp_mem is absent"}]), {"tcp_memory"}),
    ],
)
def test_what_could_not_be_judged_is_said(facts, wanted):
    unjudged = {row["id"]: row for row in diagnose(facts)["unjudged"]}
    assert wanted <= set(unjudged)
    assert all(row["wants"] and row["why"] for row in unjudged.values())


@pytest.mark.parametrize(("refused", "said"), [(1, False), (146, True)])
def test_processes_that_may_not_be_looked_into(refused, said):
    facts = host(partial=[{"what": "processes", "why": f"{refused} processes may not be looked into"}])
    assert ("ghost_descriptors" in {row["id"] for row in diagnose(facts)["unjudged"]}) == said


@pytest.mark.parametrize(
    ("facts", "wants"),
    [
        (host(processes=[], nofile__processes=[]), None),
        (host(processes=None, nofile__processes=[]), ["processes"]),
        (host(processes__0__ghosts=None, nofile__processes=[]), ["processes.ghosts"]),
        (host(processes=None, nofile__processes__0__ghosts=None), ["processes.ghosts"]),
        (host(processes=None), None),
        (host(processes=[], nofile__processes__0__ghosts=None), None),
    ],
)
def test_ghosts_that_nobody_looked_for(facts, wants):
    assert {row["id"]: row["wants"] for row in diagnose(facts)["unjudged"]}.get("ghost_descriptors") == wants


def test_why_it_could_not_be_judged():
    facts = host(memory__high=None, partial=[{"what": "memory.high", "why": "net.ipv4.tcp_mem is absent"}], peers=None)
    assert diagnose(facts)["unjudged"] == [
        {"id": "tcp_memory", "wants": ["memory.high"], "why": "memory.high: net.ipv4.tcp_mem is absent"}
    ]


def test_thresholds_are_taken():
    facts = host(conntrack={"count": 100000, "max": 262144, "buckets": None})
    assert "conntrack" not in found(facts)
    assert (
        found(facts, thresholds={"conntrack": {"warning": 30, "critical": 38}})["conntrack"]["severity"] == "critical"
    )


@pytest.mark.parametrize("wrapped", [lambda facts: facts, lambda facts: {"ansible_facts": facts, "changed": False}])
def test_facts_as_they_come(wrapped):
    assert "emfile" in found(wrapped(host(processes__0__descriptors=1001)))


def test_facts_by_themselves():
    assert "emfile" in found(host(processes__0__descriptors=1001)["nettune_tcp"])


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        (None, "facts are a dictionary, not None"),
        ([], "facts are a dictionary, not a list"),
        ("x" * 500, "facts are a dictionary, not 'xxx"),
        ({}, "there are no facts of nettune.tcp.tcp_facts among these"),
        ({"ansible_hostname": "web1"}, "there are no facts of nettune.tcp.tcp_facts among these"),
        ({"nettune_tcp": None}, "nettune_tcp is a dictionary, not None"),
        ({"states": 3}, "nettune_tcp.states is a dictionary, not 3"),
        ({"states": {"CLOSE_WAIT": "many"}}, "nettune_tcp.states.CLOSE_WAIT is a number, 0 or more, not 'many'"),
        ({"states": {"CLOSE_WAIT": -1}}, "nettune_tcp.states.CLOSE_WAIT is a number, 0 or more, not -1"),
        ({"states": {"CLOSE_WAIT": True}}, "nettune_tcp.states.CLOSE_WAIT is a number, 0 or more, not True"),
        ({"rates": {"TcpExt": {"TW": float("nan")}}}, "nettune_tcp.rates.TcpExt.TW is a number, not nan"),
        ({"processes": {"pid": 1}}, "nettune_tcp.processes is a list, not a dictionary"),
        ({"processes": [{"pid": 1}, None]}, r"nettune_tcp.processes\[1\] is null"),
        ({"peers": {"LAST_ACK": [{"address": 7}]}}, r"nettune_tcp.peers.LAST_ACK\[0\].address is text, not 7"),
    ],
)
def test_malformed_facts_are_one_error(facts, message):
    with pytest.raises(MalformedInput, match=message):
        diagnose(facts)


def places(value, path=()):
    """Every place in nested facts, the whole excepted."""
    for key, held in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from places(held, (*path, key))


def changed(facts, path, value):
    facts = copy.deepcopy(facts)
    place = facts
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return facts


# As much as can be wrong at once.
EVERYTHING = host(
    states={**dict.fromkeys(NAMES, 9000), "TIME_WAIT": 4000, "ESTABLISHED": 20000},
    processes__0={
        "pid": 711,
        "name": "x",
        "unit": None,
        "container": "abc",
        "descriptors": 1020,
        "ghosts": 400,
        "states": {"CLOSE_WAIT": 500},
        "lingering": {"CLOSE_WAIT": 499},
        "nofile": {"soft": 1024, "hard": 4096},
    },
    queues={state: queue(unanswered=8000, unowned=9000, sent=70000, received=9, on=9000) for state in NAMES},
    peers={state: [{"address": "192.0.2.1", "count": 9}] for state in NAMES},
    ports=[{"port": 80, "states": {"SYN_RECV": 900, "TIME_WAIT": 4000}}],
    listeners=[{"address": "0.0.0.0", "port": 80, "backlog": 128, "queued": 129}],
    ephemeral__busiest=[{**DESTINATION, "used": 27000, "ratio": 0.95, "time_wait": 4000}],
    orphans={"count": 90000, "max": 100000},
    time_wait={"count": 5000, "max": 5000, "bytes": 9},
    conntrack={"count": 262000, "max": 262144, "buckets": 65536},
    memory__pages=180000,
    rates__states__CLOSE_WAIT=4.0,
    rates__processes__0={"pid": 711, "descriptors": 9.0, "ghosts": 1.0, "states": {"CLOSE_WAIT": 4.0}},
    rates__TcpExt=dict.fromkeys(TCP_EXT, 9.0),
    rates__Tcp__InSegs=1.0,
    sysctl__tcp_tw_recycle="1",
    nofile__system={"file_max": 1000, "allocated": 990},
    nofile__rates={"allocated": 3.0, "processes": [{"pid": 1, "descriptors": 5.0}]},
    partial=[{"what": "memory.low", "why": "absent"}],
)


def test_everything_may_be_wrong_at_once():
    assert len(found(EVERYTHING)) >= len(IDS) - 2


@pytest.mark.parametrize("value", [None, 0, 10**12, -3.5, "text", [], {}, [None], {"x": {"y": []}}], ids=repr)
def test_whatever_stands_in_the_facts_there_is_an_answer_or_an_error(value):
    for path in places(EVERYTHING):
        try:
            answer = diagnose(changed(EVERYTHING, path, value))
        except NettuneError:
            continue
        assert [finding["primary"] for finding in answer["findings"]][:1] in ([], [True])


def test_whatever_is_left_out_there_is_an_answer():
    for path in places(EVERYTHING["nettune_tcp"]):
        without = copy.deepcopy(EVERYTHING)
        place = without["nettune_tcp"]
        for key in path[:-1]:
            place = place[key]
        del place[path[-1]]
        assert set(diagnose(without)) == {"findings", "notes", "unjudged"}


@pytest.mark.parametrize(
    ("thresholds", "message"),
    [
        ({"emfiles": {}}, "thresholds has 'emfiles'; did you mean emfile"),
        ({"emfile": {"warnings": 1}}, "thresholds.emfile has 'warnings'; did you mean warning"),
        ({"emfile": 80}, "thresholds.emfile is 80; it must be like"),
        ({"emfile": {"warning": "high"}}, "thresholds.emfile.warning is 'high'; it must be a number, 0 or more"),
        ({"emfile": {"warning": -1}}, "it must be a number, 0 or more"),
        ({"emfile": {"warning": True}}, "it must be a number, 0 or more"),
        ({"emfile": {"warning": None}}, "it must be a number, 0 or more"),
        ([1], "thresholds is "),
    ],
)
def test_thresholds_that_there_are_not(thresholds, message):
    with pytest.raises(InvalidOption, match=message):
        diagnose(host(), thresholds=thresholds)
