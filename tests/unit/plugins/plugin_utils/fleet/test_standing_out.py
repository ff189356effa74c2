# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.table import standing_out


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
def test_what_stands_out(states, expected):
    found = standing_out(states)
    assert found == expected
    assert list(found) == list(expected)
