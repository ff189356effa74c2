# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._formats.proc_net import (
    TCP,
    TCP_EXT,
    parse_section,
    rates,
    select,
)

SNMP = """Ip: Forwarding DefaultTTL
Ip: 1 64
Tcp: MaxConn ActiveOpens CurrEstab
Tcp: -1 12 3
"""


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("Tcp", {"MaxConn": -1, "ActiveOpens": 12, "CurrEstab": 3}),
        ("Ip", {"Forwarding": 1, "DefaultTTL": 64}),
        ("TcpExt", {}),
    ],
)
def test_sections(section, expected):
    assert parse_section(SNMP, section) == expected


@pytest.mark.parametrize(
    "text",
    ["Tcp: ActiveOpens CurrEstab\n", "Tcp: A B\nTcp: 1\n", "Tcp: A B\nTcp: 1 x\n", "Tcp: A\nTcp: 1\nTcp: 2\n"],
)
def test_half_a_section_is_an_error_that_names_its_lines(text):
    with pytest.raises(MalformedInput, match="lines 2 and .* of Tcp"):
        parse_section("Ip: Forwarding\n" + text, "Tcp")


def test_what_the_kernel_does_not_count_is_none_unless_nothing_is_left_to_count():
    assert select({"TW": 4}, ["TW", "TCPKeepAlive", "PAWSPassive"]) == {"TW": 4, "TCPKeepAlive": None}
    assert select({"PAWSPassive": 4}, ["PAWSPassive"]) == {"PAWSPassive": 4}


def test_counters_are_named_once():
    assert len(set(TCP)) == len(TCP)
    assert len(set(TCP_EXT)) == len(TCP_EXT)


def test_rates():
    before, after = {"TW": 4, "ListenDrops": 7, "Gone": None}, {"TW": 9, "ListenDrops": 7, "Gone": None, "New": 3}
    assert rates(before, after, seconds=2) == {"TW": 2.5, "ListenDrops": 0, "Gone": None, "New": None}
