# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run relies upon is on the disk before: files before they get their name, names before what follows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.tests.faults.hosts import TEXTFILES
from ansible_collections.nettune.tcp.tests.faults.injection import Call
from ansible_collections.nettune.tcp.tests.faults.running import Runner
from ansible_collections.nettune.tcp.tests.faults.scenarios import SCENARIOS, Scenario
from ansible_collections.nettune.tcp.tests.faults.tree import JOURNAL


@pytest.fixture(params=SCENARIOS, ids=lambda scenario: scenario.name)
def calls(request: pytest.FixtureRequest, tmp_path: Path) -> list[Call]:
    scenario: Scenario = request.param
    return Runner(scenario, tmp_path).calls()


def test_file_is_synced_before_it_gets_its_name_and_its_directory_after(calls: list[Call]) -> None:
    for number, call in enumerate(calls):
        if call.name == "rename":
            folder = os.path.dirname(call.path)
            assert calls[number - 1] == Call("fsync", f"{folder}/(temporary)"), call
            assert calls[number + 1] == Call("fsync", folder), call


def test_directory_is_synced_after_a_removal_and_after_a_new_directory(calls: list[Call]) -> None:
    # The copy of take_back.py and what is gone when the run is over do no harm if they come back.
    harmless = ("take_back.py", "watchdog.pid", "watchdog.py", "in-force.json", "confirm.json")
    for number, call in enumerate(calls):
        # The next document of the journal in the same directory is synced with it.
        following = calls[number + 1 : number + 6]
        if call.name == "unlink" and not call.path.endswith(harmless):
            assert Call("fsync", os.path.dirname(call.path)) in following, call
        if call.name == "mkdir" and Call("fchmod", call.path) in following:
            assert Call("fsync", os.path.dirname(call.path)) in following, call


def test_journal_is_on_the_disk_before_the_first_change(calls: list[Call]) -> None:
    changes = [number for number, call in enumerate(calls) if not call.path.startswith((JOURNAL, "/var/lib"))]
    if not changes:
        return  # the run only changes the journal
    saved = [number for number, call in enumerate(calls) if call.name == "rename" and call.path.startswith(JOURNAL)]
    # The journal of a rollback was saved when the change was armed, that of a textfile before it was written.
    is_recorded = calls[0].path.startswith(("/proc/sys", TEXTFILES))
    assert is_recorded or (saved and saved[0] + 1 < changes[0])
