# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine, row


@pytest.mark.parametrize("verdict", row.VERDICTS)
def test_each_verdict_has_a_severity(verdict):
    assert row.SEVERITY[verdict] in ("critical", "warning", "info", "ok")
    assert (row.SEVERITY[verdict] == "ok") == (verdict == "ok")


def test_rows_have_the_severity_of_their_verdict():
    found = engine.lint("net.ipv4.tcp_tw_recycle = 1\nnet.ipv4.tcp_syncookies = 0\nnet.core.txrehash = 0\n")
    assert [(one["verdict"], one["severity"]) for one in found] == [
        ("removed", "warning"),
        ("hazard", "critical"),
        ("ok", "ok"),
    ]


def test_summary():
    rows = [{"verdict": verdict} for verdict in ("ok", "removed", "ok")]
    assert row.summary(rows) == "3 settings: 1 removed, 2 ok"
