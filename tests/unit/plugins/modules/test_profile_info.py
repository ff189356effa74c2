# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the module as Ansible does, on a fake host."""

from __future__ import annotations

from functools import partial
from typing import Any, Callable

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._verify.host import drop_ins
from ansible_collections.nettune.tcp.plugins.modules import profile_info
from ansible_collections.nettune.tcp.tests.unit.support import documented
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import (
    ALIVE,
    FIN,
    JOURNAL,
    SOMAXCONN,
    present,
)

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
    assert result["partial"] == []


def test_a_profile_that_the_host_does_not_have_is_told_with_those_that_it_has(host: FakeHost, run: Run) -> None:
    present(host, "web", {FIN: 30})
    result = run(name="wbe")
    assert [row["profile"] for row in result["drift"]] == ["wbe"]
    assert result["msg"].startswith("profile wbe is not applied (never applied on this host")
    assert "; profiles of this host: web; did you mean web?" in result["msg"]


def test_names_in_one_text_may_be_separated_by_comma_and_space(host: FakeHost, run: Run) -> None:
    present(host, "web", {FIN: 30})
    assert [row["profile"] for row in run(expect="web, mail")["drift"]] == ["mail"]


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


@pytest.fixture
def not_root(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse to read the journal, as the kernel does without root."""
    read = host.read_text

    def refuse(path: str) -> str | None:
        if path.startswith("/var/lib/nettune"):
            raise PermissionError(13, "Permission denied", path)
        return read(path)

    present(host, "web", {FIN: 30, ALIVE: 600})
    present(host, "mail", {SOMAXCONN: 4096})
    monkeypatch.setattr(host, "read_text", refuse)


@pytest.mark.usefixtures("not_root")
def test_without_root_the_drop_ins_are_compared(host: FakeHost, run: Run) -> None:
    host.set(FIN, "20")
    host.put("/etc/sysctl.d/zz.conf", f"{SOMAXCONN} = 128\n")
    result = run()
    assert [(row["name"], row["parameters"], row["drifted"]) for row in result["profiles"]] == [
        ("mail", [SOMAXCONN], True),
        ("web", [FIN, ALIVE], True),
    ]
    found = {row["what"]: (row["expected"], row["running"], row["boot"], row["when"]) for row in result["drift"]}
    assert found == {FIN: ("30", "20", "30", "now"), SOMAXCONN: ("4096", "4096", "128", "next boot")}
    assert result["drift"][0]["reason"] == "not set at the next boot: /etc/sysctl.d/zz.conf:1 wins"
    assert [row["what"] for row in result["partial"]] == ["journal"]


@pytest.mark.usefixtures("not_root")
def test_without_root_only_the_chosen_profile_is_compared_and_expected_ones_are_named(run: Run) -> None:
    result = run(name="web", expect=["squid"])
    assert [row["name"] for row in result["profiles"]] == ["web"]
    assert [(row["profile"], row["reason"]) for row in result["drift"]] == [("squid", drop_ins.NOT_FOUND)]


def test_without_permission_to_read_settings_the_message_suggests_become(
    host: FakeHost, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: str) -> str:
        raise PermissionError(13, "Permission denied", JOURNAL)

    monkeypatch.setattr(host, "read_text", refuse)
    assert "must run as root" in run()["msg"]
