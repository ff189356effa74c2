# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import table as fleet_table


def host(name, total, partial=(), **states):
    return {"host": name, "total": total, "states": states, "partial": [{"what": what, "why": ""} for what in partial]}


def missing(name, why="refused", unreachable=True):
    return {"host": name, "unreachable": unreachable, "why": why}


FLEET = {
    "hosts": [
        host("web2", 96, ESTABLISHED=96),
        host("web1", 1204, ["memory.high", "conntrack", "memory.low"], ESTABLISHED=302, CLOSE_WAIT=902),
    ],
    "missing": [missing("web4"), missing("web3", "nothing cached", unreachable=False)],
}


def test_the_busiest_first_and_the_missing_last():
    assert fleet_table.lines(FLEET, rows=0) == [
        "HOST  TOTAL  STANDS OUT      NOTE",
        "web1   1204  CLOSE_WAIT 902  partial: conntrack, memory",
        "web2     96  -",
        "web3      -  -               no facts: nothing cached",
        "web4      -  -               unreachable: refused",
        "",
        "1300 sockets on 2 hosts; 2 hosts without facts",
    ]


def test_rows_bound_either_kind():
    assert fleet_table.lines(FLEET, rows=1) == [
        "HOST  TOTAL  STANDS OUT      NOTE",
        "web1   1204  CLOSE_WAIT 902  partial: conntrack, memory",
        "web3      -  -               no facts: nothing cached",
        "",
        "(1 more with fewer sockets)",
        "(1 more without facts)",
        "1300 sockets on 2 hosts; 2 hosts without facts",
    ]


@pytest.mark.parametrize("absent", [{}, {"total": None, "states": None, "partial": None}])
def test_what_was_not_gathered_is_a_dash(absent):
    table = fleet_table.lines({"hosts": [{"host": "web1", **absent}], "missing": []}, rows=0)
    assert table == ["HOST  TOTAL  STANDS OUT  NOTE", "web1      -  -", "", "0 sockets on 1 host"]


def test_at_most_three_states():
    states = {"SYN_RECV": 40, "LAST_ACK": 30, "CLOSING": 20, "CLOSE_WAIT": 10}
    _head, row, *_rest = fleet_table.lines({"hosts": [host("web1", 100, **states)], "missing": []}, rows=0)
    assert row == "web1    100  SYN_RECV 40, LAST_ACK 30, CLOSING 20"


def test_a_fleet_of_nobody():
    assert fleet_table.lines({"hosts": [], "missing": []}, rows=0)[-1] == "0 sockets on 0 hosts"
