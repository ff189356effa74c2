# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._host.procfs import ProcFS, reason


@pytest.fixture
def procfs(tmp_path):
    for process, text in (("self", "own"), ("7", "other")):
        (tmp_path / process / "net").mkdir(parents=True)
        (tmp_path / process / "net" / "snmp").write_text(text)
    (tmp_path / "sys").mkdir()
    (tmp_path / "sys" / "key").write_bytes(b"\xff1\n")
    return ProcFS(str(tmp_path), process="7", sys_root=str(tmp_path / "sys"))


def test_proc_net_belongs_to_the_process(procfs):
    assert procfs.read_net("snmp") == "other"
    assert b"".join(procfs.net_pieces("snmp")) == b"other"


@pytest.mark.parametrize("path", ["sys/absent", "sys/key/below", "8/net/snmp"])
def test_an_absent_file_is_none(procfs, path):
    assert procfs.read_text(path) is None
    assert not procfs.exists(path)


def test_an_absent_socket_table_raises(procfs):
    with pytest.raises(FileNotFoundError):
        next(procfs.net_pieces("tcp6"))


def test_an_unreadable_file_raises(procfs):
    with pytest.raises(OSError, match="directory"):
        procfs.read_text("sys")


def test_sys_has_its_own_root(procfs):
    assert procfs.read_sys("key") == procfs.read_text("sys/key") == "\udcff1\n"
    assert procfs.read_sys("absent") is None


def test_a_large_file_is_read_in_bounded_pieces(tmp_path):
    (tmp_path / "self" / "net").mkdir(parents=True)
    content = bytes(range(256)) * 1000
    (tmp_path / "self" / "net" / "tcp").write_bytes(content)
    pieces = list(ProcFS(str(tmp_path)).net_pieces("tcp"))
    assert max(map(len, pieces)) == 65536
    assert b"".join(pieces) == content


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (PermissionError(13, "Permission denied", "/proc/x"), "EACCES (Permission denied)"),
        (OSError(74, "byte 4 is odd"), "EBADMSG (byte 4 is odd)"),
        (ValueError("half a row"), "half a row"),
    ],
)
def test_reason(error, expected):
    assert reason(error) == expected


def test_carriage_return_in_a_name_is_no_end_of_a_line(tmp_path: Path) -> None:
    (tmp_path / "cgroup").write_bytes(b"0::/a\r0::/b\n")
    assert ProcFS(str(tmp_path)).read_text("cgroup") == "0::/a\r0::/b\n"
