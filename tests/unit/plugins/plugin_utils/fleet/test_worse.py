# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.worse import worse


def findings(**severities: str) -> list[dict[str, Any]]:
    return [{"id": name, "severity": severity, "title": f"{name} of 5"} for name, severity in severities.items()]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {}, []),
        ({}, {"leak": "critical"}, ["leak of 5 (critical, new)"]),
        ({}, {"leak": "warning", "other": "info"}, []),
        ({"leak": "critical"}, {"leak": "critical"}, []),
        ({"leak": "critical"}, {"leak": "warning"}, []),
        ({"leak": "critical"}, {}, []),
        ({"leak": "warning"}, {"leak": "critical"}, ["leak of 5 (critical, was warning)"]),
        ({"leak": "info"}, {"leak": "warning"}, ["leak of 5 (warning, was info)"]),
    ],
)
def test_one_diagnosis(before: dict[str, str], after: dict[str, str], expected: list[str]) -> None:
    assert worse(findings(**before), findings(**after)) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"leak": "critical"}, {"leak": "critical"}, ["leak of 5 (critical, was info)"]),
        ({"leak": "warning"}, {"leak": "critical"}, ["leak of 5 (critical, was info)"]),
        ({"leak": "critical"}, {"leak": "info"}, []),
        ({"leak": "critical"}, {}, []),
        ({"leak": "critical"}, {"queue": "critical"}, []),
    ],
)
def test_both_diagnoses_must_be_worse(first: dict[str, str], second: dict[str, str], expected: list[str]) -> None:
    assert worse(findings(leak="info"), findings(**first), findings(**second)) == expected
