# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import importlib
from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("ansible.plugins.action")

from ansible.errors import AnsibleActionFail
from ansible_collections.nettune.tcp.plugins import modules
from ansible_collections.nettune.tcp.plugins.action.nofile_limits import ActionModule as Default
from ansible_collections.nettune.tcp.plugins.action.sysctl_trial import ActionModule as Trial
from ansible_collections.nettune.tcp.plugins.plugin_utils.number_options import KINDS, not_a_number

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
    with pytest.raises(AnsibleActionFail, match="is 'infinity'; it must be a"):
        action.run(None, {})
