# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run profile_checkpoint as Ansible does, around pending and confirmed changes of a fake host."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.nettune.tcp.plugins.modules import nofile_limits, profile_checkpoint, sysctl_profile
from ansible_collections.nettune.tcp.tests.unit.support import nofile_host
from ansible_collections.nettune.tcp.tests.unit.support.confirm_runs import Site

FIN, RETRIES = "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_orphan_retries"
EARLIER: dict[str, Any] = {FIN: 45}
LATER: dict[str, Any] = {FIN: 30, RETRIES: 2}
LIMITS: dict[str, Any] = {"name": "web", "services": ["nginx"]}
Run = Callable[..., "dict[str, Any]"]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    host = nofile_host.web_host(tmp_path)
    host.write("/proc/sys/net/ipv4/tcp_fin_timeout", "60\n")
    host.write("/proc/sys/net/ipv4/tcp_orphan_retries", "0\n")
    site = Site(host, host.files)
    for module in (nofile_limits, profile_checkpoint):
        monkeypatch.setattr(module, "NofileProfiles", lambda _files: host.profiles())
    for module in (sysctl_profile, nofile_limits, profile_checkpoint):
        monkeypatch.setattr(module, "HostFiles", lambda: host.files)
        monkeypatch.setattr(module, "PendingChange", lambda _files: site.confirm())
    return site


def fin_timeout(site: Site) -> str:
    return (site.files.read_text("/proc/sys/net/ipv4/tcp_fin_timeout") or "").strip()


def state_of(site: Site) -> dict[str, Any]:
    values = {
        name: site.files.read_text(f"/proc/sys/net/ipv4/{name}") for name in ("tcp_fin_timeout", "tcp_orphan_retries")
    }
    return {**site.host.tree(), **values}


def tune(run_module: Run, confirm: str = "") -> None:
    """Apply a larger profile, pending; `confirm` names the modules that then confirm it."""
    run_module(sysctl_profile, name="web", settings=LATER, confirm_within=60)
    run_module(nofile_limits, **LIMITS, soft=65536, confirm_within=60)
    for module in (sysctl_profile, nofile_limits):
        if module.__name__.rpartition(".")[2] in confirm:
            assert run_module(module, name="web", state="confirmed")["changed"]


@pytest.mark.parametrize("confirm", ["", "sysctl_profile", "sysctl_profile nofile_limits"])
@pytest.mark.parametrize("had_profile", [False, True])
def test_restored_host_is_as_before(site: Site, run_module: Run, confirm: str, had_profile: bool) -> None:
    if had_profile:
        run_module(sysctl_profile, name="web", settings=EARLIER)
        run_module(nofile_limits, **LIMITS, soft=32768)
    before = state_of(site)
    saved = run_module(profile_checkpoint, name="web", state="saved")
    assert not saved["changed"]
    assert state_of(site) == before
    tune(run_module, confirm)
    assert fin_timeout(site) == "30"
    restored = run_module(profile_checkpoint, name="web", state="restored", checkpoint=saved["checkpoint"])
    assert (restored["changed"], restored["left_alone"]) == (True, [])
    assert restored["rolled_back"] == (confirm.count(" ") == 0)
    assert state_of(site) == before
    assert not site.process.waiting
    again = run_module(profile_checkpoint, name="web", state="restored", checkpoint=saved["checkpoint"])
    assert (again["changed"], again["rolled_back"]) == (False, False)


def test_overdue_change_is_rolled_back_too(site: Site, run_module: Run) -> None:
    saved = run_module(profile_checkpoint, name="web", state="saved")
    tune(run_module)
    site.process.waiting.clear()
    site.clock += 60
    restored = run_module(profile_checkpoint, name="web", state="restored", checkpoint=saved["checkpoint"])
    assert not restored["rolled_back"]
    assert fin_timeout(site) == "60"


def test_values_of_others_are_left_alone(site: Site, run_module: Run) -> None:
    saved = run_module(profile_checkpoint, name="web", state="saved")
    tune(run_module, "sysctl_profile nofile_limits")
    site.host.write("/proc/sys/net/ipv4/tcp_fin_timeout", "20\n")
    restored = run_module(profile_checkpoint, name="web", state="restored", checkpoint=saved["checkpoint"])
    assert [row["what"] for row in restored["left_alone"]] == [FIN]
    assert fin_timeout(site) == "20"


def test_another_profile_is_not_touched(site: Site, run_module: Run) -> None:
    saved = run_module(profile_checkpoint, name="web", state="saved")
    run_module(sysctl_profile, name="mail", settings=LATER, confirm_within=60)
    restored = run_module(profile_checkpoint, name="web", state="restored", checkpoint=saved["checkpoint"])
    assert (restored["changed"], restored["rolled_back"]) == (False, False)
    assert site.pending()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"checkpoint": {}}, "checkpoint: it must be the result `checkpoint` of state: saved"),
        ({"checkpoint": {"sysctl": [], "nofile": {}}}, "checkpoint: its documents must be dictionaries"),
        ({"checkpoint": {"sysctl": {"version": 2}, "nofile": {}}}, "journal"),
        ({}, "state is restored but all of the following are missing: checkpoint"),
        ({"name": "Web!", "checkpoint": {}}, "'Web!' is not allowed"),
    ],
)
def test_invalid_options_fail(site: Site, run_module: Run, options: dict[str, Any], message: str) -> None:
    result = run_module(profile_checkpoint, **{"name": "web", "state": "restored", **options})
    assert result["failed"]
    assert message in result["msg"]


def test_check_mode_changes_nothing(site: Site, run_module: Run) -> None:
    saved = run_module(profile_checkpoint, name="web", state="saved", check=True)
    tune(run_module)
    result = run_module(profile_checkpoint, name="web", state="restored", checkpoint=saved["checkpoint"], check=True)
    assert result["changed"]
    assert site.pending()
