# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SELinux context of files that we write, with a fake libselinux."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._host import selinux
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles

POLICY = {
    ("/etc/sysctl.d/99-zz-nettune-web.conf", stat.S_IFREG): b"system_u:object_r:system_conf_t:s0",
    ("/etc/systemd/system/nginx.service.d", stat.S_IFDIR): b"system_u:object_r:systemd_unit_file_t:s0",
}
OTHER = b"system_u:object_r:etc_t:s0\0"
DROP_IN = "/etc/sysctl.d/99-zz-nettune-web.conf"


class FakeLibrary:
    """libselinux with a policy of two paths."""

    def matchpathcon(self, path: bytes, mode: Any, context: Any) -> int:
        found = POLICY.get((os.fsdecode(path), stat.S_IFMT(mode.value)))
        context._obj.value = found
        return 0 if found else -1

    def freecon(self, _context: Any) -> None:
        pass


@pytest.fixture
def contexts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[int, bytes]:
    """Return the contexts that were set, by inode; SELinux is on, and every file has OTHER."""
    found: dict[int, bytes] = {}
    (tmp_path / "enforce").write_text("1")
    monkeypatch.setattr(selinux, "_ENFORCE", str(tmp_path / "enforce"))
    monkeypatch.setattr(selinux, "_library", FakeLibrary)
    monkeypatch.setattr(os, "getxattr", lambda descriptor, _name: found.get(os.fstat(descriptor).st_ino, OTHER))

    def setxattr(descriptor: int, name: str, context: bytes) -> None:
        assert name == "security.selinux"
        found[os.fstat(descriptor).st_ino] = context

    monkeypatch.setattr(os, "setxattr", setxattr)
    return found


@pytest.fixture
def files(tmp_path: Path) -> HostFiles:
    for directory in ("etc/sysctl.d", "etc/systemd/system"):
        (tmp_path / "host" / directory).mkdir(parents=True)
    return HostFiles(str(tmp_path / "host"))


def context_of(files: HostFiles, contexts: dict[int, bytes], path: str) -> bytes | None:
    return contexts.get(os.stat(files.locate(path)).st_ino)


def test_new_file_has_the_context_of_the_policy(files: HostFiles, contexts: dict[int, bytes]) -> None:
    files.replace_text(DROP_IN, "")
    assert context_of(files, contexts, DROP_IN) == b"system_u:object_r:system_conf_t:s0\0"


def test_directory_has_the_context_of_the_policy(files: HostFiles, contexts: dict[int, bytes]) -> None:
    path = "/etc/systemd/system/nginx.service.d"
    files.make_directory(path)
    assert context_of(files, contexts, path) == b"system_u:object_r:systemd_unit_file_t:s0\0"


def test_file_of_another_program_keeps_its_context(files: HostFiles, contexts: dict[int, bytes]) -> None:
    files.replace_text("/etc/sysctl.conf", "first")
    assert context_of(files, contexts, "/etc/sysctl.conf") is None
    files.replace_text("/etc/sysctl.conf", "second", keep=True)
    assert context_of(files, contexts, "/etc/sysctl.conf") == OTHER


def test_path_without_a_rule_keeps_the_context_of_its_directory(files: HostFiles, contexts: dict[int, bytes]) -> None:
    files.replace_text("/etc/sysctl.d/other.conf", "")
    assert not contexts


def test_failure_to_set_the_context_is_no_error(
    files: HostFiles, contexts: dict[int, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "setxattr", refuse)
    files.replace_text(DROP_IN, "text")
    assert files.read_text(DROP_IN) == "text"


@pytest.mark.parametrize("missing", ["kernel", "library"])
def test_without_selinux_nothing_is_set(
    files: HostFiles, contexts: dict[int, bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, missing: str
) -> None:
    if missing == "kernel":
        (tmp_path / "enforce").unlink()
    else:
        monkeypatch.setattr(selinux, "_library", lambda: None)
    files.replace_text(DROP_IN, "first")
    files.replace_text(DROP_IN, "second", keep=missing == "kernel")
    assert not contexts
