# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pending change is confirmed only after health checks that ran to their end and passed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.nettune.tcp.tests.unit.support.ansible_variables import trust_as_template

VARS = Path(__file__).resolve().parents[2] / "roles/tuning/vars/main.yml"
SKIPPED = {"changed": False, "skipped": True}
TIMEOUT = {"failed": True, "msg": "Timed out after 20 second(s).", "timedout": {"period": 20}}


def is_healthy(**results: dict[str, Any]) -> bool:
    """Return what the role makes of the registered results of the health checks."""
    text = yaml.safe_load(VARS.read_text())["__tuning_is_healthy"]
    variables = {f"__tuning_health_{name}": result for name, result in results.items()}
    return Templar(DataLoader(), variables=variables).template(trust_as_template(text))


@pytest.mark.parametrize(
    "results",
    [
        {},
        {"url": SKIPPED, "command": SKIPPED},
        {"url": {"status": 200}, "command": {"rc": 0}},
    ],
)
def test_healthy(results: dict[str, Any]) -> None:
    assert is_healthy(**results) is True


@pytest.mark.parametrize(
    "results",
    [
        {"url": {"status": -1, "msg": "refused"}},
        {"url": {"failed": False, "msg": "the interpreter was not found"}},
        {"url": SKIPPED, "command": {"rc": 1}},
        {"url": SKIPPED, "command": TIMEOUT},
        {"url": {"status": 200}, "command": {"failed": False, "msg": "No closing quotation"}},
    ],
)
def test_not_healthy(results: dict[str, Any]) -> None:
    assert is_healthy(**results) is False
