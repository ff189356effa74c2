# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._formats.proc_net import parse_stat

NAMES = "entries  clashres found insert_failed drop\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        (NAMES, dict.fromkeys(NAMES.split(), 0)),
        (NAMES + "0000000a 0 0 00000001 000000ff\n", {"entries": 10, "insert_failed": 1, "drop": 255}),
        (NAMES + "1 0 0 1 2\n1 0 0 4 8\n", {"insert_failed": 5, "drop": 10}),
    ],
)
def test_counts_of_all_processors(text, expected):
    found = parse_stat(text)
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("row", ["1 2 3\n", "1 2 3 4 5 6\n", "1 2 3 4 many\n", "\n"])
def test_half_a_row_is_an_error_with_its_line(row):
    with pytest.raises(MalformedInput, match="line 3 of a /proc/net/stat file"):
        parse_stat(NAMES + "1 2 3 4 5\n" + row)
