# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils import json_table


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, []),
        ([], []),
        ({}, []),
        ([[]], []),
        ([{}], []),
        ("web1", ["web1"]),
        (0, ["0"]),
        (False, ["false"]),
        (["web1", 2, None, {"a": [1]}], ["web1", "2", "-", '{"a": [1]}']),
        ({"TIME_WAIT": 1204, "CLOSE": 0}, ["TIME_WAIT  1204", "CLOSE         0"]),
        ({"web1": ["a"], "web2": None}, ['web1  ["a"]', "web2  -"]),
        (
            [{"host": "web1", "total": 9}, {"host": "web20", "total": 10, "note": "x"}],
            ["host   total  note", "web1       9  -", "web20     10  x"],
        ),
        ([{"n": 1}, {"n": 1000}], ["   n", "   1", "1000"]),
        ([{"ok": True}, {"ok": None}], ["ok", "true", "-"]),
        ([["web1", 9], ["web2", 10], ["web3"]], ["web1   9", "web2  10", "web3   -"]),
        ([{"host": "web1"}, "text"], ['{"host": "web1"}', "text"]),
    ],
)
def test_lines(value, expected):
    assert json_table.lines(value) == expected
