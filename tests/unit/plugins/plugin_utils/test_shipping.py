# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import gc

import pytest

pytest.importorskip("ansible.plugins.action")

from ansible import constants
from ansible.plugins.action import ActionBase
from ansible_collections.nettune.tcp.plugins.plugin_utils.shipping import ShippingAction, garbage_left


class Connection:
    """What an action knows of its connection; options: {name: (value, origin)}."""

    def __init__(self, options, become=None):
        self.options = dict(options)
        self.become = become

    def get_option_and_origin(self, name):
        return self.options[name]

    def set_option(self, name, value):
        self.options[name] = (value, "Direct")


class Action(ShippingAction):
    def __init__(self, connection, *, user="deploy"):
        self._connection = connection
        self._user = user

    def _get_remote_user(self):
        return self._user

    def get_become_option(self, option, _playcontext=None):
        return self._connection.become[option]

    def run(self, tmp=None, task_vars=None):
        return self._execute_module("some.module")


@pytest.fixture(autouse=True)
def packed(monkeypatch):
    """Whether garbage was looked for while modules were packed, one entry a module."""
    seen = []

    def execute(_self, *_args, **_kwargs):
        seen.append(gc.isenabled())
        return {}

    monkeypatch.setattr(ActionBase, "_execute_module", execute)
    yield seen
    gc.unfreeze()


ROOT, ANOTHER = {"become_user": "root"}, {"become_user": "web"}


@pytest.mark.parametrize(
    ("found", "become", "user", "then"),
    [
        pytest.param((False, "default"), None, "root", True, id="nobody has said otherwise"),
        pytest.param((False, "default"), ROOT, "root", True, id="already the user to become"),
        pytest.param((False, "default"), ROOT, "deploy", False, id="sudo may want a terminal"),
        pytest.param((False, "default"), ROOT, None, False, id="who is connected is not known"),
        pytest.param((False, "default"), ANOTHER, "root", False, id="somebody lesser"),
        pytest.param((False, "env: ANSIBLE_PIPELINING"), None, "root", False, id="said in the environment"),
        pytest.param((False, "/etc/ansible/ansible.cfg"), None, "root", False, id="said in the configuration"),
        pytest.param((False, "var: ansible_pipelining"), None, "root", False, id="said of the host"),
        pytest.param((True, "var: ansible_pipelining"), ROOT, "deploy", True, id="asked for"),
    ],
)
def test_pipelining_where_it_is_left_open(found, become, user, then):
    connection = Connection({"pipelining": found}, become)
    Action(connection, user=user).run()
    assert connection.options["pipelining"][0] is then


def test_becoming_the_same_user_may_be_asked_for(monkeypatch):
    monkeypatch.setattr(constants, "BECOME_ALLOW_SAME_USER", True)
    connection = Connection({"pipelining": (False, "default")}, ROOT)
    Action(connection, user="root").run()
    assert connection.options["pipelining"] == (False, "default")


def test_a_connection_may_not_know_of_pipelining():
    connection = Connection({})
    Action(connection).run()
    assert connection.options == {}


def test_garbage_is_left_while_the_first_module_is_packed(packed):
    action = Action(Connection({}))
    action.run()
    action.run()
    assert packed == [False, True]
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


def test_garbage_is_looked_for_again_after_a_failure():
    with pytest.raises(RuntimeError), garbage_left():
        raise RuntimeError
    assert gc.isenabled()


def test_who_wants_no_collector_gets_none():
    gc.disable()
    try:
        with garbage_left():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
