# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import errno
import struct

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._host import netlink
from ansible_collections.nettune.tcp.plugins.module_utils._host.netlink import OwnNamespace, Tally, dump
from ansible_collections.nettune.tcp.tests.unit.support.messages import (
    DONE,
    SMALL,
    by_length,
    chunk,
    failure,
    message,
    offsets,
)

KIND, LEAST = 18, 88
REQUEST = struct.pack("=IHHII", 24, KIND, 0x301, 1, 0) + bytes(8)


class FakeSocket:
    """Answers a dump with the given reads."""

    def __init__(self, reads):
        self.reads = list(reads)
        self.sent = b""
        self.closed = False
        self.buffers = set()
        self.options = []

    def setsockopt(self, *_arguments):
        pass

    def sendto(self, data, _address):
        self.sent = data

    def recv_into(self, buffer, *options):
        self.buffers.add(len(buffer))
        self.options.append(options)
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
        monkeypatch.setattr(netlink.socket, "socket", lambda *_arguments: made)
        return made

    return install


def test_a_dump_asks_once_and_reads_into_64_kib(fake):
    made = fake(b"first", b"second, longer")
    chunks = zip(range(2), dump(REQUEST, OwnNamespace()))
    assert [bytes(chunk) for _number, chunk in chunks] == [b"first", b"second, longer"]
    assert made.sent == REQUEST
    assert made.buffers == {65536}


def test_only_the_first_read_waits_for_the_kernel(fake):
    made = fake(b"first", b"second", b"third", BlockingIOError(11, "no more"))
    reader = dump(REQUEST, OwnNamespace())
    assert [bytes(next(reader)) for _number in range(3)] == [b"first", b"second", b"third"]
    with pytest.raises(BlockingIOError):
        next(reader)
    assert made.options == [(), *[(0, netlink.socket.MSG_DONTWAIT)] * 3]


def test_the_socket_is_closed_when_the_reader_stops(fake):
    made = fake(b"first", b"second")
    reader = dump(REQUEST, OwnNamespace())
    next(reader)
    reader.close()
    assert made.closed


def test_the_socket_is_closed_when_the_kernel_refuses(fake):
    made = fake(PermissionError(1, "no"))
    with pytest.raises(PermissionError):
        next(dump(REQUEST, OwnNamespace()))
    assert made.closed


def test_the_socket_is_made_inside_the_namespace(fake):
    steps = []

    class Namespace(OwnNamespace):
        def __enter__(self):
            steps.append("in")

        def __exit__(self, *_exception):
            steps.append("out")

    made = fake(b"first")
    reader = dump(REQUEST, Namespace())
    assert steps == []
    next(reader)
    assert steps == ["in", "out"]
    assert made.sent


def test_other_systems_have_no_netlink(monkeypatch):
    monkeypatch.delattr(netlink.socket, "AF_NETLINK")
    with pytest.raises(OSError, match="netlink needs Linux"):
        next(dump(REQUEST, OwnNamespace()))


def fresh():
    return Tally(REQUEST, least=LEAST)


def tally_of(*chunks):
    tally = fresh()
    for part in chunks:
        tally.add(part)
    return tally


def heads(*messages):
    """Return what the tally of these messages should be."""
    return [(first, sorted(numbers)) for first, numbers in by_length(*messages)]


FULL = message(1)
LITTLE = message(6, attributes=SMALL)


@pytest.mark.parametrize(
    "messages",
    [
        pytest.param([FULL, FULL, message(8)], id="one length"),
        pytest.param([FULL, LITTLE, message(1, sport=81), LITTLE, message(10)], id="two lengths"),
        pytest.param(
            [FULL, *[LITTLE] * (len(FULL) - 2 * len(FULL) // len(LITTLE)), FULL], id="equal lengths at both ends"
        ),
        pytest.param([FULL], id="one"),
    ],
)
@pytest.mark.parametrize("end", [[], [DONE]])
def test_messages_are_counted_by_length_and_head_and_the_first_is_kept(messages, end):
    tally = tally_of(chunk(*messages, *end))
    assert tally.by_length() == heads(*messages)
    assert tally.done == bool(end)
    located = fresh()
    assert list(located.locate(chunk(*messages, *end)))[: len(messages)] == offsets(chunk(*messages))
    assert located.by_length() == tally.by_length()


def test_counts_continue_over_chunks():
    tally = tally_of(chunk(FULL, FULL), chunk(LITTLE, LITTLE), chunk(message(1, sport=81), LITTLE), chunk(DONE))
    assert tally.by_length() == heads(*[FULL] * 3, *[LITTLE] * 3)
    assert tally.done


def test_the_first_message_is_copied():
    data = bytearray(FULL)
    tally = tally_of(memoryview(data))
    data[:] = bytes(len(data))
    assert tally.by_length()[0][0] == FULL


def test_the_end_of_a_dump_has_no_messages():
    assert list(fresh().locate(chunk(DONE))) == []


@pytest.mark.parametrize("number", [1, 2, 13, 22])
@pytest.mark.parametrize("kind", [2, 3])
def test_an_error_of_the_kernel_is_raised(number, kind):
    with pytest.raises(OSError, match=rf"\[Errno {number}\] [A-Z]") as caught:
        fresh().add(chunk(failure(number, kind=kind)))
    assert caught.value.errno == number


def test_an_error_with_the_length_of_a_message_is_not_counted():
    tally = tally_of(chunk(FULL))
    with pytest.raises(OSError, match="Invalid argument"):
        tally.add(chunk(failure(22, padding=len(FULL) - 20)))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(bytes(12), id="shorter than a header"),
        pytest.param(bytes(64), id="a length of zero"),
        pytest.param(FULL[:-4], id="cut"),
        pytest.param(FULL + FULL[:-8], id="the last message cut"),
        pytest.param(FULL + FULL[:20], id="cut in its header"),
        pytest.param(FULL + bytes(8), id="half a header"),
        pytest.param(FULL[:-2], id="not aligned"),
        pytest.param(struct.pack("=IHHII", 40, KIND, 0, 0, 0) + bytes(24), id="shorter than the least length"),
        pytest.param(FULL[:4] + struct.pack("=H", 99) + FULL[6:], id="another type"),
        pytest.param(FULL[:16] + b"\xff\xff" + FULL[18:], id="invalid head"),
        pytest.param(LITTLE + FULL[:16] + b"\xff\xff" + FULL[18:], id="invalid head, mixed lengths"),
    ],
)
@pytest.mark.parametrize("way", ["add", "locate"])
def test_a_malformed_chunk_raises(data, way):
    with pytest.raises(OSError, match="netlink ") as caught:
        getattr(fresh(), way)(memoryview(data))
    assert caught.value.errno == errno.EBADMSG


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(struct.pack("=I", 4), id="shorter than a header"),
        pytest.param(REQUEST[:-1], id="cut"),
        pytest.param(REQUEST[3::-1] + REQUEST[4:], id="in the other byte order"),
    ],
)
def test_a_malformed_request_is_refused(request_bytes):
    with pytest.raises(OSError, match="not a netlink request of this machine") as caught:
        Tally(request_bytes, least=LEAST)
    assert caught.value.errno == errno.EINVAL
