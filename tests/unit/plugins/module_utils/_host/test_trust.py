# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Callable

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ForeignFile
from ansible_collections.nettune.tcp.plugins.module_utils._host import trust
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.tests.unit.support.other_user import belong_to_another

OURS = "/etc/sysctl.d/99-zz-nettune-web.conf"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path in ("etc", "home/bob", "usr/share/sysctl.d"):
        (tmp_path / path).mkdir(parents=True)
    return tmp_path


def link(root: Path, target: str) -> None:
    (root / "etc/sysctl.d").symlink_to(target)


def refused(root: Path, message: str) -> None:
    files = HostFiles(str(root))
    for change in (
        lambda: files.refuse_irregular(OURS),
        lambda: files.replace_text(OURS, "x"),
        lambda: files.remove(OURS),
        lambda: files.make_directory("/etc/sysctl.d/new"),
        lambda: files.remove_directory("/etc/sysctl.d/new"),
    ):
        with pytest.raises(ForeignFile, match=message):
            change()


@pytest.mark.parametrize("absolute", [False, True])
def test_link_of_root_is_followed(root: Path, absolute: bool) -> None:
    link(root, str(root / "usr/share/sysctl.d") if absolute else "../usr/share/sysctl.d")
    files = HostFiles(str(root))
    files.replace_text(OURS, "x")
    assert (root / "usr/share/sysctl.d/99-zz-nettune-web.conf").read_text() == "x"
    assert files.make_directory("/etc/sysctl.d/new")
    assert files.remove_directory("/etc/sysctl.d/new")
    assert files.remove(OURS)


@pytest.mark.parametrize("mode", [0o775, 0o777, 0o1777])
@pytest.mark.parametrize("place", ["usr/share/sysctl.d", "usr/share", "etc"])
def test_link_where_others_can_write_is_refused(root: Path, place: str, mode: int) -> None:
    link(root, "../usr/share/sysctl.d")
    (root / place).chmod(mode)
    refused(root, f"through the symbolic link /etc/sysctl.d to ../usr/share/sysctl.d, and /{place} can be written")
    assert os.listdir(root / "usr/share/sysctl.d") == []


@pytest.mark.parametrize("place", ["etc/sysctl.d", "home/bob"])
def test_link_of_or_to_another_user_is_refused(root: Path, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    link(root, "../home/bob")
    belong_to_another(monkeypatch, root / place)
    refused(root, f"/{place} belongs to the user 1000")


def test_second_link_is_checked_too(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link(root, "../home/bob/more")
    (root / "home/bob/more").symlink_to("/etc")
    belong_to_another(monkeypatch, root / "home/bob/more")
    with pytest.raises(ForeignFile, match="/home/bob/more belongs to the user 1000"):
        os.close(trust.open_directory(str(root), "/etc/sysctl.d"))


def test_without_a_link_modes_do_not_matter(root: Path) -> None:
    (root / "etc/sysctl.d").mkdir()
    (root / "etc/sysctl.d").chmod(0o777)
    HostFiles(str(root)).replace_text(OURS, "x")


def test_loop_of_links_ends(root: Path) -> None:
    link(root, "sysctl.d")
    with pytest.raises(OSError, match="Too many levels of symbolic links"):
        trust.open_directory(str(root), "/etc/sysctl.d")


def exchanged(root: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> Callable[[], None]:
    """Exchange the directory for a link when `call` of os is about to be made."""
    real = getattr(os, call)

    def exchange(*arguments: object, **options: object) -> object:
        monkeypatch.setattr(os, call, real)
        (root / "etc/sysctl.d").rename(root / "etc/moved")
        link(root, "../home/bob")
        return real(*arguments, **options)

    return lambda: monkeypatch.setattr(os, call, exchange)


@pytest.mark.parametrize("call", ["rename", "fsync", "fchmod"])
def test_directory_exchanged_for_a_link_meanwhile_gets_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    (root / "etc/sysctl.d").mkdir()
    exchanged(root, monkeypatch, call)()
    HostFiles(str(root)).replace_text(OURS, "x")
    assert os.listdir(root / "home/bob") == []
    assert (root / "etc/moved/99-zz-nettune-web.conf").read_text() == "x"


def test_descriptors_are_closed(root: Path) -> None:
    link(root, "../usr/share/sysctl.d")
    before = len(os.listdir("/proc/self/fd"))
    os.close(trust.open_directory(str(root), "/etc/sysctl.d"))
    (root / "usr/share").chmod(0o777)
    refused(root, "can be written")
    assert len(os.listdir("/proc/self/fd")) == before


def test_root_directory_can_be_opened() -> None:
    descriptor = trust.open_directory("", "")
    assert stat.S_ISDIR(os.fstat(descriptor).st_mode)
    os.close(descriptor)
