# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The document of the report: summary, causes, changes, comparison and timelines."""

from __future__ import annotations

import json

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.report import words
from ansible_collections.nettune.tcp.plugins.plugin_utils.report.document import Heading, document
from ansible_collections.nettune.tcp.tests.unit.support import report_fleets
from ansible_collections.nettune.tcp.tests.unit.support.diagnosed import host

HEADING = Heading("2026-11-29T09:31:00Z")


@pytest.fixture(scope="module")
def site():
    fleet = {"hosts": iter(report_fleets.site()), "missing": report_fleets.MISSING}
    return document(fleet, HEADING, before={"hosts": report_fleets.before(), "missing": []})


def test_summary(site):
    summary = site["summary"]
    assert (summary["hosts"], summary["missing"], summary["unreachable"]) == (40, 3, 2)
    assert summary["severities"] == {"critical": 9, "warning": 1, "info": 0, "none": 27}
    assert summary["drift"] == {"hosts": 2, "values": 2, "with_profile": 28}
    assert summary["next_boot"] == {"hosts": 13, "values": 13}
    assert site["groups"] == [{"name": name, "hosts": number} for name, number in GROUPS.items()]


GROUPS = {"db": 6, "edge": 4, "mail": 3, "proxy": 4, "web": 24}


def test_hosts_with_the_same_cause_share_a_card(site):
    assert [(one["id"], one["hosts"]) for one in site["causes"]][:2] == [
        ("accept_queue", ["web8", "web9", "web10", "web11"]),
        ("close_wait", ["web3", "web4", "web17"]),
    ]
    leak = site["causes"][1]
    assert leak["title"] == "622-860 connections in CLOSE_WAIT that app (app.service) does not close"
    assert leak["effects"] == ["app (app.service) has 1010 of 1024 files open: 98.6 % (emfile)"]


def test_each_finding_of_a_host_names_the_card_of_its_cause(site):
    for one in site["hosts"]:
        for finding in one["findings"]:
            assert one["host"] in site["causes"][finding["card"]]["hosts"]
    web3 = next(one for one in site["hosts"] if one["host"] == "web3")
    assert [(finding["id"], finding["because_of"], finding["card"]) for finding in web3["findings"]] == [
        ("close_wait", None, 1),
        ("emfile", "close_wait", 1),
    ]


def test_drift_is_what_differs_now_and_the_next_boot_what_will(site):
    assert [(row["what"], row["running"], row["hosts"]) for row in site["drift"]] == [
        (report_fleets.REUSE, "0", ["web5", "web6"])
    ]
    assert [(row["what"], row["boot"], row["outcome"], len(row["hosts"])) for row in site["next_boot"]] == [
        (report_fleets.SYN, "0", "leaves the profile", 9),
        (report_fleets.SOMAXCONN, "4096", "no profile", 2),
        (report_fleets.REUSE, "1", "returns to the profile", 2),
    ]


def test_comparison(site):
    found = site["comparison"]
    assert (found["hosts"], found["worse"]) == (37, [])
    assert found["better"] == ["web1", "web2", "web5", "web6"]
    assert {row["state"]: row["after"] < row["before"] for row in found["states"]}["TIME_WAIT"]
    assert [row["id"] for row in found["gone"]] == ["close_wait", "emfile"]
    (changed,) = found["parameters"]
    assert (changed["what"], changed["before"], changed["after"]) == (report_fleets.FIN, "60", "30")


def test_a_timeline_is_shortened_and_keeps_its_peaks_and_marks(site):
    (watched,) = [one["timeline"] for one in site["hosts"] if "timeline" in one]
    given = next(row["samples"] for row in report_fleets.site() if row["samples"])
    assert len(watched["seconds"]) == 240
    assert set(watched["series"]) == {"ESTABLISHED", "CLOSE_WAIT", "TIME_WAIT"}
    assert max(watched["series"]["TIME_WAIT"]) == max(given["series"]["TIME_WAIT"])
    assert watched["marks"] == given["marks"]


def test_the_changes_of_all_timelines_together_are_limited():
    mark = {"seconds": 5, "what": report_fleets.FIN, "before": "60", "after": "30"}
    samples = {"start": "2026-11-29T09:30:00Z", "seconds": [0, 5], "series": {"LISTEN": [1, 2]}, "marks": [mark] * 300}
    row = {**report_fleets.site()[0], "samples": samples}
    watched = document({"hosts": [row], "missing": []}, HEADING)["hosts"][0]["timeline"]
    assert (len(watched["marks"]), watched["more_marks"]) == (200, 100)


def test_a_host_without_tcp_facts_was_not_read():
    bare = {"host": "h", "groups": [], "at": None, "release": "", "facts": {}, "profiles": None, "samples": None}
    found = document({"hosts": [bare], "missing": []}, HEADING)
    assert found["hosts"] == []
    assert found["missing"][0]["reason"].startswith("no facts of nettune.tcp.tcp_facts")
    assert found["comparison"] is None


def test_an_empty_fleet():
    found = document({"hosts": [], "missing": []}, HEADING)
    assert [line.text for line in words.headline(found["summary"])] == ["There are no hosts."]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (host(), "Nothing is wrong on 1 host."),
        (host(states__CLOSE_WAIT=7729, processes=None), "1 of 1 host has critical findings."),
    ],
)
def test_headline(facts, sentence):
    row = report_fleets.row("h", [], facts)
    lines = words.headline(document({"hosts": [row], "missing": []}, HEADING)["summary"])
    assert [line.text for line in lines] == [
        sentence,
        "No profile was found, and no value is known to change at the next boot.",
    ]


def test_the_sections_of_a_large_fleet_are_small():
    found = document({"hosts": report_fleets.many(200), "missing": []}, HEADING)
    assert len(json.dumps(found, separators=(",", ":"))) / 200 < 1500
