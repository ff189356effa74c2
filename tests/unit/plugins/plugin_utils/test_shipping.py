# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import gc

import pytest

pytest.importorskip("ansible.plugins.action")

from ansible import constants
from ansible.plugins.action import ActionBase
from ansible_collections.nettune.tcp.plugins.plugin_utils.shipping import ShippingAction, no_garbage_collection


class Connection:
    """A connection with options {name: (value, origin)}."""

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
    """Return a list that gets, for each packed module, whether garbage collection was on."""
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
        pytest.param((False, "default"), None, "root", True, id="default"),
        pytest.param((False, "default"), ROOT, "root", True, id="already the user to become"),
        pytest.param((False, "default"), ROOT, "deploy", False, id="sudo may need a terminal"),
        pytest.param((False, "default"), ROOT, None, False, id="the connected user is unknown"),
        pytest.param((False, "default"), ANOTHER, "root", False, id="becoming another user"),
        pytest.param((False, "env: ANSIBLE_PIPELINING"), None, "root", False, id="set in the environment"),
        pytest.param((False, "/etc/ansible/ansible.cfg"), None, "root", False, id="set in ansible.cfg"),
        pytest.param((False, "var: ansible_pipelining"), None, "root", False, id="set for the host"),
        pytest.param((True, "var: ansible_pipelining"), ROOT, "deploy", True, id="switched on"),
    ],
)
def test_pipelining_is_used_unless_configured_otherwise(found, become, user, then):
    connection = Connection({"pipelining": found}, become)
    Action(connection, user=user).run()
    assert connection.options["pipelining"][0] is then


def test_pipelining_is_not_used_if_become_allows_the_same_user(monkeypatch):
    monkeypatch.setattr(constants, "BECOME_ALLOW_SAME_USER", True)
    connection = Connection({"pipelining": (False, "default")}, ROOT)
    Action(connection, user="root").run()
    assert connection.options["pipelining"] == (False, "default")


def test_a_connection_without_pipelining():
    connection = Connection({})
    Action(connection).run()
    assert connection.options == {}


def test_no_garbage_is_collected_while_the_first_module_is_packed(packed):
    action = Action(Connection({}))
    action.run()
    action.run()
    assert packed == [False, True]
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


def test_garbage_collection_is_restored_after_a_failure():
    with pytest.raises(RuntimeError), no_garbage_collection():
        raise RuntimeError
    assert gc.isenabled()


def test_disabled_garbage_collection_stays_disabled():
    gc.disable()
    try:
        with no_garbage_collection():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
