# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.engine import diagnose
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.rules import RULES
from ansible_collections.nettune.tcp.tests.unit.support.diagnosed import found, host, queue
from ansible_collections.nettune.tcp.tests.unit.support.sick_hosts import HEALTHY, SICK

IDS = [rule.id for rule in RULES]
DESTINATION = {"source": "192.0.2.1", "destination": "192.0.2.9", "port": 443}


def test_a_quiet_host_has_no_findings():
    assert diagnose(host()) == {"findings": [], "notes": [], "unjudged": []}


@pytest.mark.parametrize(("expected", "severity", "facts"), SICK.values(), ids=SICK)
def test_sick_hosts(expected, severity, facts):
    findings = diagnose(facts)["findings"]
    assert [(finding["id"], finding["severity"]) for finding in findings if finding["primary"]] == [
        (expected, severity)
    ]
    others = {finding["id"]: finding["because_of"] for finding in findings if not finding["primary"]}
    assert all(others.values()), f"other causes were found: {others}"


def test_every_rule_has_a_sick_host():
    missing = set(IDS) - {expected for expected, _severity, _facts in SICK.values()}
    assert not missing, f"add facts of a host with {sorted(missing)} to SICK in tests/unit/support/sick_hosts.py"


@pytest.mark.parametrize("facts", HEALTHY.values(), ids=HEALTHY)
def test_healthy_hosts_have_no_findings(facts):
    assert diagnose(facts)["findings"] == []


@pytest.mark.parametrize(
    ("facts", "side", "says"),
    [
        (HEALTHY["a server's TIME_WAIT"], "server", "20000 in TIME_WAIT: leave it alone;"),
        (host(states__TIME_WAIT=9000, ports=[{"port": 80, "states": {"TIME_WAIT": 8000}}]), "server", "uses no port"),
        (HEALTHY["a client's TIME_WAIT with ports enough"], "client", "enough ports are free"),
        (host(states__TIME_WAIT=9000, ports=None), None, "enough ports are free"),
        (host(states__TIME_WAIT=9000, ports=None, ephemeral=None), None, "which was not judged"),
    ],
)
def test_time_wait_is_left_alone(facts, side, says):
    (note,) = diagnose(facts)["notes"]
    assert (note["id"], note["evidence"].get("side")) == ("time_wait", side)
    assert says in note["text"]


def test_a_high_but_stable_process_is_a_note():
    (note,) = diagnose(HEALTHY["80 % of nofile, stable"])["notes"]
    assert note["id"] == "nofile"
    assert "nginx (PID 711, nginx.service) has 820 of 1024 files open, 80.1 %" in note["text"]


CHAINS = {
    "a leak reaches the limit, so no connection is accepted": (
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
    "one cause for two states": (
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
    "time-wait buckets filled by orphans": (
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
def test_causes_and_their_effects(facts, expected):
    findings = diagnose(facts)["findings"]
    assert {finding["id"]: finding["because_of"] for finding in findings} == expected
    assert [finding["id"] for finding in findings] == list(expected)
    assert [finding["primary"] for finding in findings] == [True] + [False] * (len(findings) - 1)


def test_a_cause_is_as_urgent_as_its_effects():
    facts, _expected = CHAINS["a leak reaches the limit, so no connection is accepted"]
    assert {finding["severity"] for finding in diagnose(facts)["findings"]} == {"critical"}


def test_the_process_and_its_time_left():
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


def test_workers_of_one_service_are_one_finding():
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
def test_only_remedies_that_help_here(facts, finding, profiles):
    remedies = found(facts)[finding]["remedies"]
    assert remedies
    assert {remedy["profile"] for remedy in remedies if remedy["profile"]} == profiles


FULL = {"listeners": [{"address": "0.0.0.0", "port": 80, "backlog": 128, "queued": 129}]}


@pytest.mark.parametrize(("somaxconn", "helps"), [("128", True), ("4096", False), ("", True), (None, True)])
def test_a_higher_somaxconn_helps_only_a_capped_listener(somaxconn, helps):
    facts = host(**FULL)
    facts["nettune_sysctl"]["keys"]["net.core.somaxconn"] = {"value": somaxconn}
    assert (
        any("somaxconn of at least" in remedy["text"] for remedy in found(facts)["accept_queue"]["remedies"]) == helps
    )


@pytest.mark.parametrize(("most", "profile"), [(5000, "squid"), (262144, None), (300000, None)])
def test_the_role_is_named_if_it_sets_more_buckets(most, profile):
    facts = host(rates__TcpExt__TCPTimeWaitOverflow=2.0, time_wait={"count": most, "max": most, "bytes": None})
    remedy = found(facts)["tw_overflow"]["remedies"][0]
    assert (remedy["kind"], remedy["profile"]) == ("sysctl", profile)


@pytest.mark.parametrize("time_wait", [{"time_wait": 10}, {}], ids=["reported", "fewer in TIME_WAIT"])
def test_tcp_tw_reuse_does_not_help_with_open_connections(time_wait):
    row = {**DESTINATION, "used": 27000, "ratio": 0.9564, **time_wait}
    facts = host(ephemeral__busiest=[row])
    assert not any("tw_reuse" in remedy["text"] for remedy in found(facts)["port_exhaustion"]["remedies"])


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({"nettune_tcp": {}}, set(IDS) - {"paws"}),
        ({"states": {"CLOSE_WAIT": 7729, "ESTABLISHED": 471}}, {"close_wait", "ghost_descriptors", "emfile", "enfile"}),
        (host(rates=None, counters__TcpExt__ListenOverflows=0), {"tw_overflow", "paws"}),
        (host(memory__high=None, partial=[{"what": "memory.high", "reason": "tcp_mem is absent"}]), {"tcp_memory"}),
    ],
)
def test_unjudged_rules_are_listed(facts, wanted):
    unjudged = {row["id"]: row for row in diagnose(facts)["unjudged"]}
    assert wanted <= set(unjudged)
    assert all(row["wants"] and row["reason"] for row in unjudged.values())


@pytest.mark.parametrize(
    ("reason", "unjudged"),
    [
        ("no permission to inspect 1 process", False),
        ("no permission to inspect 146 processes", True),
        ("more than 65536 sockets: counts are estimates from 1 in 2 of them", False),
    ],
)
def test_hidden_processes_leave_ghosts_unjudged(reason, unjudged):
    facts = host(partial=[{"what": "processes", "reason": reason}])
    assert ("ghost_descriptors" in {row["id"] for row in diagnose(facts)["unjudged"]}) == unjudged


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
def test_ghosts_that_were_not_counted(facts, wants):
    assert {row["id"]: row["wants"] for row in diagnose(facts)["unjudged"]}.get("ghost_descriptors") == wants


def test_the_reason_of_an_unjudged_rule():
    facts = host(
        memory__high=None, partial=[{"what": "memory.high", "reason": "net.ipv4.tcp_mem is absent"}], peers=None
    )
    assert diagnose(facts)["unjudged"] == [
        {"id": "tcp_memory", "wants": ["memory.high"], "reason": "memory.high: net.ipv4.tcp_mem is absent"}
    ]


def test_thresholds_are_used():
    facts = host(conntrack={"count": 100000, "max": 262144, "buckets": None})
    assert "conntrack" not in found(facts)
    assert (
        found(facts, thresholds={"conntrack": {"warning": 30, "critical": 38}})["conntrack"]["severity"] == "critical"
    )


@pytest.mark.parametrize("wrapped", [lambda facts: facts, lambda facts: {"ansible_facts": facts, "changed": False}])
def test_facts_in_a_result(wrapped):
    assert "emfile" in found(wrapped(host(processes__0__descriptors=1001)))


def test_bare_facts():
    assert "emfile" in found(host(processes__0__descriptors=1001)["nettune_tcp"])
