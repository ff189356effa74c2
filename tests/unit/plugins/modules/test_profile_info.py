# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the module as Ansible does, on a fake host."""

from __future__ import annotations

from functools import partial
from typing import Any, Callable

import pytest
from ansible_collections.nettune.tcp.plugins.modules import profile_info
from ansible_collections.nettune.tcp.tests.unit.support import documented
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import FIN, JOURNAL, present

Run = Callable[..., "dict[str, Any]"]


@pytest.fixture
def run(host: FakeHost, run_module: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(profile_info, "HostFiles", lambda: host)
    return partial(run_module, profile_info)


def test_options_are_those_of_the_documentation() -> None:
    assert documented.options(profile_info) == profile_info.ARGUMENTS


def test_result_has_the_documented_shape_and_nothing_is_written(host: FakeHost, run: Run) -> None:
    present(host, "web", {FIN: 30})
    host.put("/etc/sysctl.d/zz.conf", f"{FIN} = 20\n")
    before, steps = host.tree(), len(host.steps)
    result = run(expect=["mail"])
    assert result["profiles"] == [
        {"name": "web", "parameters": [FIN], "nofile": None, "persistent": True, "drifted": True}
    ]
    assert [row["profile"] for row in result["drift"]] == ["web", "mail"]
    assert result["drift"][0] == {
        "profile": "web",
        "what": FIN,
        "expected": "30",
        "running": "30",
        "boot": "20",
        "reason": result["drift"][0]["reason"],
        "when": "next boot",
    }
    assert "/etc/sysctl.d/zz.conf:1" in result["drift"][0]["reason"]
    assert result["table"][0].split()[:2] == ["PROFILE", "WHAT"]
    assert not result.get("changed")
    assert (host.tree(), len(host.steps)) == (before, steps)


def test_host_without_profiles(run: Run) -> None:
    result = run()
    assert (result["profiles"], result["drift"], result["table"]) == ([], [], [])


@pytest.mark.parametrize("options", [{"name": "../web"}, {"expect": ["Web"]}, {"name": ""}])
def test_invalid_profile_name_fails(run: Run, options: dict[str, Any]) -> None:
    result = run(**options)
    assert result["failed"]
    assert "is not allowed" in result["msg"]


def test_damaged_journal_fails(host: FakeHost, run: Run) -> None:
    host.put(JOURNAL, "{")
    result = run()
    assert result["failed"]
    assert "is damaged" in result["msg"]


def test_without_root_the_message_suggests_become(host: FakeHost, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: str) -> str:
        raise PermissionError(13, "Permission denied", JOURNAL)

    monkeypatch.setattr(host, "read_text", refuse)
    assert "must run as root" in run()["msg"]
