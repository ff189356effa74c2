# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import gc
import importlib
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("ansible.plugins.action")

from ansible import constants
from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.action import ActionBase
from ansible_collections.nettune.tcp.plugins import modules
from ansible_collections.nettune.tcp.plugins.action.nofile_limits import ActionModule as Default
from ansible_collections.nettune.tcp.plugins.action.sysctl_trial import ActionModule as Trial
from ansible_collections.nettune.tcp.plugins.plugin_utils.module_action import (
    KINDS,
    SentModule,
    no_garbage_collection,
    not_a_number,
)


class Connection:
    """A connection with options {name: (value, origin)}."""

    def __init__(self, options, become=None):
        self.options = dict(options)
        self.become = become

    def get_option_and_origin(self, name):
        return self.options[name]

    def set_option(self, name, value):
        self.options[name] = (value, "Direct")


class Action(SentModule):
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


@pytest.mark.parametrize(("ignored", "until", "raised"), [(True, [], False), (None, [], True), (True, ["x"], True)])
def test_an_ignored_unreachable_host_is_a_result(monkeypatch, ignored, until, raised):
    def fail(*_args, **_kwargs):
        raise AnsibleConnectionFailure("no route")

    monkeypatch.setattr(ActionBase, "_execute_module", fail)
    action = Action(Connection({}))
    action._task = SimpleNamespace(ignore_unreachable=ignored, until=until)
    with pytest.raises(AnsibleConnectionFailure) if raised else nullcontext():
        assert action.run() == {"unreachable": True, "changed": False, "msg": "no route"}


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


# Options that only other plugins of the collection set, and one that is text in other modules.
INTERNAL = {"keep", "least"}


def arguments():
    for path in Path(*modules.__path__).glob("*.py"):
        module = importlib.import_module(f"{modules.__name__}.{path.stem}")
        yield from getattr(module, "ARGUMENTS", {}).items()


def test_each_numeric_option_of_a_module_is_checked():
    found = {name: spec["type"] for name, spec in arguments() if spec["type"] in ("int", "float")}
    assert {name: kind for name, kind in found.items() if name not in INTERNAL} == KINDS
    assert {spec["type"] for name, spec in arguments() if name in KINDS} == {"int", "float"}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("infinity", "'infinity'"),
        ("unlimited", "'unlimited'"),
        ("yes", "'yes'"),
        (True, "true"),
        ([[1]], "[[1]]"),
        ([1], "[1]"),
        ({}, "{}"),
        (float("inf"), "Infinity"),
        ("1e400", "'1e400'"),
        ("9" * 2_000_000, "'" + "9" * 58 + "…"),
        (10**5000, "a number with hundreds of digits"),
        (1.5, "1.5"),
    ],
    ids=lambda value: str(value)[:9] if not isinstance(value, int) else "int",
)
def test_option_that_is_no_number_is_named(value, shown):
    assert not_a_number({"soft": value}) == f"soft is {shown}; it must be a whole number."
    if value != 1.5:
        assert not_a_number({"window": value}) == f"window is {shown}; it must be a number."


def test_numbers_as_templates_give_them_are_accepted():
    assert not_a_number({"soft": "65536", "hard": 65536.0, "logins": None, "window": "2.5", "name": "infinity"}) == ""


@pytest.mark.parametrize("kind", [Default, Trial])
def test_actions_check_before_they_connect(kind):
    action = kind.__new__(kind)
    action._task = SimpleNamespace(args={"soft": "infinity", "settle": "infinity"}, register=None)
    found = action.run(None, {})
    # An exception would not be counted as a failure in a loop with failed_when.
    assert found["failed"]
    assert "is 'infinity'; it must be a" in found["msg"]
