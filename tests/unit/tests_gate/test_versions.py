# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The integration target `modules`, which runs with each version."""

from __future__ import annotations

import re

import pytest

from tests.gate import versions
from tests.gate.places import ROOT

TARGET = (ROOT / "tests/integration/targets/modules/tasks/main.yml").read_text()
MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("*.py"))


@pytest.mark.parametrize("module", MODULES)
def test_target_runs_every_module(module):
    assert re.search(rf"^  nettune\.tcp\.{module}:", TARGET, re.MULTILINE)


def test_run_that_used_another_python_than_asked_for_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(versions.ran_on, "_NOTES", tmp_path / "notes")
    text = "ran on ansible-core 2.20.10, controller Python 3.12.1, target Python 3.11.2\n"
    done = versions.subprocess.CompletedProcess([], 0, stdout=text)
    assert versions._judge("controller", versions.Run("2.20-3.12", "python3.12"), done)
    assert not versions._judge("controller", versions.Run("2.20-3.13", "python3.13"), done)
    assert not versions._judge("target", versions.Run("3.1", "python3.1"), done)
    assert len((tmp_path / "notes").read_text().splitlines()) == 1
