# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from types import SimpleNamespace

import pytest

pytest.importorskip("ansible.plugins.action")

from ansible_collections.nettune.tcp.plugins.action.sysctl_profile import ActionModule

ALONE, WHOLE = "nettune.tcp.sysctl_alone", None
ASKED = {"name": "web", "settings": {"net.ipv4.tcp_fin_timeout": 30}}


class Action(ActionModule):
    """Notes which modules would be run, and answers for them; None is the module of the task."""

    def __init__(self, args, *, async_val=0, answers=()):
        shell = SimpleNamespace(tmpdir="/tmp/x")
        self._task = SimpleNamespace(args=args, async_val=async_val, check_mode=False, action="x", diff=False)
        self._connection = SimpleNamespace(has_native_async=False, _shell=shell)
        self.answers = dict(answers)
        self.ran = []
        self.removed = []

    def _execute_module(self, module_name=None, module_args=None, task_vars=None, wrap_async=False):
        self.ran.append((module_name, module_args, bool(wrap_async)))
        return dict(self.answers.get(module_name, {"changed": True, "from": module_name}))

    def _remove_tmp_path(self, tmp_path, force=False):
        self.removed.append(tmp_path)


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    monkeypatch.setattr("ansible.plugins.action.ActionBase.run", lambda *_arguments: {})


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"persistent": False, "accept_hazards": ["memory"], "connections": 1, "modules": [], "take_over": True},
        {"state": "present"},
        {"confirm_within": None, "pid": None, "state": None},
    ],
)
def test_the_small_module_does_what_lasts(more):
    action = Action({**ASKED, **more})
    assert action.run(None, {}) == {"changed": True, "from": ALONE}
    kept = {key: value for key, value in more.items() if value is not None and key != "state"}
    assert action.ran == [(ALONE, {**ASKED, **kept}, False)]
    assert action.removed == ["/tmp/x"]


@pytest.mark.parametrize(
    "args",
    [
        {**ASKED, "confirm_within": 60},
        {**ASKED, "pid": 812},
        {**ASKED, "state": "absent"},
        {"name": "web", "state": "confirmed"},
        {"state": "absent"},
        pytest.param({"name": "web"}, id="settings missing"),
        pytest.param({**ASKED, "settings": None}, id="settings null"),
        pytest.param({**ASKED, "persist": True}, id="no such option"),
        pytest.param({**ASKED, "state": "there"}, id="no such state"),
        {},
    ],
)
def test_the_rest_is_left_to_the_whole_module(args):
    action = Action(args)
    assert action.run(None, {}) == {"changed": True, "from": WHOLE}
    assert action.ran == [(WHOLE, None, False)]


def test_a_job_in_the_background_is_the_whole_module():
    action = Action(ASKED, async_val=60)
    assert action.run(None, {}) == {"changed": True, "from": WHOLE}
    assert action.ran == [(WHOLE, None, True)]


def test_where_it_is_not_alone_the_whole_module_is_run_over():
    action = Action(ASKED, answers={ALONE: {"changed": False, "not_alone": "confirm.json"}})
    assert action.run(None, {}) == {"changed": True, "from": WHOLE}
    assert [name for name, _args, _async in action.ran] == [ALONE, WHOLE]


def test_a_refusal_is_the_result():
    refused = {"failed": True, "msg": "no", "settings": []}
    action = Action(ASKED, answers={ALONE: refused})
    assert action.run(None, {}) == refused
    assert [name for name, _args, _async in action.ran] == [ALONE]
