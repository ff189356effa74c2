# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.facts import draw, lines, standing_out, table_of
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.run import Run


def host(name, total, partial=(), **states):
    return {
        "host": name,
        "total": total,
        "states": states,
        "partial": [{"what": what, "reason": ""} for what in partial],
    }


def missing(name, reason="refused", unreachable=True):
    return {"host": name, "unreachable": unreachable, "reason": reason}


FLEET = {
    "hosts": [
        host("web2", 96, ESTABLISHED=96),
        host("web1", 1204, ["memory.high", "conntrack", "memory.low"], ESTABLISHED=302, CLOSE_WAIT=902),
    ],
    "missing": [missing("web4"), missing("web3", "nothing cached", unreachable=False)],
}


def test_the_busiest_hosts_come_first_and_the_missing_last():
    assert lines(FLEET, rows=0) == [
        "HOST  SOCKETS  STANDS OUT      NOTE",
        "web1  1204     CLOSE_WAIT 902  partial: conntrack, memory",
        "web2  96       -",
        "web3  -        -               nothing cached",
        "web4  -        -               unreachable: refused",
        "",
        "1300 sockets on 2 hosts; 2 hosts without facts",
    ]


def test_rows_limits_hosts_with_and_without_facts():
    assert lines(FLEET, rows=1) == [
        "HOST  SOCKETS  STANDS OUT      NOTE",
        "web1  1204     CLOSE_WAIT 902  partial: conntrack, memory",
        "web3  -        -               nothing cached",
        "(1 more host with fewer sockets)",
        "(1 more host without facts)",
        "",
        "1300 sockets on 2 hosts; 2 hosts without facts",
    ]


@pytest.mark.parametrize("absent", [{}, {"total": None, "states": None, "partial": None}])
def test_missing_facts_are_shown_as_a_dash(absent):
    table = lines({"hosts": [{"host": "web1", **absent}], "missing": []}, rows=0)
    assert table == ["HOST  SOCKETS  STANDS OUT", "web1  -        -", "", "0 sockets on 1 host"]


def test_at_most_three_states_are_shown():
    states = {"SYN_RECV": 40, "LAST_ACK": 30, "CLOSING": 20, "CLOSE_WAIT": 10}
    _head, row, *_rest = lines({"hosts": [host("web1", 100, **states)], "missing": []}, rows=0)
    assert row == "web1  100      SYN_RECV 40, LAST_ACK 30, CLOSING 20"


def test_a_fleet_without_hosts():
    assert lines({"hosts": [], "missing": []}, rows=0)[-1] == "0 sockets on 0 hosts"


def test_hosts_with_the_same_outcome_share_a_row():
    hosts = [host(f"web{number}", 100 + number, CLOSE_WAIT=50 + number, ESTABLISHED=50) for number in range(1, 21)]
    hosts += [host("db1", 7, ESTABLISHED=7), host("db2", 9, ESTABLISHED=9)]
    shown = [line.text for line in table_of({"hosts": hosts, "missing": []}, rows=0, width=80, each=False)]
    assert shown == [
        "HOST       SOCKETS  STANDS OUT",
        "web[1-20]  101-120  CLOSE_WAIT 51-70",
        "db1, db2   7-9      -",
        "",
        "2226 sockets on 22 hosts",
    ]


def test_the_screen_names_the_hosts_that_fail():
    hostvars = {
        "web1": {"got": {}, "nettune_tcp": {"total": 3, "states": {"LISTEN": 3}, "partial": []}},
        "web2": {"got": {"unreachable": True, "msg": "no route"}},
    }
    screen = draw(Run(hostvars, ["web1", "web2"], ["web1", "web2"], args={"registered": "got"}))
    assert screen.failures == {"web2": {"msg": "no route", "unreachable": True}}
    assert screen.document["hosts"][0]["host"] == "web1"
    assert screen.rows == [
        {"host": "web1", "total": 3, "LISTEN": 3, "reason": ""},
        {"host": "web2", "reason": "no route"},
    ]


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ({}, {}),
        ({"ESTABLISHED": 900000, "LISTEN": 500}, {}),
        ({"ESTABLISHED": 95, "CLOSE_WAIT": 5}, {}),
        ({"ESTABLISHED": 10, "CLOSE_WAIT": 9}, {}),
        ({"ESTABLISHED": 190, "CLOSE_WAIT": 10}, {"CLOSE_WAIT": 10}),
        ({"ESTABLISHED": 191, "CLOSE_WAIT": 10}, {}),
        ({"ESTABLISHED": 1000000, "LAST_ACK": 999}, {}),
        ({"ESTABLISHED": 1000000, "LAST_ACK": 1000}, {"LAST_ACK": 1000}),
        ({"ESTABLISHED": 99, "TIME_WAIT": 99}, {}),
        ({"ESTABLISHED": 100, "TIME_WAIT": 100}, {"TIME_WAIT": 100}),
        ({"ESTABLISHED": 101, "TIME_WAIT": 100}, {}),
        ({"ESTABLISHED": 900000, "TIME_WAIT": 20000}, {"TIME_WAIT": 20000}),
        ({"ESTABLISHED": 91, "FIN_WAIT2": 9}, {}),
        ({"ESTABLISHED": 90, "FIN_WAIT2": 10}, {"FIN_WAIT2": 10}),
        ({"SYN_RECV": 20, "CLOSE_WAIT": 30, "CLOSING": 30}, {"CLOSE_WAIT": 30, "CLOSING": 30, "SYN_RECV": 20}),
    ],
)
def test_states_that_stand_out(states, expected):
    found = standing_out(states)
    assert found == expected
    assert list(found) == list(expected)
