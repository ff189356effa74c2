# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The TCP sockets of a network namespace, dumped by sock_diag(7).

The kernel writes a chunk of a dump while it is read, without Python's lock. So a long dump is read in a thread while
the chunks before are counted: with two processors it takes as long as the slower of both instead of their sum.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from queue import SimpleQueue
from threading import Thread

from .._formats.inet_diag import BASE_LENGTH, dump_request, sockets
from .netlink import OwnNamespace, Tally, dump

# Chunks, of some 300 sockets each, that are read without a thread. Most hosts have no more.
_FIRST = 8
# Chunks that may be read before they are counted.
_AHEAD = 3


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
                with closing(_read_ahead(chunks) if _want_more(collectors) else chunks) as others:
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


def _read_ahead(chunks: Iterator[memoryview]) -> Iterator[memoryview | bytes]:
    """Yield the chunks and raise the exceptions of an iterator, which runs in a thread if that is of use."""
    ready: SimpleQueue = SimpleQueue()
    wanted: SimpleQueue = SimpleQueue()
    thread = Thread(target=_read, args=(chunks, ready, wanted), daemon=True)
    if len(os.sched_getaffinity(0)) == 1 or not _has_started(thread):
        yield from chunks
        return
    try:
        for _number in range(_AHEAD):
            wanted.put(True)
        while True:
            found = ready.get()
            if isinstance(found, Exception):
                raise found
            yield found
            wanted.put(True)
    finally:
        wanted.put(False)
        thread.join()


def _has_started(thread: Thread) -> bool:
    """Start a thread; return whether the limits of processes and memory allow it."""
    try:
        thread.start()
    except RuntimeError:
        return False
    return True


def _read(chunks: Iterator[memoryview], ready: SimpleQueue, wanted: SimpleQueue) -> None:
    """Put a copy of the next chunk on `ready` for each True on `wanted`. End with what was raised, whatever it is."""
    try:
        while wanted.get():
            ready.put(bytes(next(chunks)))
    except Exception as error:
        ready.put(error)
