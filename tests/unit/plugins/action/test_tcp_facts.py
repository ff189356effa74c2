# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from types import SimpleNamespace

import pytest

pytest.importorskip("ansible.plugins.action")

from ansible_collections.nettune.tcp.plugins.action import tcp_facts
from ansible_collections.nettune.tcp.plugins.action.tcp_facts import ActionModule
from ansible_collections.nettune.tcp.plugins.plugin_utils.recorded_host import NotRead

WHOLE = "nettune.tcp.tcp_facts"
READING = "nettune.tcp.tcp_reading"
FACTS = {"states": {}, "partial": [{"what": "x", "why": "{{ 1 }}"}]}


class Action(ActionModule):
    """Notes which modules would be run, and answers for them."""

    def __init__(self, args, *, async_val=0, answers=()):
        self._task = SimpleNamespace(args=args, async_val=async_val, check_mode=False, action=WHOLE)
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
def test_a_reading_is_enough(args, monkeypatch):
    monkeypatch.setattr(tcp_facts, "facts", lambda *_arguments, **_options: FACTS)
    reading = {"changed": False, "reading": {}, "ansible_facts": {"discovered": 1}, "warnings": ["w"]}
    action = Action(args, answers={READING: reading})
    result = action.run(None, {})
    assert [name for name, _args, _async in action.ran] == [READING]
    assert result["ansible_facts"] == {"discovered": 1, "nettune_tcp": FACTS}
    assert result["warnings"] == ["w"]
    assert "reading" not in result
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
        pytest.param({"gather_subset": ["mini"]}, id="no such subset"),
        pytest.param({"subset": ["min"]}, id="no such option"),
        pytest.param({"top": 0}, id="out of bounds"),
        pytest.param({"top": object()}, id="no value at all"),
    ],
)
def test_the_rest_is_left_to_the_whole_module(args):
    action = Action(args)
    assert action.run(None, {}) == {"changed": False, "from": WHOLE}
    assert action.ran == [(WHOLE, args, False)]


def test_what_is_waited_for_later_is_run_whole():
    action = Action({}, async_val=60)
    action.run(None, {})
    assert action.ran == [(WHOLE, {}, True)]


def test_what_was_not_read_is_asked_for_again(monkeypatch):
    def facts(*_arguments, **_options):
        raise NotRead("sockets")

    monkeypatch.setattr(tcp_facts, "facts", facts)
    action = Action({}, answers={READING: {"changed": False, "reading": {}}})
    assert action.run(None, {})["from"] == WHOLE
    assert [name for name, _args, _async in action.ran] == [READING, WHOLE]


@pytest.mark.parametrize("answer", [{"failed": True, "msg": "no python"}, {"unreachable": True, "msg": "gone"}])
def test_a_host_that_cannot_be_read_is_not_asked_twice(answer):
    action = Action({}, answers={READING: answer})
    assert action.run(None, {}) == answer
    assert len(action.ran) == 1
