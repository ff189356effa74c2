# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import calendar
import time
from types import SimpleNamespace

import pytest

pytest.importorskip("ansible.plugins.action")

from ansible_collections.nettune.tcp.plugins.action import tcp_facts
from ansible_collections.nettune.tcp.plugins.action.tcp_facts import ActionModule
from ansible_collections.nettune.tcp.plugins.plugin_utils.recorded_host import NotRecorded

MODULE = "nettune.tcp.tcp_facts"
FAST = "nettune.tcp.tcp_facts_fast"
FACTS = {"states": {}, "partial": [{"what": "x", "reason": "{{ 1 }}"}]}


class Action(ActionModule):
    """Record the modules that would run, and return `answers` as their results."""

    def __init__(self, args, *, async_val=0, answers=()):
        self._task = SimpleNamespace(args=args, async_val=async_val, check_mode=False, action=MODULE)
        self._connection = SimpleNamespace(has_native_async=False)
        self.answers = dict(answers)
        self.ran = []

    def _execute_module(self, module_name=None, module_args=None, task_vars=None, wrap_async=False):
        self.ran.append((module_name, module_args, bool(wrap_async)))
        return dict(self.answers.get(module_name, {"changed": False, "from": module_name}))


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    monkeypatch.setattr("ansible.plugins.action.ActionBase.run", lambda *_arguments: {})


@pytest.mark.parametrize(
    "args",
    [
        {},
        {"gather_subset": "min,families"},
        {"gather_subset": ["!conntrack"], "top": "5"},
        {"gather_subset": ["min"], "sample": 0, "source": "auto", "pid": None},
    ],
)
def test_the_fast_module_is_sufficient(args, monkeypatch):
    monkeypatch.setattr(tcp_facts, "facts_of", lambda *_arguments, **_options: FACTS)
    recording = {"changed": False, "recording": {}, "ansible_facts": {"discovered": 1}, "warnings": ["w"]}
    action = Action(args, answers={FAST: recording})
    result = action.run(None, {})
    assert [name for name, _args, _async in action.ran] == [FAST]
    at = result["ansible_facts"]["nettune_tcp"].pop("at")
    assert abs(calendar.timegm(time.strptime(at, "%Y-%m-%dT%H:%M:%SZ")) - time.time()) < 60
    assert result["ansible_facts"] == {"discovered": 1, "nettune_tcp": FACTS}
    assert result["warnings"] == ["w"]
    assert "recording" not in result
    assert set(result["invocation"]["module_args"]) == {"gather_subset", "top", "sample", "source", "pid"}


@pytest.mark.parametrize(
    "args",
    [
        {"gather_subset": ["min", "peers"]},
        {"gather_subset": ["all"]},
        {"gather_subset": ["!all"]},
        {"source": "exact"},
        {"sample": 2},
        {"pid": 7},
        pytest.param({"gather_subset": ["mini"]}, id="unknown subset"),
        pytest.param({"subset": ["min"]}, id="unknown option"),
        pytest.param({"top": 0}, id="out of bounds"),
        pytest.param({"top": object()}, id="not a value"),
    ],
)
def test_other_options_need_the_full_module(args):
    action = Action(args)
    assert action.run(None, {}) == {"changed": False, "from": MODULE}
    assert action.ran == [(MODULE, args, False)]


def test_async_runs_the_whole_module():
    action = Action({}, async_val=60)
    action.run(None, {})
    assert action.ran == [(MODULE, {}, True)]


def test_an_insufficient_recording_runs_the_whole_module(monkeypatch):
    def facts_of(*_arguments, **_options):
        raise NotRecorded("sockets")

    monkeypatch.setattr(tcp_facts, "facts_of", facts_of)
    action = Action({}, answers={FAST: {"changed": False, "recording": {}}})
    assert action.run(None, {})["from"] == MODULE
    assert [name for name, _args, _async in action.ran] == [FAST, MODULE]


@pytest.mark.parametrize("answer", [{"failed": True, "msg": "no python"}, {"unreachable": True, "msg": "gone"}])
def test_failed_host_is_not_retried(answer):
    action = Action({}, answers={FAST: answer})
    assert action.run(None, {}) == answer
    assert len(action.ran) == 1
