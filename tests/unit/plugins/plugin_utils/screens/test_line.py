# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.line import (
    CRITICAL,
    Line,
    Row,
    count,
    listed,
    paragraph,
    printable,
    table,
    text_width,
)


def texts(lines):
    return [line.text for line in lines]


def test_table_is_aligned_and_has_the_severity_of_its_rows():
    lines = table(("HOST", "TOTAL"), [Row(("web1", "12"), CRITICAL), Row(("w", "3"))], width=80, right=[1])
    assert lines == [Line("HOST  TOTAL"), Line("web1     12", CRITICAL), Line("w         3")]


def test_table_without_rows_has_no_lines():
    assert table(("HOST",), [], width=80) == []


@pytest.mark.parametrize("width", [40, 60, 80, 133])
def test_no_line_of_a_table_is_wider_than_the_terminal(width):
    rows = [Row(("web[1-20]", "word " * 30, "a-name-without-any-space-" * 6))]
    assert max(map(len, texts(table(("HOST", "REASON", "NAME"), rows, width=width)))) <= width


def test_long_cells_continue_in_their_column():
    rows = [Row(("web1", "one two three four five six"))]
    assert texts(table(("HOST", "NOTE"), rows, width=22)) == [
        "HOST  NOTE",
        "web1  one two three",
        "      four five six",
    ]


def test_columns_of_sentences_give_way_before_words_are_broken():
    rows = [Row(("net.ipv4.ip_local_port_range", "1024 65535 -> 32768 60999", "default"))]
    assert texts(table(("KEY", "RUNNING", "BOOT"), rows, width=52)) == [
        "KEY                           RUNNING        BOOT",
        "net.ipv4.ip_local_port_range  1024 65535 ->  default",
        "                              32768 60999",
    ]


def test_wide_characters_take_two_columns():
    assert texts(table(("A", "B"), [Row(("日本", "x")), Row(("abcd", "y"))], width=80))[1:] == ["日本  x", "abcd  y"]
    assert text_width("e\u0301") == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("web1", "web1"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\rb", "a\\rb"),
        ("a\nb", "a b"),
        ("\u202eabc", "\\u202eabc"),
        ("gr\udce9", "gr\\udce9"),
    ],
)
def test_control_characters_are_escaped(text, shown):
    assert printable(text) == shown


def test_paragraph():
    assert texts(paragraph("one two three", width=20, indent="  ", hanging="    ")) == ["  one two three"]
    assert texts(paragraph("one two three four", width=16, indent="  ", hanging="    ")) == [
        "  one two three",
        "    four",
    ]


def test_count_and_listed():
    assert [count(number, "host") for number in (0, 1, 2)] == ["0 hosts", "1 host", "2 hosts"]
    assert count(2, "entry", "entries") == "2 entries"
    assert listed(["a", "b"], most=2) == "a, b"
    assert listed(["a", "b", "c", "d"], most=2) == "a, b and 2 more"
