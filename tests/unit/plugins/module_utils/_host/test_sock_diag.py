# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import errno
import socket
import struct
import threading

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.module_utils._formats.inet_diag import AF_INET, dump_request
from ansible_collections.nettune.tcp.plugins.module_utils._formats.tcp_state import ALL
from ansible_collections.nettune.tcp.plugins.module_utils._host import sock_diag
from ansible_collections.nettune.tcp.plugins.module_utils._host.netlink import OwnNamespace
from ansible_collections.nettune.tcp.plugins.module_utils._host.sock_diag import SockDiag
from ansible_collections.nettune.tcp.tests.unit.support.messages import DONE, SMALL, failure, message


@pytest.fixture
def answer(monkeypatch):
    """Return a function that makes the kernel answer with these reads, and returns the requests."""
    asked = []

    def install(*reads):
        def dump(request, namespace):
            asked.append((request, namespace))
            yield from map(memoryview, reads)

        monkeypatch.setattr(sock_diag, "dump", dump)
        return asked

    return install


class First:
    """A collector that needs one chunk."""

    over = False

    def __init__(self):
        self.seen = []

    def add(self, chunk, offsets):
        self.seen.append((type(chunk), list(offsets)))
        self.over = True


def test_a_walk_counts_all_messages_and_feeds_collectors_until_they_are_over(answer):
    asked = answer(message(10) + message(6, attributes=SMALL), message(1), DONE, b"never read")
    namespace, collector = OwnNamespace(), First()
    assert SockDiag(namespace).walk(ALL, [collector]) == [
        [AF_INET, 1, True, 1],
        [AF_INET, 10, True, 1],
        [AF_INET, 6, False, 1],
    ]
    assert collector.seen == [(bytes, [0, len(message(10))])]
    assert asked == [(dump_request(ALL), namespace)]


@pytest.mark.parametrize(
    "data",
    [
        failure(1),
        failure(2, kind=3),
        b"",
        bytes(64),
        message(1)[:-4],
        message(1, attributes=struct.pack("=HHI", 400, 8, 0)),
        struct.pack("=IHHII", 40, 18, 0, 0, 0) + bytes(24),
    ],
)
@pytest.mark.parametrize("collectors", [[], [First()]])
def test_a_malformed_answer_raises(answer, data, collectors):
    answer(data, DONE)
    with pytest.raises((OSError, NettuneError)):
        SockDiag(OwnNamespace()).walk(ALL, collectors)


class States:
    """A collector that needs every message, and keeps its state."""

    over = False

    def __init__(self):
        self.seen = []

    def add(self, chunk, offsets):
        self.seen += [chunk[offset + 17] for offset in offsets]


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
        monkeypatch.setattr(sock_diag.os, "sched_getaffinity", lambda _pid: set(range(processors)))
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


@pytest.mark.parametrize("collectors", [[], [First()]])
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


def test_this_kernel_reports_a_listener():
    try:
        probe = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 4)
    except OSError as error:
        pytest.skip(f"netlink is refused here: {error}")
    probe.close()
    with socket.create_server(("127.0.0.1", 0)):
        sockets = SockDiag(OwnNamespace()).walk(ALL, [])
    assert sum(number for family, state, _full, number in sockets if (family, state) == (AF_INET, 10)) >= 1
