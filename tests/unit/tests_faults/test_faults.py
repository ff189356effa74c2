# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every system call of every run fails once; what is left is as docs/reliability.md promises."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.tests.faults import table
from ansible_collections.nettune.tcp.tests.faults.running import KILLED, Runner
from ansible_collections.nettune.tcp.tests.faults.scenarios import SCENARIOS, Scenario


@pytest.mark.long
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_every_fault_leaves_what_the_document_says(tmp_path: Path, scenario: Scenario) -> None:
    runner = Runner(scenario, tmp_path)
    changing, reading = list(runner.results()), list(runner.results(reading=True))
    assert [(one, one.problems) for one in (*changing, *reading) if one.problems] == []
    assert {one.said == KILLED for one in changing} == {True, False}
    written = table.shown(table.DOCUMENT.read_text(), scenario.name)
    assert written == table.section(scenario, changing, reading), "run python -m tests.faults to update it"


def test_the_document_has_every_scenario_with_its_title() -> None:
    text = table.DOCUMENT.read_text()
    assert all(f"### {one.title}\n" in text and table.shown(text, one.name) for one in SCENARIOS)
