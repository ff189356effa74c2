# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listening sockets and their accept queues, out of sock_diag messages."""

from __future__ import annotations

import struct

from .._formats.inet_address import address_text
from .._formats.inet_diag import AF_INET6, BASE_LENGTH
from .._formats.tcp_state import LISTEN

_QUEUES = struct.Struct("=II")


class Listeners:
    """Collects rows of {address, port, backlog, queued}. A dump begins with its listeners: `over` says that they ended.

    Of a listener the kernel reports connections waiting for accept(2) as the receive queue, and their limit as the send
    queue (tcp_diag_get_info). Of the `total` there are, no more rows are held than twice `limit`.
    """

    def __init__(self, *, limit: int) -> None:
        self._limit = limit
        self._rows: list[dict] = []
        self.total = 0
        self.over = False

    def add(self, chunk: bytes, offsets: list[int] | range) -> None:
        """Take what listens among the messages that start at `offsets`."""
        found = [offset for offset in offsets if chunk[offset + 17] == LISTEN]
        self._rows += [_row(chunk[offset : offset + BASE_LENGTH]) for offset in found]
        self.total += len(found)
        self.over = not found
        if len(self._rows) > 2 * self._limit:
            self._rows = self.rows()

    def rows(self) -> list[dict]:
        """At most `limit` of them: those with the fullest queues, in the order of port and address."""
        return sorted(sorted(self._rows, key=_emptiness)[: self._limit], key=lambda row: (row["port"], row["address"]))


def _row(message: bytes) -> dict:
    queued, backlog = _QUEUES.unpack_from(message, 72)
    address = address_text(message[24:40], ipv6=message[16] == AF_INET6)
    return {"address": address, "port": message[20] << 8 | message[21], "backlog": backlog, "queued": queued}


def _emptiness(row: dict) -> tuple:
    return (-row["queued"] / (row["backlog"] or 1), row["port"], row["address"])
