# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the chunks of a long netlink dump in a thread, while the caller counts those before.

The kernel writes a chunk while it is read, without Python's lock. So on two processors a dump takes as long as the
slower of reading and counting, instead of their sum.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from queue import SimpleQueue
from threading import Thread

# Chunks that may wait for the caller.
_AHEAD = 3


def read_ahead(chunks: Iterator[memoryview]) -> Iterator[memoryview | bytes]:
    """Yield the chunks and raise the exceptions of an endless iterator, which runs in a thread if that is of use.

    A chunk is valid until the next one is taken. The thread ends when the caller closes this iterator, so reading must
    not wait long.
    """
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
