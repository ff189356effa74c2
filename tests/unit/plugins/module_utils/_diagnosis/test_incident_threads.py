# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of incidents that administrators report, and busy healthy hosts, on which every finding is a false alarm."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.engine import diagnose
from ansible_collections.nettune.tcp.tests.unit.support.incident_threads import HEALTHY, INCIDENTS


@pytest.mark.parametrize(("facts", "expected", "severity"), INCIDENTS.values(), ids=INCIDENTS)
def test_incident(facts, expected, severity):
    findings = diagnose(facts)["findings"]
    assert {finding["id"]: finding["because_of"] for finding in findings} == expected
    assert findings[0]["severity"] == severity
    assert not [text for finding in findings for text in texts(finding) if "?" in text]


def texts(finding):
    return finding["title"], finding["cause"], *(remedy["text"] for remedy in finding["remedies"])


@pytest.mark.parametrize("facts", HEALTHY.values(), ids=HEALTHY)
def test_busy_healthy_host(facts):
    assert [finding["title"] for finding in diagnose(facts)["findings"]] == []
