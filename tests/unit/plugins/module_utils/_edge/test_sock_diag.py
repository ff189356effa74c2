# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import socket

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._core.inet_diag import AF_INET, dump_request
from ansible_collections.nettune.tcp.plugins.module_utils._core.tcp_state import ALL
from ansible_collections.nettune.tcp.plugins.module_utils._edge import sock_diag
from ansible_collections.nettune.tcp.plugins.module_utils._edge.sock_diag import OwnNamespace, SockDiag

from .._core.messages import DONE, SMALL, message


class FakeSocket:
    """Answers a dump with the given reads."""

    def __init__(self, reads):
        self.reads = list(reads)
        self.sent = b""
        self.closed = False
        self.buffers = set()

    def setsockopt(self, *_arguments):
        pass

    def sendto(self, data, _address):
        self.sent = data

    def recv_into(self, buffer):
        self.buffers.add(len(buffer))
        read = self.reads.pop(0)
        if isinstance(read, OSError):
            raise read
        buffer[: len(read)] = read
        return len(read)

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.closed = True


@pytest.fixture
def fake(monkeypatch):
    def install(*reads):
        made = FakeSocket(reads)
        monkeypatch.setattr(sock_diag.socket, "socket", lambda *_arguments: made)
        return made

    return install


def test_a_dump_asks_once_and_reads_into_64_kib(fake):
    made = fake(b"first", b"second, longer")
    chunks = zip(range(2), SockDiag(OwnNamespace()).dump(ALL))
    assert [bytes(chunk) for _number, chunk in chunks] == [b"first", b"second, longer"]
    assert made.sent == dump_request(ALL)
    assert made.buffers == {65536}


def test_the_socket_is_closed_when_the_reader_stops(fake):
    made = fake(b"first", b"second")
    dump = SockDiag(OwnNamespace()).dump(ALL)
    next(dump)
    dump.close()
    assert made.closed


def test_the_socket_is_closed_when_the_kernel_refuses(fake):
    made = fake(PermissionError(1, "no"))
    with pytest.raises(PermissionError):
        next(SockDiag(OwnNamespace()).dump(ALL))
    assert made.closed


def test_the_socket_is_made_inside_the_namespace(fake):
    steps = []

    class Namespace(OwnNamespace):
        def __enter__(self):
            steps.append("in")

        def __exit__(self, *_exception):
            steps.append("out")

    made = fake(b"first")
    dump = SockDiag(Namespace()).dump(ALL)
    assert steps == []
    next(dump)
    assert steps == ["in", "out"]
    assert made.sent


class First:
    """Wants to see one chunk."""

    over = False

    def __init__(self):
        self.seen = []

    def add(self, chunk, offsets):
        self.seen.append((type(chunk), list(offsets)))
        self.over = True


def test_a_walk_counts_all_and_shows_what_is_wanted(fake):
    fake(message(10) + message(6, attributes=SMALL), message(1), DONE)
    collector = First()
    assert SockDiag(OwnNamespace()).walk(ALL, [collector]) == [
        [AF_INET, 1, True, 1],
        [AF_INET, 10, True, 1],
        [AF_INET, 6, False, 1],
    ]
    assert collector.seen == [(bytes, [0, len(message(10))])]


def test_another_system_has_none(monkeypatch):
    monkeypatch.delattr(sock_diag.socket, "AF_NETLINK")
    with pytest.raises(OSError, match="no Linux"):
        next(SockDiag(OwnNamespace()).dump(ALL))


def test_this_kernel_answers():
    try:
        probe = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 4)
    except OSError as error:
        pytest.skip(f"netlink is refused here: {error}")
    probe.close()
    with socket.create_server(("127.0.0.1", 0)):
        sockets = SockDiag(OwnNamespace()).walk(ALL, [])
    assert sum(number for family, state, _full, number in sockets if (family, state) == (AF_INET, 10)) >= 1
