# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import errno
import os
import threading

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.tcp_state import ALL
from ansible_collections.nettune.tcp.plugins.module_utils._host import sock_diag
from ansible_collections.nettune.tcp.plugins.module_utils._host.netlink import OwnNamespace
from ansible_collections.nettune.tcp.plugins.module_utils._host.sock_diag import SockDiag
from ansible_collections.nettune.tcp.tests.unit.support.messages import DONE, failure, message


class States:
    """A collector that needs every message, and keeps its state."""

    over = False

    def __init__(self):
        self.seen = []

    def add(self, chunk, offsets):
        self.seen += [chunk[offset + 17] for offset in offsets]


class OfOneChunk(States):
    """A collector that needs one chunk, as that of listeners does."""

    def add(self, chunk, offsets):
        super().add(chunk, offsets)
        self.over = True


@pytest.fixture
def long_answer(monkeypatch):
    """Return a function that makes the kernel answer with many reads, and returns the names of the reading threads."""

    def install(*reads, processors=2):
        threads = []

        def dump(_request, _namespace):
            for read in reads:
                threads.append(threading.current_thread().name)
                if isinstance(read, Exception):
                    raise read
                # A buffer that is used again, as netlink.dump() does.
                buffer = bytearray(read)
                yield memoryview(buffer)
                buffer[:] = bytes(len(buffer))

        monkeypatch.setattr(sock_diag, "dump", dump)
        monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(processors)))
        return threads

    return install


STATES = [1 + number % 11 for number in range(200)]
NOTHING_MORE = BlockingIOError(errno.EAGAIN, "no more")
LONG = [*map(message, STATES), DONE, NOTHING_MORE]


def test_a_long_dump_is_read_in_one_thread_that_ends(long_answer):
    names, collector = long_answer(*LONG), States()
    before = threading.active_count()
    rows = SockDiag(OwnNamespace()).walk(ALL, [collector])
    assert collector.seen == STATES
    assert {state: number for _family, state, _full, number in rows} == {
        state: STATES.count(state) for state in set(STATES)
    }
    main = threading.current_thread().name
    assert names[:8] == [main] * 8
    assert len(set(names[8:])) == 1
    assert main not in names[8:]
    assert threading.active_count() == before


@pytest.mark.parametrize("collectors", [[], [OfOneChunk()]])
def test_counting_alone_needs_no_thread(long_answer, collectors):
    names = long_answer(*LONG)
    SockDiag(OwnNamespace()).walk(ALL, collectors)
    assert set(names) == {threading.current_thread().name}


def test_one_processor_needs_no_thread(long_answer):
    names, collector = long_answer(*LONG, processors=1), States()
    SockDiag(OwnNamespace()).walk(ALL, [collector])
    assert set(names) == {threading.current_thread().name}
    assert collector.seen == STATES


def test_a_host_that_allows_no_more_threads_is_read_without_one(long_answer, monkeypatch):
    def start(_thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    names, collector = long_answer(*LONG), States()
    SockDiag(OwnNamespace()).walk(ALL, [collector])
    assert set(names) == {threading.current_thread().name}
    assert collector.seen == STATES


@pytest.mark.parametrize(
    "end",
    [OSError(errno.ENOBUFS, "no room"), NOTHING_MORE, MemoryError(), failure(errno.EPERM, kind=3), b"not a message"],
)
def test_a_dump_that_breaks_in_the_thread_raises_and_leaves_no_thread(long_answer, end):
    long_answer(*LONG[:100], end, *LONG[100:])
    before = threading.active_count()
    with pytest.raises((OSError, MemoryError)):
        SockDiag(OwnNamespace()).walk(ALL, [States()])
    assert threading.active_count() == before


def test_a_collector_that_breaks_leaves_no_thread(long_answer):
    class Broken(States):
        def add(self, chunk, offsets):
            super().add(chunk, offsets)
            if len(self.seen) == 50:
                raise ZeroDivisionError

    long_answer(*LONG)
    before = threading.active_count()
    with pytest.raises(ZeroDivisionError):
        SockDiag(OwnNamespace()).walk(ALL, [Broken()])
    assert threading.active_count() == before
