# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest

pytest.importorskip("jmespath")

from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.line import CRITICAL, Line
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.query import draw
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.run import Run

HOSTVARS = {
    "web1": {"got": {}, "nettune_tcp": {"total": 1204}},
    "web2": {"got": {}, "nettune_tcp": {"total": 96}},
    "web3": {"got": {"unreachable": True, "msg": "no route"}},
}


def drawn(query, hosts=("web1", "web2"), output="table"):
    options = {"nettune_query": query, "nettune_format": output}
    return draw(Run(HOSTVARS, list(hosts), [], args={"registered": "got", "options": options}))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("hosts[].{host: host, total: total}", ["host  total", "web1   1204", "web2     96"]),
        ("hosts[].host", ["web1", "web2"]),
        ("{sum: sum(hosts[].total)}", ["sum  1300"]),
        ("hosts[?total > `9999`].host", ["No matches."]),
        ("nothing", ["No matches."]),
        ("length(missing)", ["0"]),
    ],
)
def test_answers(query, expected):
    assert [line.text for line in drawn(query).lines] == [*expected, "", "2 hosts queried"]


def test_what_does_not_fit_is_only_named():
    states = {f"STATE_{number}": number for number in range(12)}
    facts = {
        "states": states,
        "total": 3,
        "ports": [{"port": 80, "count": 1000}] * 2,
        **{"x" * 11 + c: 1 for c in "abcd"},
    }
    options = {"nettune_query": "hosts", "nettune_format": "table"}
    run = Run({"web1": {"got": {}, "nettune_tcp": facts}}, ["web1"], [], args={"registered": "got", "options": options})
    texts = [line.text for line in draw(run).lines]
    assert texts[:2] == [
        "host  states     total  ports      xxxxxxxxxxxa  xxxxxxxxxxxb  xxxxxxxxxxxc",
        "web1  {12 keys}      3  [2 items]             1             1             1",
    ]
    assert texts[2].startswith("Not shown: xxxxxxxxxxxd. Select fields, as in hosts[].{host: host, ")
    assert draw(run).rows == [{"host": "web1", **facts}]


def test_hosts_without_facts_are_listed_and_fail():
    screen = drawn("hosts[].host", HOSTVARS)
    assert screen.lines[-2:] == [
        Line("web3  unreachable: no route", CRITICAL),
        Line("2 hosts queried; 1 host without facts", CRITICAL),
    ]
    assert screen.failures == {"web3": {"msg": "no route", "unreachable": True}}


def test_json_is_the_answer():
    screen = drawn("hosts[].host", output="json")
    assert json.loads("\n".join(line.text for line in screen.lines)) == ["web1", "web2"] == screen.document


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("hosts[].{host: host}", [{"host": "web1"}, {"host": "web2"}]),
        ("hosts[].host", [{"value": "web1"}, {"value": "web2"}]),
        ("{a: `1`}", [{"a": 1}]),
        ("nothing", []),
    ],
)
def test_rows(query, rows):
    assert drawn(query).rows == rows
