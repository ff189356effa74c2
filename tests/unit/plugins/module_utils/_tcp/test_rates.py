# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.tcp_state import NAMES
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.rates import per_second, rates_of

ROW = {"pid": 7, "descriptors": 10, "ghosts": 0, "states": {"CLOSE_WAIT": 3}}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param({}, {}, {}, id="no facts"),
        pytest.param({"states": {"A": 1}}, {"states": {"A": 5}}, {"states": {"A": 2.0}}, id="states"),
        pytest.param({}, {"counters": {"TcpExt": {"TW": 5}}}, {"TcpExt": {"TW": None}}, id="no earlier counters"),
        pytest.param({"counters": {"TcpExt": None}}, {"counters": {"TcpExt": None}}, {}, id="no counters at all"),
        pytest.param(
            {"queues": {"FIN_WAIT2": {"unowned": 4}}},
            {"queues": {"FIN_WAIT2": {"unowned": 2}, "CLOSING": {"unowned": 1}}},
            {"unowned": {**dict.fromkeys(NAMES, 0.0), "FIN_WAIT2": -1.0, "CLOSING": 0.5}},
            id="queues",
        ),
        pytest.param(
            {"processes": [ROW, {**ROW, "pid": 8}]},
            {"processes": [{**ROW, "descriptors": 14, "ghosts": None, "states": {"CLOSE_WAIT": 4}}, {**ROW, "pid": 9}]},
            {"processes": [{"pid": 7, "descriptors": 2.0, "ghosts": None, "states": {"CLOSE_WAIT": 0.5}}]},
            id="processes in both readings",
        ),
        pytest.param({"processes": None}, {"processes": [ROW]}, {"processes": []}, id="no earlier processes"),
        pytest.param({"processes": [ROW]}, {"processes": None}, {}, id="no later processes"),
    ],
)
def test_rates_of(before, after, expected):
    assert rates_of(before, after, seconds=2) == {**expected, "seconds": 2}


def test_per_second():
    before, after = {"TW": 4, "ListenDrops": 7, "Gone": None}, {"TW": 9, "ListenDrops": 7, "Gone": None, "New": 3}
    assert per_second(before, after, seconds=2) == {"TW": 2.5, "ListenDrops": 0, "Gone": None, "New": None}
