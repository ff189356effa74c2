# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""sock_diag(7) over a netlink socket."""

from __future__ import annotations

import errno
import socket
import struct
from collections.abc import Iterator

from .._core.inet_diag import Tally, dump_request

_NETLINK_SOCK_DIAG = 4
# The kernel fills at most 32 KiB for a read, whatever the buffer, and less only where the buffer is smaller.
_BUFFER = 1 << 16
_PATIENCE_SECONDS = 30


class OwnNamespace:
    """The network namespace this process is in anyway."""

    def __enter__(self) -> None:
        """There is nowhere to go."""

    def __exit__(self, *_exception: object) -> None:
        """Nor to come back from."""


class SockDiag:
    """Dumps the TCP sockets of the network namespace that `namespace` enters."""

    def __init__(self, namespace: OwnNamespace) -> None:
        self._namespace = namespace

    def dump(self, states: int) -> Iterator[memoryview]:
        """Chunks of messages, each good until the next is asked for; the reader stops at the end of the dump.

        `states` is a mask of tcp_state's bits. Raises OSError where netlink is refused.
        """
        if not hasattr(socket, "AF_NETLINK"):
            raise OSError(errno.EAFNOSUPPORT, "this is no Linux")
        buffer = memoryview(bytearray(_BUFFER))
        with self._namespace:
            netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, _NETLINK_SOCK_DIAG)
        with netlink:
            # A dump never waits for anything, so silence means that something is wrong.
            netlink.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", _PATIENCE_SECONDS, 0))
            netlink.sendto(dump_request(states), (0, 0))
            while True:
                yield buffer[: netlink.recv_into(buffer)]

    def walk(self, states: int, collectors: list) -> list[list]:
        """The rows of Tally.sockets() for one dump, each message of which is shown to the collectors on the way.

        A collector has add(chunk, offsets), and `over`, True once it has seen all that it needs. Raises OSError and
        NettuneError.
        """
        tally = Tally()
        for chunk in self.dump(states):
            if all(collector.over for collector in collectors):
                tally.add(chunk)
            else:
                offsets = tally.locate(chunk)
                feed(bytes(chunk), offsets, collectors)
            if tally.done:
                break
        return tally.sockets()


def feed(chunk: bytes, offsets: list[int] | range, collectors: list) -> None:
    """Show the messages at `offsets` to those of the collectors that need more."""
    for collector in collectors:
        if not collector.over:
            collector.add(chunk, offsets)
