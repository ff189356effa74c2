# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The job template for AWX names a playbook, options and variables that exist, with their defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.nettune.tcp.plugins.plugin_utils.options import role_variables, rows

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "examples" / "awx" / "job_template.yml"
DEFAULTS = {
    name: value
    for role in ("tuning", "web")
    for name, value in yaml.safe_load((ROOT / "roles" / role / "defaults" / "main.yml").read_text()).items()
}

pytestmark = pytest.mark.skipif(not TEMPLATE.exists(), reason="the tarball has no examples")


def survey() -> list[dict[str, Any]]:
    return yaml.safe_load(TEMPLATE.read_text())["awx_survey"]["spec"]


def test_the_playbook_of_the_template_exists() -> None:
    assert (ROOT / yaml.safe_load(TEMPLATE.read_text())["awx_template"]["playbook"]).exists()


@pytest.mark.parametrize("question", survey() if TEMPLATE.exists() else [], ids=lambda question: question["variable"])
def test_each_question_of_the_survey_sets_a_variable_that_exists(question: dict[str, Any]) -> None:
    assert question["variable"] in {*role_variables.names(), *(row.name for row in rows.of("tune_web"))}


@pytest.mark.parametrize("name", ["tuning_persistent", "tuning_take_over", "web_nofile"])
def test_the_default_answer_is_that_of_the_role(name: str) -> None:
    default = next(question["default"] for question in survey() if question["variable"] == name)
    assert yaml.safe_load(str(default)) == DEFAULTS[name]
