# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

pytest.importorskip("ansible.plugins.action")

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.action import ActionBase
from ansible_collections.nettune.tcp.plugins.plugin_utils.read_only import ASKED, ReadOnlyAction

NO_SUDO = {
    "failed": True,
    "msg": "MODULE FAILURE",
    "module_stdout": "/bin/sh: 1: sudo: not found\r\n",
    "module_stderr": "",
}
CRASH = {"failed": True, "msg": "MODULE FAILURE", "module_stdout": "", "module_stderr": "Traceback ...\nValueError: x"}
INVALID = {"failed": True, "msg": "top is 0"}
FINE = {"changed": False}


class Connection:
    def __init__(self, become):
        self.become = become


class Action(ReadOnlyAction):
    def __init__(self, *, become="sudo", uid="1000"):
        self._connection = Connection(become)
        self._uid = uid

    def run(self, tmp=None, task_vars=None):
        return self._execute_module("some.module", task_vars=task_vars)

    def _low_level_execute_command(self, cmd, sudoable=True, **_options):
        assert (cmd, sudoable) == ("id -u", False)
        return {"stdout": f"{self._uid}\n"}


@pytest.fixture(name="outcomes")
def _outcomes(monkeypatch):
    """Return a list of what the module does, first with become and then without; exceptions are raised."""
    todo = []

    def execute(_self, *_args, **_kwargs):
        outcome = todo.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return dict(outcome)

    monkeypatch.setattr(ActionBase, "_execute_module", execute)
    return todo


def run(action):
    result = action.run(task_vars={ASKED: True})
    assert result.pop("_ansible_verbose_override") is True
    return result


@pytest.mark.parametrize("outcome", [FINE, CRASH, INVALID])
def test_a_module_that_starts_runs_once(outcomes, outcome):
    outcomes += [outcome]
    assert run(Action()) == outcome


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [(NO_SUDO, "/bin/sh: 1: sudo: not found"), (AnsibleError("Missing sudo password"), "Missing sudo password")],
)
def test_without_root_it_runs_as_the_user_of_the_connection(outcomes, outcome, reason):
    outcomes += [outcome, FINE]
    action = Action()
    assert run(action) == {**FINE, "not_root": reason}
    assert action._connection.become is None


def test_root_needs_no_sudo(outcomes):
    outcomes += [NO_SUDO, FINE]
    assert run(Action(uid="0")) == FINE


def test_a_host_on_which_nothing_starts_fails_with_the_first_reason(outcomes):
    outcomes += [NO_SUDO, {**NO_SUDO, "module_stdout": "python3: not found"}]
    assert run(Action()) == NO_SUDO


def test_unreachable_hosts_stay_unreachable(outcomes):
    outcomes += [AnsibleConnectionFailure("no route")]
    with pytest.raises(AnsibleConnectionFailure):
        run(Action())


def test_without_become_nothing_is_repeated(outcomes):
    outcomes += [NO_SUDO]
    assert run(Action(become=None)) == NO_SUDO


def test_in_a_users_play_become_fails(outcomes):
    outcomes += [NO_SUDO]
    assert Action().run(task_vars={}) == NO_SUDO
