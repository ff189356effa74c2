# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from types import SimpleNamespace

import pytest

pytest.importorskip("ansible.plugins.action")

from ansible_collections.nettune.tcp.plugins.action import sysctl_trial
from ansible_collections.nettune.tcp.plugins.action.sysctl_trial import ActionModule

ARGS = {"name": "x", "key": "k", "candidates": [1], "minimise": "total", "again": True}


def running(phase, remaining):
    return {"changed": False, "status": "running", "key": "k", "phase": phase, "remaining": remaining}


class Action(ActionModule):
    """Return the given results in turn, in place of those of the module."""

    def __init__(self, args, results, *, async_val=0, check_mode=False):
        self._task = SimpleNamespace(args=args, async_val=async_val, check_mode=check_mode)
        self._connection = SimpleNamespace(has_native_async=False)
        self.shown = []
        self._display = SimpleNamespace(display=self.shown.append)
        self._results = list(results)
        self.asked = []

    def _execute_module(self, module_name=None, module_args=None, task_vars=None, wrap_async=False):
        self.asked.append((module_args, bool(wrap_async)))
        return self._results.pop(0)


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    monkeypatch.setattr("ansible.plugins.action.ActionBase.run", lambda *_arguments: {})
    monkeypatch.setattr(sysctl_trial, "prints_text", lambda: True)


@pytest.fixture
def pauses(monkeypatch):
    found = []
    monkeypatch.setattr(sysctl_trial.time, "sleep", found.append)
    return found


def test_each_phase_is_shown_once_and_the_last_result_is_returned(pauses):
    results = [
        {**running("", 900), "changed": True},
        running("baseline 0 (1 of 2)", 800),
        running("baseline 0 (1 of 2)", 300),
        running("candidate 1 (1 of 1)", 20),
        {"changed": False, "status": "done", "verdict": "v"},
    ]
    action = Action(ARGS, results)
    result = action.run(None, {"inventory_hostname": "web1"})
    assert result == {"changed": True, "status": "done", "verdict": "v"}
    assert action.shown == [
        "  web1: k: baseline 0 (1 of 2), 13 min left",
        "  web1: k: candidate 1 (1 of 1), 20 s left",
    ]
    assert pauses == [15.0, 15.0, 10.0, 1.0]
    assert action.asked[0][0] == {**ARGS, "wait": False}
    assert [asked for asked, _async in action.asked[1:]] == [{**ARGS, "wait": False, "again": False}] * 4


def test_no_phase_is_printed_into_a_document(pauses, monkeypatch):
    monkeypatch.setattr(sysctl_trial, "prints_text", lambda: False)
    action = Action(ARGS, [running("baseline 0 (1 of 2)", 800), {"changed": False, "status": "done"}])
    assert action.run(None, {})["status"] == "done"
    assert action.shown == []


@pytest.mark.parametrize("result", [{"failed": True, "msg": "no"}, {"changed": False, "status": "aborted"}])
def test_trial_that_is_not_running_is_polled_once(pauses, result):
    action = Action(ARGS, [result])
    assert action.run(None, {}) == {"changed": False, **result}
    assert pauses == []


@pytest.mark.parametrize(
    ("args", "way"),
    [
        ({**ARGS, "wait": False}, {}),
        ({**ARGS, "wait": "no"}, {}),
        ({"name": "x", "state": "absent"}, {}),
        (ARGS, {"async_val": 60}),
        (ARGS, {"check_mode": True}),
    ],
)
def test_without_waiting_the_module_runs_once(pauses, args, way):
    action = Action(args, [running("", 900)], **way)
    assert action.run(None, {})["status"] == "running"
    assert action.asked == [(None, bool(way.get("async_val")))]
    assert pauses == []
