# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The default action, which is named after a module: what it changes in a result."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("ansible.plugins.action")

from ansible.plugins.action import normal
from ansible_collections.nettune.tcp.plugins.action.nofile_limits import ActionModule

WARNINGS = ["net.core.somaxconn is 4096 for now", "hazard syncookies: accepted", "the journal was damaged"]
RESULT = {"changed": False, "settings": [{"key": "net.core.somaxconn"}], "warnings": WARNINGS}


def run(monkeypatch: pytest.MonkeyPatch, register: Any, *, verbosity: int = 1, **result: Any) -> dict[str, Any]:
    """Return the result of a task with this `register`."""
    monkeypatch.setattr(normal.ActionModule, "run", lambda *_arguments: {**RESULT, **result})
    task = {"args": {}, "register": register, "loop": None, "until": [], "run_once": False, "async_val": 0}
    action = ActionModule.__new__(ActionModule)
    action._task = SimpleNamespace(_uuid="1-2-3", **task)
    action._display = SimpleNamespace(verbosity=verbosity)
    return action.run(None, {"ansible_play_batch": ["web1"], "inventory_hostname": "web1"})


@pytest.mark.parametrize("register", [None, "", "mine", "tuning__x", {"mine": "{{ result }}"}])
def test_result_of_a_user_is_returned_as_it_is(monkeypatch: pytest.MonkeyPatch, register: Any) -> None:
    assert run(monkeypatch, register) == RESULT


# Since ansible-core 2.21 `register` may be a dictionary.
@pytest.mark.parametrize("register", ["__tuning_sysctl", {"mine": "x", "__tuning_sysctl": "y"}])
def test_result_that_a_screen_shows_is_not_printed_twice(monkeypatch: pytest.MonkeyPatch, register: Any) -> None:
    found = run(monkeypatch, register)
    assert found == {**RESULT, "warnings": ["the journal was damaged"], "_ansible_verbose_override": True}


@pytest.mark.parametrize(("verbosity", "is_hidden"), [(0, True), (2, True), (3, False)])
def test_internal_result_is_printed_with_three_v(
    monkeypatch: pytest.MonkeyPatch, verbosity: int, is_hidden: bool
) -> None:
    found = run(monkeypatch, "__tuning_sysctl", verbosity=verbosity, warnings=[])
    assert (found["warnings"], "_ansible_verbose_override" in found) == ([], is_hidden)


def test_option_that_is_no_number_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(normal.ActionModule, "run", lambda *_arguments: pytest.fail("the module was sent"))
    action = ActionModule.__new__(ActionModule)
    task = {"loop": None, "until": [], "run_once": False, "async_val": 0, "_uuid": "1-2-3"}
    action._task = SimpleNamespace(args={"soft": "unlimited"}, register="", **task)
    action._display = SimpleNamespace(verbosity=0)
    found = action.run(None, {"ansible_play_batch": ["web1"], "inventory_hostname": "web1"})
    assert found["failed"]
    assert found["msg"].startswith("soft ")
