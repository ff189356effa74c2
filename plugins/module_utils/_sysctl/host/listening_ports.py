# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ports that something listens on."""

from __future__ import annotations

from ..._common.errors import NettuneError
from ..._formats.proc_net_ports import local_ports
from ..._host.files import HostFiles
from ..._host.sock_diag import SockDiag

# TCP_LISTEN of include/net/tcp_states.h, also as the tables of /proc/net print it.
_LISTEN = 10


def listening_ports(files: HostFiles, sock_diag: SockDiag | None, *, process: str = "self") -> frozenset[int]:
    """By netlink, whose kernel side looks at listeners only; by /proc/net/tcp{,6} where that is not given or refused.

    process: whose tables these are. They walk the hash of all sockets of all namespaces, however few of them listen.
    """
    ports = _Ports()
    try:
        if sock_diag is not None:
            sock_diag.walk(1 << _LISTEN, [ports])
            return frozenset(ports.found)
    except (OSError, NettuneError):
        pass
    tables = (_listening(files, f"/proc/{process}/net/{name}") for name in ("tcp", "tcp6"))
    return frozenset().union(*(local_ports(text, states=(_LISTEN,)) for text in tables if text))


class _Ports:
    """Collects the local ports of sock_diag messages (struct inet_diag_sockid, inet_diag.h)."""

    over = False

    def __init__(self) -> None:
        self.found: set[int] = set()

    def add(self, chunk: bytes, offsets: list[int] | range) -> None:
        """Take the ports of the messages that start at `offsets`."""
        self.found.update(chunk[offset + 20] << 8 | chunk[offset + 21] for offset in offsets)


def _listening(files: HostFiles, path: str) -> str:
    """The header and the listeners of a TCP table, which stand before all others (tcp_get_idx() in
    net/ipv4/tcp_ipv4.c): a million connections are not read.
    """
    rows: list[str] = []
    for line in files.lines(path):
        state = line.split()[3:4]
        if rows and state and state != [f"{_LISTEN:02X}"]:
            break
        rows.append(line)
    return "".join(rows)
