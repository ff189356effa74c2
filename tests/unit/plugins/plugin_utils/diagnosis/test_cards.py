# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.engine import diagnose
from ansible_collections.nettune.tcp.plugins.plugin_utils.diagnosis import cards
from ansible_collections.nettune.tcp.plugins.plugin_utils.diagnosis.cards import lines
from ansible_collections.nettune.tcp.tests.unit.support.diagnosed import host, queue

LEAK = host(
    states__CLOSE_WAIT=600,
    ports=[{"port": 8080, "states": {"CLOSE_WAIT": 600}}],
    peers__CLOSE_WAIT=[{"address": "192.0.2.7", "count": 590}],
    processes__0__states__CLOSE_WAIT=600,
    processes__0__lingering={"CLOSE_WAIT": 590},
    processes__0__descriptors=1000,
    rates__processes__0__states__CLOSE_WAIT=2.0,
    rates__processes__0__descriptors=0.04,
)
PEERS = host(
    states__LAST_ACK=120,
    queues__LAST_ACK=queue(unanswered=110, unowned=120, sent=9000, on=120),
    peers__LAST_ACK=[{"address": "192.0.2.9", "count": 100}],
)
MISSING = {"host": "web9", "unreachable": True, "reason": "Connection timed out"}
FAILED = {"host": "web8", "unreachable": False, "reason": "top is 0"}


def fleet(*missing, **facts):
    return {
        "hosts": [{"host": name, **diagnose(host_facts)} for name, host_facts in facts.items()],
        "missing": list(missing),
    }


def test_card_has_problem_host_cause_and_remedy():
    found = lines(fleet(web1=LEAK))
    text = " ".join(" ".join(found).split())
    assert (
        found[0] == "web1  CRITICAL: 600 connections in CLOSE_WAIT that nginx (PID 711, nginx.service) does not close"
    )
    for part in (
        "how bad 58.6 % of its limit of 1024 open files; +2/s; limit in 10 minutes at this rate; 590",
        "who nginx (PID 711, nginx.service); at port 8080; peers 192.0.2.7 (590) why The peers have closed",
        "leads to nginx (PID 711, nginx.service) has 1000 of 1024 files open: 97.7 % (emfile) do 1. Drain and restart",
        "do not keepalive finds peers that vanished;",
    ):
        assert part in text
    assert found[-1] == "1 of 1 host with findings, 1 of them critical"


@pytest.mark.parametrize("facts", [LEAK, PEERS], ids=["leak", "peers"])
def test_a_card_is_short(facts):
    found = lines(fleet(web1=facts))
    assert len(found) <= 30
    assert max(map(len, found)) <= 110
    assert all(line == line.rstrip() for line in found)


def test_remedy_names_the_role_or_set_that_applies_it():
    assert any(line.endswith("(tuning_remedies: [orphans])") for line in lines(fleet(web1=PEERS)))
    full = lines(fleet(web1=host(conntrack={"count": 262000, "max": 262144, "buckets": 65536})))
    assert any("(role nettune.tcp.million_connections)" in line for line in full)


def test_two_causes_are_two_sections_of_one_card():
    text = lines(fleet(web1={**LEAK, "nettune_tcp": {**LEAK["nettune_tcp"], "conntrack": {"count": 99, "max": 100}}}))
    assert [line.split(":")[0] for line in text if line.startswith("web1")] == ["web1  CRITICAL", "web1  CRITICAL, too"]


def test_further_causes_are_one_line_each(monkeypatch):
    monkeypatch.setattr(cards, "_MAX_CAUSES", 1)
    both = {**LEAK["nettune_tcp"], "conntrack": {"count": 80, "max": 100}}
    text = lines(fleet(web1={**LEAK, "nettune_tcp": both}))
    assert "    also      80 of 100 connections are tracked: 80 % (warning, conntrack)" in text


def test_hosts_without_findings_have_one_line():
    waiting = host(states__TIME_WAIT=20000, time_wait__count=20000)
    found = lines(fleet(FAILED, MISSING, web2=host(), web1=host(), web3=waiting, web4={"states": {"ESTABLISHED": 3}}))
    assert found[0] == "nothing found: web1, web2"
    assert found[1].startswith("web3  nothing found; 20000 in TIME_WAIT: leave it alone;")
    assert any(line.startswith("web4  nothing found; not judged: close_wait, ") for line in found)
    assert found[-4:] == [
        "web8  not diagnosed: top is 0",
        "web9  unreachable: Connection timed out",
        "",
        "0 of 6 hosts with findings, 2 not diagnosed",
    ]


def test_the_most_urgent_host_is_first():
    found = lines(fleet(a1=host(), b1=PEERS, c1=LEAK))
    assert [line[:2] for line in found if line[:2] in ("b1", "c1")] == ["c1", "b1"]


def test_an_empty_fleet():
    assert lines({"hosts": [], "missing": []}) == ["0 of 0 hosts with findings"]


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({}, []),
        ({"growth": 0.0, "lingering": 0, "share": None}, []),
        ({"growth": -1.25, "established": 0}, ["-1.25/s", "0 connections are in use"]),
        ({"seconds_left": 45}, ["limit in 45 seconds at this rate"]),
        ({"seconds_left": 754}, ["limit in 12 minutes at this rate"]),
        ({"seconds_left": 20000}, ["limit in 5 hours at this rate"]),
        ({"seconds_left": 200000}, []),
    ],
)
def test_only_known_figures_are_shown(evidence, expected):
    assert cards.figures("close_wait", evidence) == expected


def test_figures_of_an_additional_rule():
    assert cards.figures("mine", {"found": 7, "rows": [1]}) == ["found: 7"]
