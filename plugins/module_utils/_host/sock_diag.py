# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The TCP sockets of a network namespace, dumped by sock_diag(7)."""

from __future__ import annotations

from collections.abc import Iterator

from .._formats.inet_diag import BASE_LENGTH, dump_request, sockets
from .netlink import OwnNamespace, Tally, dump


class SockDiag:
    """Dumps the TCP sockets of the network namespace that the context `namespace` enters."""

    def __init__(self, namespace: OwnNamespace) -> None:
        self._namespace = namespace

    def dump(self, states: int) -> Iterator[memoryview]:
        """Yield chunks of messages, as netlink.dump() does, for the sockets whose state is in the mask `states`."""
        return dump(dump_request(states), self._namespace)

    def walk(self, states: int, collectors: list) -> list[list]:
        """Dump the sockets once, pass each message to the collectors, and return the rows of inet_diag.sockets().

        A collector has a method add(chunk, offsets) and an attribute `over`, which is True once it needs no more
        messages. Raises OSError, and NettuneError for malformed messages.
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
    """Pass the messages at `offsets` to those collectors that need more."""
    for collector in collectors:
        if not collector.over:
            collector.add(chunk, offsets)
