# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import socket
from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._host.netlink import OwnNamespace
from ansible_collections.nettune.tcp.plugins.module_utils._host.sock_diag import SockDiag
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.read import listening_ports

HEADER = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
ROW = "   0: 00000000:{:04X} 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100\n"


@pytest.fixture
def files(tmp_path: Path) -> HostFiles:
    table = tmp_path / "proc/self/net/tcp"
    table.parent.mkdir(parents=True)
    table.write_text(HEADER + ROW.format(8080))
    return HostFiles(str(tmp_path))


class Answering:
    """A sock_diag whose walk() yields two listeners."""

    def walk(self, states: int, collectors: list) -> None:
        assert states == 1 << 10
        message = bytes(20) + (443).to_bytes(2, "big") + bytes(50)
        other = bytes(20) + (65535).to_bytes(2, "big") + bytes(50)
        collectors[0].add(message + other, [0, len(message)])


class Refused:
    def __init__(self, error: Exception) -> None:
        self.error = error

    def walk(self, _states: int, _collectors: list) -> None:
        raise self.error


def test_listeners_from_netlink(files: HostFiles) -> None:
    assert listening_ports(files, Answering()) == {443, 65535}


@pytest.mark.parametrize("sock_diag", [None, Refused(PermissionError()), Refused(MalformedInput("half a message"))])
def test_listeners_from_the_tables_without_netlink(files: HostFiles, sock_diag: Refused | None) -> None:
    assert listening_ports(files, sock_diag) == {8080}


def test_both_sources_find_a_real_listener() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert port in listening_ports(HostFiles(), None)
        assert port in listening_ports(HostFiles(), SockDiag(OwnNamespace()))
