# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import JournalError, UnreadableFile
from ansible_collections.nettune.tcp.plugins.module_utils._host import reader
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._host.journal import DIRECTORY, Journal


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    (tmp_path / "etc").mkdir()
    return tmp_path / "etc"


@pytest.fixture
def files(tmp_path: Path) -> HostFiles:
    return HostFiles(str(tmp_path))


@pytest.fixture
def short_etc(etc: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory as the current one: the address of a socket is short."""
    monkeypatch.chdir(etc)
    return etc


def test_fifo_does_not_block(etc: Path, files: HostFiles) -> None:
    os.mkfifo(etc / "a.conf")
    with pytest.raises(UnreadableFile, match=r"^/etc/a\.conf is a FIFO, not a regular file$"):
        files.read_text("/etc/a.conf")


def test_socket_is_refused(short_etc: Path, files: HostFiles) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("a.conf")
        with pytest.raises(UnreadableFile, match="is a socket"):
            files.read_text("/etc/a.conf")


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/full", "/dev/tty"])
def test_link_to_a_device_is_refused_unopened(etc: Path, files: HostFiles, device: str) -> None:
    (etc / "a.conf").symlink_to(device)
    with pytest.raises(UnreadableFile, match="is a device"):
        files.read_text("/etc/a.conf")


def test_link_to_null_is_empty(etc: Path, files: HostFiles) -> None:
    (etc / "a.conf").symlink_to("/dev/null")
    assert files.read_text("/etc/a.conf") == ""


def test_links_are_followed(etc: Path, files: HostFiles) -> None:
    (etc / "sysctl.d").mkdir()
    (etc / "sysctl.conf").write_text("a = 1\n")
    (etc / "sysctl.d/99-sysctl.conf").symlink_to("../sysctl.conf")
    assert files.read_text("/etc/sysctl.d/99-sysctl.conf") == "a = 1\n"


def test_loop_of_links_is_an_error_of_the_system(etc: Path, files: HostFiles) -> None:
    (etc / "a").symlink_to("b")
    (etc / "b").symlink_to("a")
    assert files.try_text("/etc/a") == (
        "",
        "/etc/a cannot be read: ELOOP (Too many levels of symbolic links)",
    )


@pytest.mark.parametrize(("size", "refused"), [(reader.CONFIGURATION, False), (reader.CONFIGURATION + 1, True)])
def test_size_is_limited(etc: Path, files: HostFiles, size: int, refused: bool) -> None:
    (etc / "a").write_bytes(b"x" * size)
    text, why = files.try_text("/etc/a")
    assert (len(text), why) == ((0, "/etc/a is larger than 1 MB") if refused else (size, ""))


def test_sparse_file_is_refused_unread(etc: Path, files: HostFiles) -> None:
    with open(etc / "a", "wb") as stream:
        stream.truncate(4 << 30)
    assert files.try_text("/etc/a") == ("", "/etc/a is larger than 1 MB")


def test_file_that_grows_is_read_up_to_the_limit(etc: Path, files: HostFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    (etc / "a").write_text("x")
    monkeypatch.setattr(os, "read", lambda _descriptor, most: b"x" * most)
    assert files.try_text("/etc/a") == ("", "/etc/a is larger than 1 MB")


def test_file_of_the_kernel_has_no_limit(tmp_path: Path, files: HostFiles) -> None:
    (tmp_path / "proc/net").mkdir(parents=True)
    (tmp_path / "proc/net/tcp").write_bytes(b"x" * (reader.CONFIGURATION + 1))
    assert len(files.read_text("/proc/net/tcp") or "") == reader.CONFIGURATION + 1
    assert HostFiles().read_text("/proc/self/stat")


def test_no_descriptor_is_left_open(etc: Path, files: HostFiles) -> None:
    (etc / "large").write_bytes(b"x" * (reader.CONFIGURATION + 1))
    before = len(os.listdir("/proc/self/fd"))
    files.try_text("/etc/large")
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
        ('{"a":' + "[" * 60 + "]" * 60 + "}", "nested too deeply"),
        ('{"a": ' + "9" * 1_000_000 + "}", "a number has 1000000 digits"),
        ('{"a": NaN}', "NaN is not a number"),
        ('{"a": ', "not valid JSON"),
        ("[]", "a journal is a JSON object"),
        ("", "not valid JSON"),
    ],
)
def test_damaged_journal_is_one_sentence(tmp_path: Path, files: HostFiles, text: str, message: str) -> None:
    (tmp_path / DIRECTORY[1:]).mkdir(parents=True)
    (tmp_path / DIRECTORY[1:] / "sysctl.json").write_text(text)
    with pytest.raises(JournalError, match=f"/sysctl.json is damaged: .*{message}.*; it holds the original state"):
        Journal(files).load("sysctl")


def test_journal_that_is_no_regular_file_is_an_error(tmp_path: Path, files: HostFiles) -> None:
    (tmp_path / DIRECTORY[1:]).mkdir(parents=True)
    os.mkfifo(tmp_path / DIRECTORY[1:] / "sysctl.json")
    with pytest.raises(JournalError, match=r"sysctl\.json is a FIFO, not a regular file; it holds the original"):
        Journal(files).load("sysctl")
