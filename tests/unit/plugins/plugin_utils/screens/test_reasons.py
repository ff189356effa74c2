# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.line import WARNING, Line, Row
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.reasons import table

ROWS = [Row(("web1", "1", "the running value differs"), WARNING), Row(("web2", "2", ""))]


def test_reasons_are_a_column_if_they_fit():
    assert [line.text for line in table(("HOST", "FOUND", "REASON"), ROWS, width=40)] == [
        "HOST  FOUND  REASON",
        "web1  1      the running value differs",
        "web2  2",
    ]


def test_reasons_are_below_the_rows_if_they_do_not():
    assert table(("HOST", "FOUND", "REASON"), ROWS, width=30) == [
        Line("HOST  FOUND"),
        Line("web1  1", WARNING),
        Line("    the running value differs", WARNING),
        Line("web2  2"),
    ]


def test_a_table_without_rows_has_no_lines():
    assert table(("HOST", "REASON"), [], width=30) == []
