# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run modules as Ansible does: options in, JSON out."""

from __future__ import annotations

import importlib
import json
import os
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common import warnings
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeHost:
    """Return a fake host; its files are not synced to disk."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    return FakeHost(tmp_path)


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the lines that modules write to the system log."""
    lines: list[str] = []
    monkeypatch.setattr(basic.AnsibleModule, "log", lambda _self, msg, **_more: lines.append(msg))
    return lines


@pytest.fixture
def run_module(
    logged: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., dict[str, Any]]:
    """Return a function run_module(module, check=False, **options) that returns the result of one run."""

    _as_on_a_host(monkeypatch)

    def run_once(module: Any, *, check: bool = False, **options: Any) -> dict[str, Any]:
        arguments = {"ANSIBLE_MODULE_ARGS": {**options, "_ansible_check_mode": check, "_ansible_diff": True}}
        # Those of an earlier module in this process are not ours.
        for name in ("_global_warnings", "_global_deprecations"):
            monkeypatch.setattr(warnings, name, type(getattr(warnings, name))())
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps(arguments).encode())
        monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
        with pytest.raises(SystemExit) as ended:
            module.main()
        result = json.loads(capsys.readouterr().out)
        assert ended.value.code == (1 if result.get("failed") else 0)
        return result

    return run_once


def _as_on_a_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo what tests of the controller do to a module in the same process: ansible-core asks whether it is imported.

    On a controller, warnings are displayed and not returned, and options with a lone surrogate are refused.
    """
    try:
        internal = importlib.import_module("ansible.module_utils._internal")
        profiles = importlib.import_module("ansible.module_utils._internal._json._profiles")
    except ImportError:  # ansible-core before 2.19
        return
    monkeypatch.setattr(internal, "is_controller", False)
    monkeypatch.setattr(profiles, "_string_encoding_check_enabled", lambda: False)
