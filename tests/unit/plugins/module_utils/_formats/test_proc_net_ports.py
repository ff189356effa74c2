# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._formats.proc_net_ports import local_ports
from ansible_collections.nettune.tcp.tests.unit.support.tables import (
    CLIENT,
    DNS,
    HEADER,
    HTTP6,
    MYSQL,
    TIME_WAIT,
    UNBOUND,
)


@pytest.mark.parametrize(
    ("rows", "states", "expected"),
    [
        ([], {10}, set()),
        ([MYSQL], {10}, {3306}),
        ([MYSQL, CLIENT, TIME_WAIT], {10}, {3306}),
        ([MYSQL, CLIENT, TIME_WAIT], {1, 10}, {3306, 0x8001}),
        ([TIME_WAIT], {6}, {3306}),
        ([UNBOUND], {7}, set()),
        ([HTTP6], {10}, {80}),
        ([DNS], {7}, {53}),
        ([DNS], {10}, set()),
    ],
)
def test_local_ports(rows, states, expected):
    assert local_ports(HEADER + "".join(rows), states=states) == expected


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "line 1"),
        ("not a table\n", "line 1"),
        (MYSQL, "line 1"),
        (HEADER + MYSQL[:40], "line 2"),
        (HEADER + MYSQL + "\n" + MYSQL, "line 3"),
        (HEADER + MYSQL + MYSQL.replace("0CEA", "0CEX"), "line 3"),
        (HEADER + MYSQL.replace(":0CEA", "0CEA"), "line 2"),
        (HEADER + MYSQL.replace(" 0A ", " ZZ "), "line 2"),
    ],
)
def test_an_incomplete_row_is_named(text, line):
    with pytest.raises(MalformedInput, match=line):
        local_ports(text, states={10})
