# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._formats.proc_net import (
    TCP,
    TCP_EXT,
    parse_section,
    parse_sockstat,
    parse_stat,
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
def test_sections_of_snmp(section, expected):
    assert parse_section(SNMP, section) == expected


@pytest.mark.parametrize(
    "text",
    ["Tcp: ActiveOpens CurrEstab\n", "Tcp: A B\nTcp: 1\n", "Tcp: A B\nTcp: 1 x\n", "Tcp: A\nTcp: 1\nTcp: 2\n"],
)
def test_a_malformed_section_is_named(text):
    with pytest.raises(MalformedInput, match="lines 2 and .* of Tcp"):
        parse_section("Ip: Forwarding\n" + text, "Tcp")


def test_an_absent_counter_is_none_unless_the_kernel_removed_it():
    assert select({"TW": 4}, ["TW", "TCPKeepAlive", "PAWSPassive"]) == {"TW": 4, "TCPKeepAlive": None}
    assert select({"PAWSPassive": 4}, ["PAWSPassive"]) == {"PAWSPassive": 4}


def test_no_counter_is_listed_twice():
    assert len(set(TCP)) == len(TCP)
    assert len(set(TCP_EXT)) == len(TCP_EXT)


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
def test_sections_of_sockstat(text, section, expected):
    assert parse_sockstat(text)[section] == expected


def test_an_empty_sockstat():
    assert parse_sockstat("") == {}


@pytest.mark.parametrize("line", ["TCP: inuse", "TCP: inuse five", "TCP inuse 5", "TCP:", "TCP: inuse 5 tw"])
def test_a_malformed_sockstat_line_is_named(line):
    with pytest.raises(MalformedInput, match="line 2 .*" + line):
        parse_sockstat("sockets: used 1\n" + line)


CONNTRACK = "entries  clashres found insert_failed drop\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        (CONNTRACK, dict.fromkeys(CONNTRACK.split(), 0)),
        (CONNTRACK + "0000000a 0 0 00000001 000000ff\n", {"entries": 10, "insert_failed": 1, "drop": 255}),
        (CONNTRACK + "1 0 0 1 2\n1 0 0 4 8\n", {"insert_failed": 5, "drop": 10}),
    ],
)
def test_counts_of_all_processors_are_summed(text, expected):
    found = parse_stat(text)
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("row", ["1 2 3\n", "1 2 3 4 5 6\n", "1 2 3 4 many\n", "\n"])
def test_a_malformed_stat_row_is_named(row):
    with pytest.raises(MalformedInput, match="line 3 of a /proc/net/stat file"):
        parse_stat(CONNTRACK + "1 2 3 4 5\n" + row)
