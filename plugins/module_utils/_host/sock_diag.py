# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The TCP sockets of a network namespace, dumped by sock_diag(7)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import islice

from .._formats.inet_diag import BASE_LENGTH, dump_request, sockets
from .netlink import OwnNamespace, Tally, dump

# Chunks, of some 300 sockets each, that are read without a thread. Most hosts have no more.
_FIRST = 8


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
        with closing(self.dump(states)) as chunks:
            _count(islice(chunks, _FIRST), tally, collectors)
            if not tally.done:
                # Counting alone is too quick to pay for a thread.
                with closing(_ahead(chunks) if _want_more(collectors) else chunks) as others:
                    _count(others, tally, collectors)
        return sockets(tally.by_length())


def _count(chunks: Iterator[memoryview | bytes], tally: Tally, collectors: list) -> None:
    """Count the messages of chunks and pass them to the collectors, up to the end of the dump."""
    for chunk in chunks:
        if _want_more(collectors):
            messages = bytes(chunk)
            feed(messages, tally.locate(memoryview(messages)), collectors)
        else:
            tally.add(memoryview(chunk))
        if tally.done:
            break


def _want_more(collectors: list) -> bool:
    return not all(collector.over for collector in collectors)


def feed(chunk: bytes, offsets: list[int] | range, collectors: list) -> None:
    """Pass the messages at `offsets` to those collectors that need more."""
    for collector in collectors:
        if not collector.over:
            collector.add(chunk, offsets)


def _ahead(chunks: Iterator[memoryview]) -> Iterator[memoryview | bytes]:
    from .read_ahead import read_ahead  # few hosts have so many sockets

    return read_ahead(chunks)
