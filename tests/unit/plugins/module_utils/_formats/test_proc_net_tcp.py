# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import struct

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._formats.proc_net_tcp import (
    as_messages,
    blocks,
    count_states,
)
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.collectors import Listeners
from ansible_collections.nettune.tcp.tests.unit.support.messages import AF_INET, AF_INET6, offsets
from ansible_collections.nettune.tcp.tests.unit.support.tables import CLIENT, HEADER, HTTP6, MYSQL, TIME_WAIT


def padded(*rows):
    """Return rows of /proc/net/tcp, padded as by the kernel."""
    return "".join(row.rstrip("\n").ljust(149) + "\n" for row in rows).encode()


def counted(table):
    counts = [0] * 12
    for first_line, block in blocks(table):
        count_states(block, first_line=first_line, counts=counts)
    return {state: number for state, number in enumerate(counts) if number}


V4 = padded(HEADER, MYSQL, CLIENT, CLIENT, TIME_WAIT)
V6 = (HEADER + HTTP6 + HTTP6.replace(" 0A ", " 08 ")).encode()
MANY = padded(HEADER, MYSQL, *(f"{index:4d}" + CLIENT[4:] for index in range(9_990, 10_010)))


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        pytest.param(V4, {1: 2, 6: 1, 10: 1}, id="padded"),
        pytest.param(V6, {8: 1, 10: 1}, id="tcp6"),
        pytest.param(MANY, {1: 20, 10: 1}, id="five digits from row 10000 on"),
        pytest.param(V4.replace(b" \n", b"   \n", 2), {1: 2, 6: 1, 10: 1}, id="rows of different widths"),
        pytest.param(padded(HEADER), {}, id="empty"),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 149, 150, 1000, 65536])
def test_states_are_counted_wherever_the_table_is_cut(table, expected, size):
    assert counted([table[start : start + size] for start in range(0, len(table), size)]) == expected


@pytest.mark.parametrize(
    ("table", "line"),
    [
        pytest.param(b"", 1, id="nothing"),
        pytest.param(V4[150:], 1, id="no header"),
        pytest.param(V4[:-60], 5, id="cut"),
        pytest.param(V4[:460] + b"\n", 4, id="cut before the newline"),
        pytest.param(V4.replace(b" 06 ", b" 0F "), 5, id="no such state"),
        pytest.param(V4.replace(b" 06 ", b" 00 "), 5, id="state 0"),
        pytest.param(V4.replace(b" 06 ", b"x06 "), 5, id="no blank"),
        pytest.param(V4.replace(b" 06 ", b" 16 "), 5, id="two digits"),
        pytest.param(V4 + b"\n", 6, id="an empty line"),
        pytest.param(V4 + b"garbage\n", 6, id="garbage"),
    ],
)
@pytest.mark.parametrize("size", [64, 65536])
def test_the_line_of_a_malformed_table_is_named(table, line, size):
    with pytest.raises(MalformedInput, match=f"line {line} "):
        counted([table[start : start + size] for start in range(0, len(table), size)])


def test_memory_is_bounded_by_a_piece_and_a_row():
    pieces = (V4[start % len(V4) : start % len(V4) + 100] for start in range(600, 600 * 1000, 100))
    longest = max(len(block) for _line, block in blocks([padded(HEADER), *pieces]))
    assert longest <= 100 + 150


def test_rows_of_tcp_as_messages():
    messages = as_messages(V4[150:] + V4[150:300], first_line=2, family=AF_INET)
    starts = offsets(memoryview(messages))
    assert sorted(messages[start + 17] for start in starts) == [1, 1, 6, 10, 10]
    listeners = Listeners(limit=10)
    listeners.add(messages, starts)
    assert [(row["address"], row["port"]) for row in listeners.rows()] == [("127.0.0.1", 3306)] * 2


def test_rows_of_tcp6_as_messages():
    row = HTTP6.replace("0" * 32 + ":0050", "B80D0120000000000000000001000000:0050").replace(
        " 00:00000000 ", " 02:0000007B "
    )
    messages = as_messages(row.replace(" 31 ", " 4294967295 ").encode(), first_line=2, family=AF_INET6)
    listeners = Listeners(limit=10)
    listeners.add(messages, [0])
    assert listeners.rows()[0]["address"] == "2001:db8::1"
    assert (messages[16:19], messages[84:88]) == (bytes((AF_INET6, 10, 2)), b"\xff" * 4)


@pytest.mark.parametrize(
    ("row", "family"),
    [
        pytest.param(MYSQL[:60], AF_INET, id="cut"),
        pytest.param(MYSQL, AF_INET6, id="an IPv4 row as IPv6"),
        pytest.param(HTTP6, AF_INET, id="an IPv6 row as IPv4"),
        pytest.param(MYSQL.replace(" 0A ", " 0F "), AF_INET, id="no such state"),
        pytest.param(MYSQL.replace(" 24078 ", " -1 "), AF_INET, id="negative inode"),
        pytest.param(MYSQL.replace(":0CEA", ":10CEA"), AF_INET, id="port too large"),
    ],
)
def test_a_malformed_row_is_named(row, family):
    with pytest.raises(MalformedInput, match="line 7 "):
        as_messages(row.encode(), first_line=7, family=family)


def test_inode_numbers_above_32_bits():
    row = MYSQL.replace(" 24078 ", f" {(1 << 32) + 7} ").encode()
    (inode,) = struct.unpack_from("=I", as_messages(row, first_line=2, family=AF_INET), 84)
    assert inode == 7
