# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of bad values."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import kernel, rules_values
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.row import VERDICTS

ROWS = [row for rows in rules_values._BAD.values() for row in rows]


@pytest.mark.parametrize("bad", ROWS, ids=lambda bad: f"{bad.name} {bad.low}..{bad.high}")
def test_a_row(bad):
    known = catalogue.find(bad.name)
    assert known is not None
    assert bad.verdict in VERDICTS
    assert bad.low <= bad.high
    assert bad.message
    if bad.instead not in "-=":
        assert known.low <= int(bad.instead) <= known.high
        assert not bad.low <= int(bad.instead) <= bad.high


@pytest.mark.parametrize("name", [*kernel.SINCE, *kernel.IDLE])
def test_a_name_of_history(name):
    assert catalogue.find(name) is not None


@pytest.mark.parametrize(
    ("release", "default"), [("3.10", "128"), ("5.3", "128"), ("5.4", "4096"), ("6.8.0-31-generic", "4096")]
)
def test_a_default_that_changed(release, default):
    somaxconn = catalogue.find("net.core.somaxconn")
    assert kernel.default(somaxconn, kernel.of(release)) == default


def test_a_default_of_an_old_kernel_is_not_known():
    cookies = catalogue.find("net.ipv4.tcp_syncookies")
    assert [kernel.default(cookies, kernel.of(one)) for one in ("2.6.18", "4.18")] == [None, "1"]
