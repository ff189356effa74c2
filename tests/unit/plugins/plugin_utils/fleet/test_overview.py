# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.overview import lines, standing_out


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
        "HOST  TOTAL  STANDS OUT      NOTE",
        "web1   1204  CLOSE_WAIT 902  partial: conntrack, memory",
        "web2     96  -",
        "web3      -  -               no facts: nothing cached",
        "web4      -  -               unreachable: refused",
        "",
        "1300 sockets on 2 hosts; 2 hosts without facts",
    ]


def test_rows_limits_hosts_with_and_without_facts():
    assert lines(FLEET, rows=1) == [
        "HOST  TOTAL  STANDS OUT      NOTE",
        "web1   1204  CLOSE_WAIT 902  partial: conntrack, memory",
        "web3      -  -               no facts: nothing cached",
        "",
        "(1 more with fewer sockets)",
        "(1 more without facts)",
        "1300 sockets on 2 hosts; 2 hosts without facts",
    ]


@pytest.mark.parametrize("absent", [{}, {"total": None, "states": None, "partial": None}])
def test_missing_facts_are_shown_as_a_dash(absent):
    table = lines({"hosts": [{"host": "web1", **absent}], "missing": []}, rows=0)
    assert table == ["HOST  TOTAL  STANDS OUT  NOTE", "web1      -  -", "", "0 sockets on 1 host"]


def test_at_most_three_states_are_shown():
    states = {"SYN_RECV": 40, "LAST_ACK": 30, "CLOSING": 20, "CLOSE_WAIT": 10}
    _head, row, *_rest = lines({"hosts": [host("web1", 100, **states)], "missing": []}, rows=0)
    assert row == "web1    100  SYN_RECV 40, LAST_ACK 30, CLOSING 20"


def test_a_fleet_without_hosts():
    assert lines({"hosts": [], "missing": []}, rows=0)[-1] == "0 sockets on 0 hosts"


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
