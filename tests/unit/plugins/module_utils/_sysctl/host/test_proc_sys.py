# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import errno
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ApplyFailed
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.proc_sys import ProcSys
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.snapshot import ABSENT, Reading

VALUES = {
    "net/ipv4/tcp_fin_timeout": "60\n",
    "net/ipv4/tcp_rmem": "4096\t131072\t6291456\n",
    "net/ipv4/conf/eth0.100/rp_filter": "2\n",
    "net/ipv4/ip_local_reserved_ports": "\n",
    "kernel/core_pattern": "|/bin/x %P\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path, text in VALUES.items():
        (tmp_path / "proc/sys" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "proc/sys" / path).write_text(text)
    return tmp_path


@pytest.fixture
def proc_sys(root: Path) -> ProcSys:
    return ProcSys(HostFiles(str(root)))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("net.ipv4.tcp_fin_timeout", "60"),
        ("net.ipv4.tcp_rmem", "4096\t131072\t6291456"),
        ("net.ipv4.conf.eth0/100.rp_filter", "2"),
        ("net.ipv4.ip_local_reserved_ports", ""),
        ("kernel.core_pattern", "|/bin/x %P"),
    ],
)
def test_parameter_is_read(proc_sys: ProcSys, name: str, text: str) -> None:
    assert proc_sys.read(name) == Reading(text)


@pytest.mark.parametrize(
    "name",
    [
        "net.ipv4.nothing",
        "net.ipv4",
        "net.ipv4.tcp_fin_timeout.x",
        "net.ipv4.conf.eth0.100.rp_filter",
        "net.ipv4." + "n" * 300,
        "net.ipv4.link",
    ],
)
def test_absent_parameter(proc_sys: ProcSys, root: Path, name: str) -> None:
    (root / "proc/sys/net/ipv4/link").symlink_to("tcp_fin_timeout")
    assert proc_sys.read(name) is ABSENT


def test_read_only_file(proc_sys: ProcSys, root: Path) -> None:
    (root / "proc/sys/net/ipv4/tcp_rmem").chmod(0o444)
    reading = proc_sys.read("net.ipv4.tcp_rmem")
    assert reading.text == "4096\t131072\t6291456"
    assert "not writable" in reading.locked


def test_trigger_has_no_value(proc_sys: ProcSys, root: Path) -> None:
    (root / "proc/sys/net/ipv4/tcp_fin_timeout").chmod(0o200)
    assert proc_sys.read("net.ipv4.tcp_fin_timeout") == Reading(None, "it is write-only")


def test_read_only_file_system(proc_sys: ProcSys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "statvfs", lambda _path: SimpleNamespace(f_flag=os.ST_RDONLY | os.ST_NOSUID))
    assert proc_sys.read("net.ipv4.tcp_fin_timeout").locked.startswith("EROFS: ")


class Failing(HostFiles):
    """Files where every read and write fails with `number`."""

    def __init__(self, root: str, number: int) -> None:
        super().__init__(root)
        self.number = number

    def read_text(self, path: str) -> str | None:
        raise OSError(self.number, os.strerror(self.number), path)

    def write_in_place(self, path: str, text: str) -> None:
        raise OSError(self.number, os.strerror(self.number), path)


@pytest.mark.parametrize(
    ("number", "message"),
    [(errno.EACCES, "EACCES: Permission denied"), (errno.EIO, "EIO: Input/output error"), (errno.EPERM, "EPERM: ")],
)
def test_reason_of_a_failed_read(root: Path, number: int, message: str) -> None:
    reading = ProcSys(Failing(str(root), number)).read("net.ipv4.tcp_fin_timeout")
    assert reading.text is None
    assert reading.unreadable.startswith(message)


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOENT, errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO])
def test_reason_of_a_refused_value(root: Path, number: int) -> None:
    with pytest.raises(ApplyFailed) as failed:
        ProcSys(Failing(str(root), number)).write("net.ipv4.tcp_fin_timeout", "999")
    assert str(failed.value).startswith(f"net.ipv4.tcp_fin_timeout = 999 was refused: {errno.errorcode[number]}")


def test_secret_is_not_in_the_message(root: Path) -> None:
    with pytest.raises(ApplyFailed) as failed:
        ProcSys(Failing(str(root), errno.EINVAL)).write("net.ipv4.tcp_fastopen_key", "0123", shown="(secret)")
    assert str(failed.value).startswith("net.ipv4.tcp_fastopen_key = (secret) was refused: EINVAL")
    assert "0123" not in str(failed.value)


@pytest.mark.parametrize(
    ("name", "value", "path", "written"),
    [
        ("net.ipv4.tcp_fin_timeout", "30", "net/ipv4/tcp_fin_timeout", "30\n"),
        ("net.ipv4.conf.eth0/100.rp_filter", "1", "net/ipv4/conf/eth0.100/rp_filter", "1\n"),
        ("net.ipv4.ip_local_reserved_ports", "", "net/ipv4/ip_local_reserved_ports", "\n"),
    ],
)
def test_value_is_written_with_a_newline(
    proc_sys: ProcSys, root: Path, name: str, value: str, path: str, written: str
) -> None:
    proc_sys.write(name, value)
    assert (root / "proc/sys" / path).read_text() == written


def test_missing_parameter_is_not_created(proc_sys: ProcSys, root: Path) -> None:
    with pytest.raises(ApplyFailed, match="net.ipv4.nothing = 1 was refused: ENOENT"):
        proc_sys.write("net.ipv4.nothing", "1")
    assert not (root / "proc/sys/net/ipv4/nothing").exists()


def test_all_names_are_listed(proc_sys: ProcSys) -> None:
    assert proc_sys.names() == {
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_rmem",
        "net.ipv4.conf.eth0/100.rp_filter",
        "net.ipv4.ip_local_reserved_ports",
        "kernel.core_pattern",
    }
