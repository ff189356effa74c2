# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.row import VERDICTS
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.rules_values import harmful

CASES = [(row, bad) for row in catalogue.rows() for bad in harmful(row)]


@pytest.mark.parametrize(("row", "bad"), CASES, ids=[f"{row.name} {bad.low}..{bad.high}" for row, bad in CASES])
def test_harmful_value_has_a_verdict_and_a_better_value(row, bad):
    assert bad.verdict in VERDICTS
    assert bad.low <= bad.high
    assert bad.message
    if bad.instead not in "-=":
        assert row.low <= int(bad.instead) <= row.high
        assert not bad.low <= int(bad.instead) <= bad.high
