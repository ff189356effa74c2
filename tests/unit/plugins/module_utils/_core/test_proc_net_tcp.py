# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._core.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._core.proc_net_tcp import local_ports

HEADER = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
MYSQL = "   0: 0100007F:0CEA 00000000:0000 0A 00000000:00000000 00:00000000 00000000   113        0 24078 1 0 100 0 0 10 0\n"
CLIENT = "   1: 0100007F:8001 0100007F:0CEA 01 00000000:00000000 00:00000000 00000000     0        0 24079 1 0 20 4 0 10 -1\n"
TIME_WAIT = "  99: 0100007F:0CEA 0100007F:9000 06 00000000:00000000 03:00001770 00000000     0        0 0 3 0\n"
UNBOUND = "   2: 00000000:0000 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 24080 1 0 0 0 0 10 0\n"
HTTP6 = (
    "   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000"
    " 00:00000000 00000000     0        0 31 1 0 100 0 0 10 0\n"
)
DNS = " 7219: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 211 2 0 0\n"


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
def test_half_a_row_is_an_error_that_names_the_line(text, line):
    with pytest.raises(MalformedInput, match=line):
        local_ports(text, states={10})
