# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._formats.proc_net import parse_sockstat

SOCKSTAT = """sockets: used 290
TCP: inuse 5 orphan 1 tw 2 alloc 9 mem 3
UDP: inuse 2 mem 0
FRAG: inuse 0 memory 0
"""


@pytest.mark.parametrize(
    ("text", "section", "expected"),
    [
        (SOCKSTAT, "TCP", {"inuse": 5, "orphan": 1, "tw": 2, "alloc": 9, "mem": 3}),
        (SOCKSTAT, "sockets", {"used": 290}),
        ("TCP6: inuse 7\n", "TCP6", {"inuse": 7}),
        ("TCP: inuse 5 tw 2 later 8\n", "TCP", {"inuse": 5, "tw": 2, "later": 8}),
    ],
)
def test_sections(text, section, expected):
    assert parse_sockstat(text)[section] == expected


def test_nothing_is_nothing():
    assert parse_sockstat("") == {}


@pytest.mark.parametrize("line", ["TCP: inuse", "TCP: inuse five", "TCP inuse 5", "TCP:", "TCP: inuse 5 tw"])
def test_half_a_line_is_an_error_that_names_it(line):
    with pytest.raises(MalformedInput, match="line 2 .*" + line):
        parse_sockstat("sockets: used 1\n" + line)
