# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the small module shares with sysctl_profile is tested with that; here is where it stands back."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.nettune.tcp.plugins.modules import sysctl_alone, sysctl_profile
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost

FIN = "net.ipv4.tcp_fin_timeout"
JOURNAL = "/var/lib/nettune/tcp"
Run = Callable[..., "dict[str, Any]"]


@pytest.fixture
def run(host: FakeHost, run_module: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(sysctl_alone, "HostFiles", lambda: host)
    return partial(run_module, sysctl_alone)


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    "found", ["confirm.json", "take_back.py", "trials/in-force.json", "sysctl-net-4026532000.json", "what.is.this"]
)
def test_whatever_else_the_journal_tells_of_is_left_to_the_whole_module(
    host: FakeHost, run: Run, found: str, check: bool
) -> None:
    host.put(f"{JOURNAL}/{found}", "{}")
    before = host.tree()
    result = run(name="web", settings={FIN: 30}, check=check)
    assert (result["not_alone"], result["changed"]) == (found, False)
    assert host.tree() == before
    assert "table" not in result


def test_what_is_at_rest_is_in_nobodys_way(host: FakeHost, run: Run) -> None:
    run(name="mail", settings={FIN: 40})
    host.put(f"{JOURNAL}/nofile.json", "{}")
    host.put(f"{JOURNAL}/edited/99-zz-nettune-web.conf.0123abcd", "")
    host.put(f"{JOURNAL}/trials/fin.json", "{}")
    result = run(name="web", settings={"net.ipv4.tcp_syncookies": 2})
    assert result["changed"]
    assert "not_alone" not in result


def test_what_comes_before_the_lock_is_had_is_met_too(
    host: FakeHost, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks: list[int] = []
    check_alone = sysctl_alone.LoneProfiles.check_alone

    def late(profiles: Any) -> None:
        check_alone(profiles)
        host.put(f"{JOURNAL}/confirm.json", "{}")
        checks.append(1)

    monkeypatch.setattr(sysctl_alone.LoneProfiles, "check_alone", late)
    assert run(name="web", settings={FIN: 30})["not_alone"] == "confirm.json"
    assert len(checks) == 1
    assert Path(host.locate("/proc/sys/net/ipv4/tcp_fin_timeout")).read_text().strip() == "60"


def test_its_options_are_those_of_the_whole_module() -> None:
    whole = sysctl_profile.ARGUMENTS
    assert set(whole) - set(sysctl_alone.ARGUMENTS) == {"state", "confirm_within", "pid"}
    for name, spec in sysctl_alone.ARGUMENTS.items():
        assert {**whole[name], "required": spec.get("required", False)} == {"required": False, **spec}
