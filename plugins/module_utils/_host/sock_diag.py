# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The TCP sockets of a network namespace, by sock_diag(7)."""

from __future__ import annotations

from collections.abc import Iterator

from .._formats.inet_diag import BASE_LENGTH, dump_request, sockets
from .netlink import OwnNamespace, Tally, dump


class SockDiag:
    """Dumps the TCP sockets of the network namespace that `namespace` enters."""

    def __init__(self, namespace: OwnNamespace) -> None:
        self._namespace = namespace

    def dump(self, states: int) -> Iterator[memoryview]:
        """Chunks of messages as netlink.dump() gives them. `states` is a mask of tcp_state's bits."""
        return dump(dump_request(states), self._namespace)

    def walk(self, states: int, collectors: list) -> list[list]:
        """The rows of inet_diag.sockets() for one dump, each message of which is shown to the collectors on the way.

        A collector has add(chunk, offsets), and `over`, True once it has seen all that it needs. Raises OSError and
        NettuneError.
        """
        tally = Tally(dump_request(states), least=BASE_LENGTH)
        for chunk in self.dump(states):
            if all(collector.over for collector in collectors):
                tally.add(chunk)
            else:
                offsets = tally.locate(chunk)
                feed(bytes(chunk), offsets, collectors)
            if tally.done:
                break
        return sockets(tally.by_length())


def feed(chunk: bytes, offsets: list[int] | range, collectors: list) -> None:
    """Show the messages at `offsets` to those of the collectors that need more."""
    for collector in collectors:
        if not collector.over:
            collector.add(chunk, offsets)
