# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the module as Ansible does, on a fake host."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any, Callable

import pytest
import yaml
from ansible_collections.nettune.tcp.plugins.modules import nofile_limits
from ansible_collections.nettune.tcp.tests.unit.support import documented
from ansible_collections.nettune.tcp.tests.unit.support.nofile_host import FakeHost, web_host

Run = Callable[..., "dict[str, Any]"]
WANTED = {"name": "web", "soft": 65536, "users": ["root"], "services": ["nginx", "squid"]}


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    return web_host(tmp_path)


@pytest.fixture
def run(host: FakeHost, run_module: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    monkeypatch.setattr(nofile_limits, "HostFiles", lambda: host.files)
    monkeypatch.setattr(nofile_limits, "NofileProfiles", lambda _files: host.profiles())
    return partial(run_module, nofile_limits)


def test_options_are_those_of_the_documentation() -> None:
    assert documented.options(nofile_limits) == nofile_limits.ARGUMENTS


def test_result_has_the_documented_keys(run: Run) -> None:
    result = run(**WANTED)
    result.pop("invocation", None)
    assert result["changed"]
    assert set(result) - {"diff"} == set(yaml.safe_load(nofile_limits.RETURN))
    assert result["not_applicable"] == [{"what": "squid.service", "reason": "not installed"}]


def test_second_run_changes_nothing(run: Run) -> None:
    run(**WANTED)
    assert not run(**WANTED)["changed"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "../x", "soft": 1}, "name: '../x' is not allowed"),
        ({"name": "web"}, "soft"),
        ({"name": "web", "soft": 5, "hard": 4, "users": ["root"]}, "soft: 5 is above hard: 4"),
        ({"name": "web", "soft": 5}, "set users, services or logins"),
        ({"state": "confirmed"}, "name"),
        ({"name": "Web", "soft": 5, "users": ["root"]}, "lower-case letter"),
        ({"name": "web", "soft": 0, "users": ["root"]}, "soft: 0 is not allowed"),
        ({"name": "web", "soft": 99999999999, "users": ["root"]}, "never infinity"),
        ({"name": "web", "soft": 5, "users": ["a b"]}, "users: 'a b' is not allowed"),
        ({"name": "web", "soft": 5, "users": ["root # x"]}, "is not allowed"),
        ({"name": "web", "soft": 5, "users": ["root\nx - nofile 1"]}, "is not allowed"),
        ({"name": "web", "soft": 5, "users": ["@wheel"]}, "groups and ranges are not supported"),
        ({"name": "web", "soft": 5, "users": []}, "set users, services or logins"),
        ({"name": "web", "soft": 5, "services": ["../../../etc/passwd"]}, "is not a valid service name"),
        ({"name": "web", "soft": 5, "services": ["nginx*"]}, "patterns"),
        ({"name": "web", "soft": 5, "services": ["nginx.socket"]}, "is not a service"),
        ({"name": "web", "soft": 5, "users": ["root"], "live": False, "persistent": False}, "nothing to do"),
    ],
)
def test_invalid_options_fail(run: Run, options: dict[str, Any], message: str) -> None:
    result = run(**options)
    assert result["failed"]
    assert message in result["msg"]
