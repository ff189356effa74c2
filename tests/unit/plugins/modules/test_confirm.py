# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run sysctl_profile and nofile_limits with a confirmation window, as Ansible does, on a fake host."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.nettune.tcp.plugins.modules import nofile_limits, sysctl_profile
from ansible_collections.nettune.tcp.tests.unit.support import nofile_host
from ansible_collections.nettune.tcp.tests.unit.support.confirm_runs import Site

FIN, KEY = "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_fastopen_key"
SYSCTL: dict[str, Any] = {"name": "web", "settings": {FIN: 30}}
NOFILE: dict[str, Any] = {"name": "web", "soft": 65536, "services": ["nginx"]}
Run = Callable[..., "dict[str, Any]"]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    host = nofile_host.web_host(tmp_path)
    host.write("/proc/sys/net/ipv4/tcp_fin_timeout", "60\n")
    host.write("/proc/sys/net/ipv4/tcp_fastopen_key", "0-0-0-0\n")
    site = Site(host, host.files)
    monkeypatch.setattr(nofile_limits, "NofileProfiles", lambda _files: host.profiles())
    for module in (sysctl_profile, nofile_limits):
        monkeypatch.setattr(module, "HostFiles", lambda: host.files)
        monkeypatch.setattr(module, "PendingChange", lambda _files: site.confirm())
    return site


BOTH = pytest.mark.parametrize(("module", "options"), [(sysctl_profile, SYSCTL), (nofile_limits, NOFILE)])


@BOTH
def test_pending_change_is_confirmed(
    site: Site, run_module: Run, logged: list[str], module: Any, options: dict[str, Any]
) -> None:
    wanted = {"pending": True, "deadline": "2027-01-15T08:18:40Z"}
    result = run_module(module, **options, confirm_within=120)
    assert (result["changed"], result["confirm"]) == (True, wanted)
    assert result["table"][-1] == "pending: will be rolled back at 2027-01-15T08:18:40Z unless confirmed"
    assert result["table"][-1] in logged[-1]
    assert run_module(module, check=True, **options)["confirm"] == wanted
    check = run_module(module, check=True, name="web", state="confirmed")
    assert (check["changed"], check["confirm"]) == (True, wanted)
    result = run_module(module, name="web", state="confirmed")
    assert (result["changed"], result["confirm"]) == (True, {"pending": False, "deadline": None})
    assert result["diff"] == check["diff"] != []
    again = run_module(module, name="web", state="confirmed")
    assert (again["changed"], again["diff"], again["table"][-1]) == (False, [], "no change is pending")
    assert run_module(module, **options)["changed"] is False


@BOTH
def test_check_mode_reports_the_window(site: Site, run_module: Run, module: Any, options: dict[str, Any]) -> None:
    before = site.host.tree()
    result = run_module(module, check=True, **options, confirm_within=120)
    assert (result["changed"], result["confirm"]) == (True, {"pending": True, "deadline": None})
    assert result["table"][-1] == "would be pending for 120 s, and then rolled back unless confirmed"
    assert site.host.tree() == before


@BOTH
def test_expired_change_fails_with_one_sentence(
    site: Site, run_module: Run, module: Any, options: dict[str, Any]
) -> None:
    run_module(module, **options, confirm_within=120)
    site.advance(120)
    result = run_module(module, name="web", state="confirmed")
    assert result["failed"]
    assert result["msg"].startswith(
        "the confirmation window of profile web has expired: the change was rolled back at 2"
    )
    assert result["msg"].endswith("it was not confirmed by 2027-01-15T08:18:40Z; apply it again")


@BOTH
@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"confirm_within": 0}, "confirm_within: 0 is not allowed; it must be whole seconds from 1 to 86400"),
        ({"confirm_within": -5}, "confirm_within: -5 is not allowed"),
        ({"confirm_within": 100000}, "confirm_within: 100000 is not allowed"),
        ({"confirm_within": True}, "confirm_within: True is not allowed"),
        ({"confirm_within": "soon"}, "cannot be converted to an int"),
        ({"confirm_within": 60, "state": "absent"}, "confirm_within: only allowed with state: present"),
        ({"confirm_within": 60, "state": "confirmed"}, "confirm_within: only allowed with state: present"),
        ({"name": None, "state": "confirmed"}, "state is confirmed but all of the following are missing: name"),
        ({"name": "Web!", "state": "confirmed"}, "'Web!' is not allowed"),
    ],
)
def test_invalid_options_fail(
    site: Site, run_module: Run, module: Any, options: dict[str, Any], more: dict[str, Any], message: str
) -> None:
    before = site.host.tree()
    given = {key: value for key, value in {**options, **more}.items() if value is not None}
    result = run_module(module, **given)
    assert result["failed"]
    assert message in result["msg"]
    assert {path: text for path, text in site.host.tree().items() if "nettune" not in path} == before


def test_refused_change_is_not_pending(site: Site, run_module: Run) -> None:
    result = run_module(sysctl_profile, name="web", settings={FIN: "x"}, confirm_within=60)
    assert result["failed"]
    assert "pending" not in result["msg"]


def test_secret_is_not_shown(site: Site, run_module: Run, logged: list[str]) -> None:
    secret = "1-2-3-4"
    shown = [
        json.dumps({**run_module(sysctl_profile, **options), "invocation": None})
        for options in (
            {"name": "web", "settings": {KEY: secret}, "confirm_within": 60},
            {"name": "web", "state": "confirmed"},
        )
    ]
    ours = [line for line in logged if not line.startswith("Invoked with")]
    assert not [text for text in [*shown, *ours, *site.log] if secret in text]
