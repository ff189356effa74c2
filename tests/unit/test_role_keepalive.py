# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keepalive time that the roles set with tuning_path_idle_timeout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.nettune.tcp.tests.unit.support.ansible_variables import trust_as_template

VARS = Path(__file__).resolve().parents[2] / "roles/tuning/vars/main.yml"
TIME = "net.ipv4.tcp_keepalive_time"
OPTIONS: dict[str, Any] = {
    "tuning_role_settings": {},
    "tuning_remedies": [],
    "tuning_settings": {},
    "tuning_overrides": {},
    "tuning_path_idle_timeout": 0,
}


def settings(**options: Any) -> dict[str, Any]:
    """Return the kernel parameters that the role sets."""
    variables = yaml.safe_load(VARS.read_text())
    variables = {name: trust_as_template(text) if isinstance(text, str) else text for name, text in variables.items()}
    variables["__tuning"] = {"options": {**OPTIONS, **options}}
    return Templar(DataLoader(), variables=variables).template(trust_as_template("{{ __tuning_all_settings }}"))


def role(seconds: Any) -> dict[str, Any]:
    return {"tuning_role_settings": {TIME: seconds}}


@pytest.mark.parametrize(
    ("options", "seconds"),
    [
        ({}, 300),
        (role({"value": 1200, "reason": "x"}), 300),
        (role({"at_most": 1200, "reason": "x"}), 300),
        (role({"at_most": 120, "reason": "x"}), 120),
        (role(1200), 300),
        (role({"value": 120, "reason": "x"}), 120),
        ({"tuning_remedies": ["keepalive"]}, 300),
        ({"tuning_remedies": ["keepalive_aggressive"]}, 30),
    ],
)
def test_keepalive_is_in_time_for_the_path(options: dict[str, Any], seconds: int) -> None:
    found = settings(tuning_path_idle_timeout=350, **options)[TIME]
    assert found["at_most"] == seconds
    assert "350 seconds" in found["reason"]


def test_a_value_of_the_user_comes_first() -> None:
    assert settings(tuning_path_idle_timeout=350, tuning_settings={TIME: 900})[TIME] == 900


def test_without_a_timeout_nothing_changes() -> None:
    assert TIME not in settings()
    assert settings(tuning_remedies=["keepalive"])[TIME]["value"] == 1800
    assert settings(**role({"value": 1200}))[TIME] == {"value": 1200}
