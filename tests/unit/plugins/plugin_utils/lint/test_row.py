# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine, row

GONE = row.as_clause(catalogue.find("net.ipv4.tcp_tw_recycle").note)
TEXT = "net.ipv4.tcp_tw_recycle = 1\n" + "# comment\n" * 9 + "net.ipv4.tcp_synack_retries = 3\nnet.core.txrehash = 0\n"


def test_table_has_settings_and_a_summary():
    assert row.table(engine.lint(TEXT)) == [
        "LINE  VERDICT  SETTING                          REASON, AND WHAT TO WRITE",
        "   1  removed  net.ipv4.tcp_tw_recycle = 1      removed in Linux 4.12: " + GONE,
        "                                                → # net.ipv4.tcp_tw_recycle = 1",
        "  11  ok       net.ipv4.tcp_synack_retries = 3  half-open connections last 15 s",
        "  12  ok       net.core.txrehash = 0            -",
        "",
        "3 settings: 1 removed, 2 ok",
    ]


def test_each_suggestion_has_a_line():
    lines = row.table(engine.lint("net.ipv4.ip_local_port_range = 1024 65000"))
    assert [line.split()[:2] for line in lines[2:4]] == [
        ["→", "net.ipv4.ip_local_port_range"],
        ["→", "net.ipv4.ip_local_reserved_ports"],
    ]
    assert lines[-1] == "1 setting: 1 hazard"


def test_table_without_settings():
    assert row.table([]) == ["no settings"]
