# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables in Markdown: the column of values to set is read, other columns are not."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine

TABLE = """# Tuning

| {} |
|---|---:|---|
| **net.core.somaxconn** | `8,192` | 128 |
| `net.ipv4.tcp_rmem` | 4096 131072 33554432 | 1 |
| net.ipv4.tcp_sack | see below | 1 |
"""
FOUND = [(5, "net.core.somaxconn", "8192"), (6, "net.ipv4.tcp_rmem", "4096 131072 33554432")]
POSSIBLE = """key | value | meaning
--- | --- | ---
net.ipv4.tcp_syncookies | 0 | off
net.ipv4.tcp_syncookies | 2 | always
net.core.somaxconn | 8192 | backlog
"""


def settings(text):
    return [(row["line"], row["key"], row["value"]) for row in engine.check(text, name="x.md").rows]


@pytest.mark.parametrize("code", ["", "```sh\ntrue\n```\n"])
@pytest.mark.parametrize(
    "header", ["key | value | default", "Parameter | Recommended | Value", "a | Set to | before", "参数 | 值 | 默认值"]
)
def test_column_of_values(header, code):
    found = engine.check(TABLE.format(header) + code, name="x.md")
    assert [(row["line"], row["key"], row["value"]) for row in found.rows] == FOUND
    assert (7, "| net.ipv4.tcp_sack | see below | 1 |") in found.others


@pytest.mark.parametrize("header", ["key | default | was", "key | description | x", "key | default value | x"])
def test_table_without_values_to_set(header):
    assert settings(TABLE.format(header)) == []


def test_values_that_a_parameter_may_have():
    assert settings(POSSIBLE) == [(5, "net.core.somaxconn", "8192")]
