# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ForeignFile
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles


@pytest.fixture
def files(tmp_path: Path) -> HostFiles:
    (tmp_path / "etc").mkdir()
    return HostFiles(str(tmp_path))


def listing(tmp_path: Path) -> list[str]:
    return sorted(os.listdir(tmp_path / "etc"))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_root_is_prepended_to_every_path() -> None:
    assert HostFiles().locate("/etc/x") == "/etc/x"
    assert HostFiles("/").locate("/etc/x") == "/etc/x"
    assert HostFiles("/srv/").locate("/etc/x") == "/srv/etc/x"


@pytest.mark.parametrize("path", ["/etc/a\0b", "/etc/\ud800"])
def test_path_that_no_file_can_have_is_absent(files: HostFiles, path: str) -> None:
    assert (files.read_text(path), files.lstat(path), files.exists(path)) == (None, None, False)
    with pytest.raises(FileNotFoundError):
        files.replace_text(path, "x")


@pytest.mark.parametrize(
    "content", [b"", b"a = 1\n", b"a\r\nb\r", b"\0", "größe\n".encode(), b"latin-1: \xe9\xff\n", b"\xed\xa0\x80"]
)
def test_arbitrary_bytes_are_preserved(files: HostFiles, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "etc/a").write_bytes(content)
    text = files.read_text("/etc/a")
    assert text is not None
    files.replace_text("/etc/b", text)
    assert (tmp_path / "etc/b").read_bytes() == content


@pytest.mark.parametrize("path", ["/etc/none", "/none/x", "/etc/file/x", "/etc/" + "n" * 300])
def test_absent_file_is_not_an_error(files: HostFiles, tmp_path: Path, path: str) -> None:
    (tmp_path / "etc/file").write_text("")
    assert files.read_text(path) is None
    assert files.lstat(path) is None
    assert files.readlink(path) is None
    assert files.listdir(path) == []
    assert not files.exists(path)
    assert not files.is_file(path)
    assert files.remove(path) is False
    assert files.remove_directory(path) is False


def test_reading_a_directory_raises(files: HostFiles) -> None:
    with pytest.raises(IsADirectoryError):
        files.read_text("/etc")


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
def test_umask_does_not_change_modes(files: HostFiles, tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        files.replace_text("/etc/open", "x")
        files.replace_text("/etc/closed", "x", mode=0o600)
        files.make_directory("/etc/d", mode=0o700)
        files.make_directory("/etc/e")
    finally:
        os.umask(before)
    assert [mode(tmp_path / "etc" / name) for name in ("open", "closed", "d", "e")] == [0o644, 0o600, 0o700, 0o755]


def test_replace_leaves_no_temporary_file_and_breaks_hard_links(files: HostFiles, tmp_path: Path) -> None:
    (tmp_path / "etc/a").write_text("old")
    os.link(tmp_path / "etc/a", tmp_path / "etc/other")
    files.replace_text("/etc/a", "new")
    assert (tmp_path / "etc/a").read_text() == "new"
    assert (tmp_path / "etc/other").read_text() == "old"
    assert listing(tmp_path) == ["a", "other"]


@pytest.mark.parametrize("target", ["/dev/null", "passwd", "nowhere", "."])
def test_replace_does_not_follow_a_link(files: HostFiles, tmp_path: Path, target: str) -> None:
    (tmp_path / "etc/passwd").write_text("root:x:0:0\n")
    (tmp_path / "etc/a").symlink_to(target)
    with pytest.raises(ForeignFile, match=f"/etc/a is a symbolic link to {target}"):
        files.replace_text("/etc/a", "new")
    assert os.readlink(tmp_path / "etc/a") == target
    assert (tmp_path / "etc/passwd").read_text() == "root:x:0:0\n"
    assert listing(tmp_path) == ["a", "passwd"]


def test_remove_removes_a_link_and_not_its_target(files: HostFiles, tmp_path: Path) -> None:
    (tmp_path / "etc/passwd").write_text("root")
    (tmp_path / "etc/a").symlink_to("passwd")
    assert files.readlink("/etc/a") == "passwd"
    assert files.readlink("/etc/passwd") is None
    assert files.remove("/etc/a") is True
    assert listing(tmp_path) == ["passwd"]


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_special_files_are_refused(files: HostFiles, tmp_path: Path, make: object) -> None:
    make(tmp_path / "etc/a")
    assert not files.is_file("/etc/a")
    with pytest.raises(ForeignFile, match="/etc/a is not a regular file"):
        files.replace_text("/etc/a", "new")
    assert listing(tmp_path) == ["a"]


def test_missing_directory_is_named(files: HostFiles) -> None:
    with pytest.raises(FileNotFoundError):
        files.replace_text("/none/a", "x")


@pytest.mark.parametrize("step", ["fchmod", "fsync", "rename"])
def test_failed_replace_keeps_the_old_file_and_no_temporary_file(
    files: HostFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "etc/a").write_text("old")
    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OSError, match=r"No space left on device: '/etc/a'"):
        files.replace_text("/etc/a", "new")
    monkeypatch.undo()
    assert (tmp_path / "etc/a").read_text() == "old"
    assert listing(tmp_path) == ["a"]


def test_unencodable_text_is_refused_before_anything_is_replaced(files: HostFiles, tmp_path: Path) -> None:
    with pytest.raises(UnicodeEncodeError):
        files.replace_text("/etc/a", "\ud800")
    assert listing(tmp_path) == []


def test_sweep_removes_only_leftovers_of_killed_runs(files: HostFiles, tmp_path: Path) -> None:
    for name in (".nettune-abc.tmp", "99-zz-nettune-web.conf", ".nettune-abc", "x.tmp", ".other.tmp"):
        (tmp_path / "etc" / name).write_text("x")
    files.sweep("/etc")
    files.sweep("/none")
    assert listing(tmp_path) == sorted(["99-zz-nettune-web.conf", ".nettune-abc", "x.tmp", ".other.tmp"])


def test_write_in_place_needs_an_existing_file_and_keeps_it(files: HostFiles, tmp_path: Path) -> None:
    (tmp_path / "etc/a").write_text("a long value\n")
    number = (tmp_path / "etc/a").stat().st_ino
    files.write_in_place("/etc/a", "1\n")
    assert (tmp_path / "etc/a").read_text() == "1\n"
    assert (tmp_path / "etc/a").stat().st_ino == number
    with pytest.raises(FileNotFoundError):
        files.write_in_place("/etc/none", "1\n")
    assert listing(tmp_path) == ["a"]


def test_listing_is_in_byte_order(files: HostFiles, tmp_path: Path) -> None:
    names = [b"B", b"_", b"a", b"10", b"9", b"\xc3\xa9", b"\xe9"]
    for name in names:
        open(os.path.join(os.fsencode(tmp_path), b"etc", name), "w").close()
    assert [os.fsencode(name) for name in files.listdir("/etc")] == sorted(names)


def test_directory_is_created_once_and_removed_only_if_empty(files: HostFiles, tmp_path: Path) -> None:
    assert files.make_directory("/etc/d") is True
    assert files.make_directory("/etc/d", mode=0o700) is False
    assert mode(tmp_path / "etc/d") == 0o755
    assert files.is_directory("/etc/d")
    (tmp_path / "etc/d/x").write_text("")
    assert files.remove_directory("/etc/d") is False
    files.remove("/etc/d/x")
    assert files.remove_directory("/etc/d") is True
    assert files.remove_directory("/etc/d") is False
