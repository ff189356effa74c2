# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that cannot be written: found while planning, with nothing changed and no journal left."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ApplyFailed, NotWritable, sentence
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import Limit
from ansible_collections.nettune.tcp.plugins.module_utils._host import writable
from ansible_collections.nettune.tcp.plugins.module_utils._host.journal import Journal
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.request import Request
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.tests.unit.support import nofile_host
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import FIN, JOURNAL, WEB, absent, present

State = Callable[..., None]
HINT = "set persistent: false to change only the running values, until the next reboot"


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    return FakeHost(tmp_path)


@pytest.fixture
def mounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    """Return a function that sets what statvfs(3) says about the file system at a directory and below it."""
    real = os.statvfs

    def mount(directory: str, *, flags: int = 0, free: int = 10**6, inodes: int = 10**6) -> None:
        top = str(tmp_path) + directory.rstrip("/")

        def statvfs(path: str) -> Any:
            if path.rstrip("/") != top and not path.startswith(f"{top}/"):
                return real(path)
            return os.statvfs_result((4096, 4096, 10**6, free, free, 10**6, inodes, inodes, flags, 255))

        monkeypatch.setattr(os, "statvfs", statvfs)

    return mount


@pytest.mark.parametrize(
    ("directory", "options", "reason"),
    [
        ("/etc", {"flags": os.ST_RDONLY}, "/etc is read-only"),
        ("/etc/sysctl.d", {"flags": os.ST_RDONLY}, "/etc/sysctl.d is read-only"),
        ("/etc", {"free": 0}, "the disk of /etc/sysctl.d is full"),
        ("/etc", {"inodes": 0}, "the disk of /etc/sysctl.d is full"),
    ],
)
def test_a_profile_is_refused_before_anything_is_written(
    host: FakeHost, mounts: State, directory: str, options: dict[str, int], reason: str
) -> None:
    before = host.tree()
    mounts(directory, **options)
    with pytest.raises(NotWritable) as planned:
        SysctlProfiles(host).present("web", {FIN: 30})
    with pytest.raises(NotWritable) as run:
        present(host, "web", {FIN: 30})
    assert str(planned.value) == str(run.value) == f"nothing was changed: {reason}, so {WEB} cannot be written; {HINT}"
    assert host.tree() == before
    assert present(host, "web", {FIN: 30}, persistent=False).plan.changes_anything


def test_a_read_only_root_is_named_by_the_directory_below_it(host: FakeHost, mounts: State) -> None:
    mounts("/", flags=os.ST_RDONLY)
    with pytest.raises(NotWritable, match="nothing was changed: /etc is read-only"):
        writable.check(host, {WEB: "text"})


def test_without_changes_nothing_is_refused(host: FakeHost, mounts: State) -> None:
    present(host, "web", {FIN: 30})
    mounts("/etc", flags=os.ST_RDONLY)
    assert not present(host, "web", {FIN: 30}).plan.changes_anything
    with pytest.raises(NotWritable) as refused:
        absent(host, "web")
    assert str(refused.value) == f"nothing was changed: /etc is read-only, so {WEB} cannot be written"
    assert host.value(FIN) == "30"


def test_a_full_disk_does_not_keep_a_profile_from_being_reverted(host: FakeHost, mounts: State) -> None:
    before = host.tree()
    present(host, "web", {FIN: 30})
    mounts("/etc", free=0)
    absent(host, "web")
    assert host.tree() == before


def test_drift_is_found_on_a_read_only_host(host: FakeHost, mounts: State) -> None:
    present(host, "web", {FIN: 30})
    host.remove(WEB)
    mounts("/", flags=os.ST_RDONLY)
    assert SysctlProfiles(host).again("web").plan.changes_anything


@pytest.mark.parametrize("options", [{"flags": os.ST_RDONLY}, {"free": 3}])
def test_a_journal_that_cannot_be_written(host: FakeHost, mounts: State, options: dict[str, int]) -> None:
    before = host.tree()
    mounts("/var", **options)
    for run in (SysctlProfiles(host).present, lambda *given, **more: present(host, *given, **more)):
        with pytest.raises(NotWritable, match="; the journal is needed to revert changes$"):
            run("web", {FIN: 30}, persistent=False)
    assert host.tree() == before


def test_missing_permission_says_so(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    before = host.tree()
    monkeypatch.setattr(os, "access", lambda _path, _mode, effective_ids: not effective_ids)
    with pytest.raises(PermissionError) as refused:
        SysctlProfiles(host).present("web", {FIN: 30})
    text = sentence(refused.value, "sysctl_profile").replace(str(host.root), "")
    assert text == "/etc/sysctl.d: Permission denied; sysctl_profile must run as root: set become: true"
    assert host.tree() == before


def test_a_write_that_fails_later_leaves_no_journal_and_speaks_of_no_failed_restore(
    host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = host.tree()

    def refuse(path: str, *_given: Any, **_options: Any) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), path)

    replace = host.replace_text
    monkeypatch.setattr(host, "replace_text", lambda path, *a, **k: (refuse if path == WEB else replace)(path, *a, **k))
    monkeypatch.setattr(host, "remove", lambda path: refuse(path) if path == WEB else FakeHost.remove(host, path))
    with pytest.raises(ApplyFailed) as failed:
        present(host, "web", {FIN: 30})
    assert str(failed.value).endswith("everything written before it was restored")
    assert "could be restored" not in str(failed.value)
    assert host.read_text(JOURNAL) is None
    assert host.tree() == before


@pytest.mark.parametrize(
    ("persistent", "services", "hint"), [(True, (), ""), (True, ("nginx.service",), f"; {HINT}"), (False, (), "")]
)
def test_open_file_limits_on_a_read_only_host(
    tmp_path: Path, mounts: State, persistent: bool, services: tuple[str, ...], hint: str
) -> None:
    host = nofile_host.FakeHost(tmp_path)
    mounts("/etc", flags=os.ST_RDONLY)
    request = Request(Limit(65536, 65536), users=("www",), services=services, persistent=persistent)
    if not persistent:
        host.profiles().present("web", request)
        return
    with pytest.raises(NotWritable) as refused:
        host.profiles().present("web", request)
    path = "/etc/security/limits.d/99-zz-nettune-web.conf"
    assert str(refused.value) == f"nothing was changed: /etc is read-only, so {path} cannot be written{hint}"
    assert host.files.read_text(nofile_host.JOURNAL) is None


def test_a_new_directory_needs_its_parent(host: FakeHost, mounts: State) -> None:
    os.rmdir(host.locate("/etc/sysctl.d"))
    writable.check(host, {WEB: "text"})
    mounts("/etc", flags=os.ST_RDONLY)
    with pytest.raises(NotWritable, match="/etc is read-only"):
        writable.check(host, {WEB: "text"})


def test_a_directory_that_was_made_is_removed(host: FakeHost) -> None:
    os.rmdir(host.locate("/etc/sysctl.d"))
    before = host.tree()
    present(host, "web", {FIN: 30})
    absent(host, "web")
    assert host.tree() == before
    assert Journal(host).load("sysctl") == {}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("net.ipv4.conf.eth7.rp_filter", "absent: this host has no network interface eth7"),
        ("net/ipv4/conf/eth7.100/rp_filter", "absent: this host has no network interface eth7.100"),
        ("net.ipv6.conf.wg0.accept_ra", "absent: this host has no network interface wg0, or IPv6 is disabled"),
    ],
)
def test_a_parameter_of_an_interface_that_does_not_exist(host: FakeHost, name: str, reason: str) -> None:
    row = SysctlProfiles(host).present("web", {name: 1}).rows[0]
    assert (row["status"], row["reason"]) == ("skipped", reason)


def test_directory_that_another_run_removes_meanwhile(
    host: FakeHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.put("/var/lib/nettune/tcp/journal.json", "{}")
    place = tmp_path / "var/lib/nettune/tcp"
    real = os.statvfs

    def statvfs(path: str) -> Any:
        if path == str(place) and place.exists():
            (place / "journal.json").unlink()
            place.rmdir()
        return real(path)

    monkeypatch.setattr(os, "statvfs", statvfs)
    writable.check_file(host, "/var/lib/nettune/tcp/journal.json", size=1)
    assert not place.exists()
