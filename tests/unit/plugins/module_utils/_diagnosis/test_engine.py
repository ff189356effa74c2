# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.engine import diagnose
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.rules import RULES
from ansible_collections.nettune.tcp.tests.unit.support.diagnosed import found, host, queue
from ansible_collections.nettune.tcp.tests.unit.support.sick_hosts import HEALTHY, SICK

IDS = [rule.id for rule in RULES]


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
    assert all(row["missing"] and row["reason"] for row in unjudged.values())


def test_the_reason_of_an_unjudged_rule():
    facts = host(
        memory__high=None, partial=[{"what": "memory.high", "reason": "net.ipv4.tcp_mem is absent"}], peers=None
    )
    assert diagnose(facts)["unjudged"] == [
        {"id": "tcp_memory", "missing": ["memory.high"], "reason": "memory.high: net.ipv4.tcp_mem is absent"}
    ]


def test_thresholds_are_used():
    facts = host(conntrack={"count": 100000, "max": 262144, "buckets": None})
    assert "conntrack" not in found(facts)
    assert (
        found(facts, thresholds={"conntrack": {"warning": 30, "critical": 38}})["conntrack"]["severity"] == "critical"
    )
