# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.engine import diagnose
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.findings import cards, draw, lines
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.line import CRITICAL, OK
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.run import Run
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
        "who nginx (PID 711, nginx.service); on port 8080; peers 192.0.2.7 (590) why The peers have closed",
        "leads to nginx (PID 711, nginx.service) has 1000 of 1024 files open: 97.7 % (emfile) do 1. Drain and restart",
        "do not keepalive finds peers that vanished;",
    ):
        assert part in text
    assert found[-1] == "1 of 1 host with findings, 1 critical"


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


def with_full_table(facts):
    return {**facts, "nettune_tcp": {**facts["nettune_tcp"], "conntrack": {"count": 80, "max": 100}}}


def test_two_causes_are_two_cards_the_urgent_one_first():
    text = lines(fleet(web1=with_full_table(LEAK)))
    assert [line.split(":")[0] for line in text if line.startswith("web1")] == ["web1  CRITICAL", "web1  WARNING"]


def leak(count, pid, name="java"):
    return host(
        states__CLOSE_WAIT=count,
        ports=[{"port": 8080, "states": {"CLOSE_WAIT": count}}],
        peers__CLOSE_WAIT=[{"address": "192.0.2.7", "count": count}],
        processes__0__pid=pid,
        processes__0__name=name,
        processes__0__states__CLOSE_WAIT=count,
        processes__0__lingering={"CLOSE_WAIT": count},
        processes__0__descriptors=700,
        rates__processes__0__pid=pid,
        rates__processes__0__states__CLOSE_WAIT=0.0,
    )


TWENTY = fleet(**{f"web{number}": leak(625 + number, 100 + number) for number in range(1, 21)})


def test_hosts_with_the_same_cause_share_a_card():
    found = cards(TWENTY, width=80)
    text = " ".join(" ".join(line.text for line in found).split())
    assert text.startswith("web[1-20] CRITICAL: 626-645 connections in CLOSE_WAIT that java (nginx.service) does not")
    assert "peers 192.0.2.7 (626-645)" in text
    assert "processes PID 101 on web1, 102 on web2, 103 on web3, 104 on web4; 16 more (shown with -v)" in text
    assert found[-1].text == "20 of 20 hosts with findings, 20 critical"
    assert found[0].severity == found[-1].severity == CRITICAL


def test_twenty_hosts_take_hardly_more_lines_than_one():
    one = cards(fleet(web1=leak(626, 101)), width=80)
    assert len(cards(TWENTY, width=80)) <= len(one) + 3


@pytest.mark.parametrize("width", [40, 80, 133])
def test_cards_fit_the_terminal(width):
    assert max(len(line.text) for line in cards(TWENTY, width=width)) <= width


def test_each_host_has_a_card_with_v():
    found = [line.text for line in cards(TWENTY, width=133, each=True)]
    assert sum("CRITICAL" in line for line in found) == 20
    assert any("(PID 120, nginx.service)" in line for line in found)


def test_other_services_have_cards_of_their_own():
    found = lines(fleet(web1=leak(626, 101), web2=leak(630, 102, name="php")))
    assert [line[:4] for line in found if "CRITICAL" in line] == ["web1", "web2"]


def test_what_does_not_apply_to_all_hosts_of_a_card_names_its_hosts():
    text = " ".join(" ".join(lines(fleet(web1=LEAK, web2=leak(626, 101, name="nginx")))).split())
    assert "+2/s (web1)" in text


def test_hosts_without_findings_have_one_line():
    waiting = host(states__TIME_WAIT=20000, time_wait__count=20000)
    found = cards(
        fleet(FAILED, MISSING, web2=host(), web1=host(), web3=waiting, web4={"states": {"ESTABLISHED": 3}}), width=110
    )
    texts = [line.text for line in found]
    assert (texts[0], found[0].severity) == ("nothing found: web[1-4]", OK)
    assert texts[1].startswith("note on web3: 20000 in TIME_WAIT: leave it alone;")
    assert any(text.startswith("not judged on web4: close_wait, ") for text in texts)
    assert texts[-4:] == [
        "web8  not diagnosed: top is 0",
        "web9  unreachable: Connection timed out",
        "",
        "0 of 6 hosts with findings, 2 not diagnosed",
    ]


def test_v_tells_why_a_rule_was_not_judged():
    found = [line.text for line in cards(fleet(web4={"states": {"ESTABLISHED": 3}}), width=200, each=True)]
    assert "not judged on web4: close_wait (states.CLOSE_WAIT is not among the facts)" in found


def test_unreachable_hosts_with_the_same_reason_share_a_line():
    gone = [{**MISSING, "host": f"web{number}"} for number in (1, 2, 3)]
    assert lines(fleet(*gone))[0] == "web[1-3]  unreachable: Connection timed out"


def test_the_most_urgent_host_is_first():
    found = lines(fleet(a1=host(), b1=PEERS, c1=LEAK))
    assert [line[:2] for line in found if line[:2] in ("b1", "c1")] == ["c1", "b1"]


def test_an_empty_fleet():
    assert lines({"hosts": [], "missing": []}) == ["0 of 0 hosts with findings"]


def drawn(verbosity=0, **options):
    hostvars = {
        "web1": {"got": {**diagnose(LEAK), "changed": False, "not_root": "sudo: a password is required"}},
        "web2": {"got": diagnose(host())},
        "web3": {"got": {"unreachable": True, "msg": "no route"}},
    }
    return draw(Run(hostvars, list(hostvars), [], verbosity=verbosity, args={"registered": "got", "options": options}))


def test_only_hosts_without_a_diagnosis_fail_by_default():
    assert drawn().failures == {"web3": {"msg": "no route", "unreachable": True}}


def test_fail_on_makes_hosts_fail_for_their_findings():
    failures = drawn(nettune_fail_on=["critical"]).failures
    assert list(failures) == ["web1", "web3"]
    assert failures["web1"]["msg"].startswith("critical: 600 connections in CLOSE_WAIT that nginx (PID 711")
    assert list(drawn(nettune_fail_on=["info"]).failures) == ["web3"]


def test_hosts_that_did_not_become_root_are_named_once():
    text = " ".join(" ".join(line.text for line in drawn().lines).split())
    assert text.count("web1: not root: processes of other users are not listed (sudo: a password is required)") == 1
    assert "not_root" not in drawn().document["hosts"][0]


def test_json_is_the_document():
    screen = drawn(nettune_format="json")
    assert json.loads("\n".join(line.text for line in screen.lines)) == screen.document


def test_rows_for_a_spreadsheet():
    rows = drawn().rows
    assert [(row["host"], row.get("id"), row.get("because_of")) for row in rows] == [
        ("web1", "close_wait", None),
        ("web1", "emfile", "close_wait"),
        ("web2", None, None),
        ("web3", None, None),
    ]
    assert rows[-1]["reason"] == "no route"
