# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules on hosts with files that cannot be read: an answer in time, from the good files, that names the others."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Callable, Iterator

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._host import procfs
from ansible_collections.nettune.tcp.plugins.modules import (
    nofile_facts,
    nofile_limits,
    profile_info,
    sysctl_facts,
    sysctl_profile,
)
from ansible_collections.nettune.tcp.tests.unit.support import fake_host, nofile_host
from ansible_collections.nettune.tcp.tests.unit.support.hostile_tree import REASONS, bounded, fill
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import ALIVE, FIN

Run = Callable[..., dict]
LATE = "/etc/sysctl.d/70-late.conf"
LIMITED = {"name": "web", "soft": 65536, "users": ["www"], "services": ["nginx"]}


@pytest.fixture
def root() -> Iterator[Path]:
    """Return a directory that every user can read."""
    root = Path(tempfile.mkdtemp())
    root.chmod(0o755)
    yield root
    shutil.rmtree(root)


@pytest.fixture
def host(root: Path, monkeypatch: pytest.MonkeyPatch) -> fake_host.FakeHost:
    host = fake_host.FakeHost(root)
    for module in (sysctl_facts, sysctl_profile, profile_info):
        monkeypatch.setattr(module, "HostFiles", lambda: host)
    host.put("/etc/sysctl.d/10-early.conf", f"{FIN} = 20\n")
    host.put(LATE, f"{ALIVE} = 600\n")
    return host


@pytest.fixture
def limits(root: Path, monkeypatch: pytest.MonkeyPatch) -> nofile_host.FakeHost:
    host = nofile_host.web_host(root)
    monkeypatch.setattr(nofile_limits, "HostFiles", lambda: host.files)
    monkeypatch.setattr(nofile_limits, "NofileProfiles", lambda _files: host.profiles())
    monkeypatch.setattr(nofile_facts, "HostFiles", lambda: host.files)
    host.write("/etc/security/limits.d/10-early.conf", "www hard nofile 70000\n")
    host.write("/etc/systemd/system/nginx.service.d/10-early.conf", "[Service]\nLimitNOFILE=4096\n")
    return host


def unread(directory: str, start: str = "50-") -> set[str]:
    """Return what a result has to say about the files that fill() has made in the directory."""
    return {f"{directory}/{start}{kind}.conf {reason}" for kind, reason in REASONS.items()}


@pytest.mark.long
def test_sysctl_facts(host: fake_host.FakeHost, run_module: Run, root: Path) -> None:
    for directory in ("etc/sysctl.d", "run/sysctl.d", "etc/modules-load.d"):
        fill(root / directory)
    result = bounded(lambda: run_module(sysctl_facts))
    found = result["ansible_facts"]["nettune_sysctl"]
    assert unread("/etc/sysctl.d") | unread("/etc/modules-load.d") <= {row["reason"] for row in found["partial"]}
    assert found["keys"][ALIVE]["boot_value"] == "600"
    assert found["keys"][FIN]["boot_value"] is None
    assert found["keys"][FIN]["boot_reason"].startswith("not known: /etc/sysctl.d/50-")
    assert len(repr(result)) < 1_000_000


@pytest.mark.long
def test_sysctl_profile(host: fake_host.FakeHost, run_module: Run, root: Path) -> None:
    fill(root / "etc/sysctl.d")
    result = bounded(lambda: run_module(sysctl_profile, check=True, name="web", settings={FIN: 30, ALIVE: 600}))
    rows = {row["key"]: row for row in result["settings"]}
    assert rows[FIN]["boot_before"] is None
    assert rows[FIN]["boot_after"] == "30"
    assert rows[ALIVE]["boot_after"] == "600"
    assert len(repr(result)) < 100_000


@pytest.mark.long
def test_profile_info(host: fake_host.FakeHost, run_module: Run, root: Path) -> None:
    run_module(sysctl_profile, name="web", settings={FIN: 30})
    fill(root / "etc/sysctl.d")
    fill(root / "etc/sysctl.d", start="99-zz-nettune-")
    result = bounded(lambda: run_module(profile_info))
    assert [row["name"] for row in result["profiles"]] == ["web"]
    assert len(repr(result)) < 100_000


@pytest.mark.long
def test_nofile_limits(limits: nofile_host.FakeHost, run_module: Run, root: Path) -> None:
    for directory in ("limits.d", "../systemd/system/nginx.service.d", "../systemd/system.conf.d", "../pam.d"):
        fill(root / "etc/security" / directory)
    fill(root / "etc/pam.d", start="", suffix="")
    (root / "etc/pam.d/sshd").write_text("".join(f"@include {kind}\n" for kind in REASONS))
    result = bounded(lambda: run_module(nofile_limits, check=True, **LIMITED))
    (user,), (service,) = result["users"], result["services"]
    assert (user["before"], user["after"], user["status"]) == (None, None, "changed")
    assert (service["before"], service["after"], service["status"]) == (None, None, "changed")
    said = {row["what"]: row["reason"] for row in result["not_applicable"]}
    assert "/etc/security/limits.d/50-" in said["limits of logins"]
    assert "/etc/systemd/system/nginx.service.d/50-" in said["drop-ins of nginx.service"]
    assert "/etc/systemd/system.conf.d/50-" in said["defaults of systemd"]
    assert "10-early.conf" in user["reason"]
    assert "10-early.conf" in service["reason"]
    assert {row["path"] for row in result["files"]} == {nofile_host.LIMITS, nofile_host.NGINX}
    assert len(repr(result)) < 100_000


@pytest.mark.long
def test_nofile_facts(limits: nofile_host.FakeHost, run_module: Run, root: Path) -> None:
    for directory in ("security/limits.d", "systemd/system/nginx.service.d", "pam.d"):
        fill(root / "etc" / directory)
    result = bounded(lambda: run_module(nofile_facts, names=["nginx"]))
    found = result["ansible_facts"]["nettune_nofile"]
    reasons = {row["reason"] for row in found["partial"]}
    assert unread("/etc/security/limits.d") | unread("/etc/systemd/system/nginx.service.d") <= reasons
    assert found["units"]["nginx.service"]["soft"] is not None
    assert len(repr(result)) < 100_000


@pytest.mark.parametrize("place", ["/etc/sysctl.d/50-locked.conf", "/run/sysctl.d"])
def test_files_of_another_user(host: fake_host.FakeHost, run_module: Run, root: Path, place: str) -> None:
    host.put(f"{place}/50-locked.conf" if place.endswith(".d") else place, f"{FIN} = 10\n")
    # Another user may not be able to read the code that a module imports when it runs.
    run_module(sysctl_facts, keys=[FIN])
    Path(host.locate(place)).chmod(0)
    try:
        result = bounded(lambda: run_module(sysctl_facts, keys=[FIN]), as_nobody=True)
    finally:
        Path(host.locate(place)).chmod(0o755)
    found = result["ansible_facts"]["nettune_sysctl"]
    reason = f"{place} cannot be read: {procfs.reason(PermissionError(13, 'Permission denied'))}"
    assert found["partial"] == [{"what": place, "reason": reason}]
    assert found["keys"][FIN]["boot_reason"] == f"not known: {reason}"
