# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read sock_diag(7) dumps from a netlink socket, and count their messages by kind (netlink(7)).

A dump is a sequence of chunks of whole messages, in the machine's byte order:

    0  length:4 type:2 flags:2 sequence:4 port:4        struct nlmsghdr
    16 payload; its first two bytes are the family and the state, here called the head

This file does not interpret payloads. It counts messages by length and head, and keeps the first message of each
length.
"""

from __future__ import annotations

import errno
import os
import socket
import struct
from collections.abc import Iterator

_NETLINK_SOCK_DIAG = 4
_NLMSG_ERROR = 2
_NLMSG_DONE = 3
_HEADER = struct.Struct("=IHHII")
# In either byte order a head is below this: the family is AF_INET or AF_INET6, the state has four bits.
_HEADS = 4096
# The kernel returns at most 32 KiB per read.
_BUFFER = 1 << 16
_TIMEOUT_SECONDS = 30


class OwnNamespace:
    """A context that stays in the network namespace of this process."""

    def __enter__(self) -> None:
        """No-op."""

    def __exit__(self, *_exception: object) -> None:
        """No-op."""


def dump(request: bytes, namespace: OwnNamespace, *, protocol: int = _NETLINK_SOCK_DIAG) -> Iterator[memoryview]:
    """Send a request from inside `namespace` and yield the chunks of the answer.

    A chunk is valid until the next one is read. The caller stops at the end of the dump; a read beyond it does not
    wait. Raises OSError if netlink is not available.
    """
    if not hasattr(socket, "AF_NETLINK"):
        raise OSError(errno.EAFNOSUPPORT, "netlink needs Linux")
    buffer = memoryview(bytearray(_BUFFER))
    with namespace:
        netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, protocol)
    with netlink:
        # The kernel answers a dump at once; a read that takes this long will not return. It writes each of the other
        # chunks during the read before (netlink_recvmsg of net/netlink/af_netlink.c), so they never have to be awaited.
        netlink.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", _TIMEOUT_SECONDS, 0))
        netlink.sendto(request, (0, 0))
        yield buffer[: netlink.recv_into(buffer)]
        while True:
            yield buffer[: netlink.recv_into(buffer, 0, socket.MSG_DONTWAIT)]


class Tally:
    """Counts the messages of the answer to `request`: those have its type and at least `least` bytes.

    Raises OSError: the kernel's errors, EBADMSG with the position of a malformed message, and EINVAL for a request in
    the wrong byte order, which the kernel would not answer at all.
    """

    def __init__(self, request: bytes, *, least: int) -> None:
        if len(request) < _HEADER.size or _HEADER.unpack_from(request)[0] != len(request):
            raise OSError(errno.EINVAL, f"not a netlink request of this machine: {request[:4].hex()}")
        self._kind = _HEADER.unpack_from(request)[1]
        self._least = least
        self._counts: dict[int, list[int]] = {}
        self._first: dict[int, bytes] = {}
        self.done = False

    def add(self, chunk: memoryview) -> None:
        """Count the messages of a chunk; `done` becomes True at the end of the dump."""
        self._walk(chunk, None)

    def locate(self, chunk: memoryview) -> list[int] | range:
        """Count the messages of a chunk and return their offsets."""
        offsets: list[int] = []
        return self._walk(chunk, offsets) or offsets

    def by_length(self) -> list[tuple[bytes, list[tuple[int, int]]]]:
        """Return, for each length, its first message and pairs of (head, number of messages)."""
        return [
            (self._first[length], [(head, number) for head, number in enumerate(table) if number])
            for length, table in self._counts.items()
        ]

    def _walk(self, chunk: memoryview, offsets: list[int] | None) -> range | None:
        if len(chunk) % 4:
            raise OSError(errno.EBADMSG, f"a netlink chunk of {len(chunk)} bytes is not a multiple of 4")
        # An error may have the length of a counted message, but it always comes alone.
        self._check(chunk, 0)
        if self.done:
            return None
        words = chunk.cast("I")
        uniform = _uniform_length(words)
        if uniform:
            self._count_uniform(chunk, uniform)
            return range(0, len(chunk), uniform)
        self._count_mixed(chunk, words, offsets)
        return None

    def _count_uniform(self, chunk: memoryview, length: int) -> None:
        counts = self._counts[length]
        try:
            step = length // 2
            for head in chunk.cast("H")[8::step].tolist():
                counts[head] += 1
        except IndexError:
            raise _malformed(chunk, 0) from None

    def _count_mixed(self, chunk: memoryview, words: memoryview, offsets: list[int] | None) -> None:
        heads = chunk.cast("H")
        counts, size, offset = self._counts, len(chunk), 0
        while offset < size and not self.done:
            # There are two loops because a test for each message would be slower.
            try:
                if offsets is None:
                    while offset < size:
                        length = words[offset >> 2]
                        counts[length][heads[(offset >> 1) + 8]] += 1
                        offset += length
                else:
                    while offset < size:
                        length = words[offset >> 2]
                        counts[length][heads[(offset >> 1) + 8]] += 1
                        offsets.append(offset)
                        offset += length
            except KeyError:
                self._check(chunk, offset)
            except IndexError:
                raise _malformed(chunk, offset) from None
        if offset != size and not self.done:
            raise OSError(
                errno.EBADMSG, f"the last netlink message of a chunk ends {offset - size} bytes after the chunk"
            )

    def _check(self, chunk: memoryview, offset: int) -> None:
        """Check a message whose length is new, or that may be an error or the end of the dump."""
        if offset + _HEADER.size > len(chunk):
            raise _malformed(chunk, offset)
        length, kind = _HEADER.unpack_from(chunk, offset)[:2]
        end = offset + length
        if kind in (_NLMSG_ERROR, _NLMSG_DONE):
            self._end(chunk[offset:end])
        elif length not in self._counts:
            if kind != self._kind or length < self._least or length % 4 or offset + length > len(chunk):
                raise _malformed(chunk, offset)
            self._counts[length] = [0] * _HEADS
            self._first[length] = bytes(chunk[offset:end])

    def _end(self, message: memoryview) -> None:
        self.done = True
        code = struct.unpack_from("=i", message, _HEADER.size)[0] if len(message) >= _HEADER.size + 4 else 0
        if code < 0:
            raise OSError(-code, os.strerror(-code))


def _uniform_length(words: memoryview) -> int:
    """Return the length of the messages of a chunk if they all have the same length, else 0."""
    length = words[0]
    stride = length >> 2
    rows, rest = divmod(len(words), stride)
    if rest or words[(rows - 1) * stride] != length:
        return 0
    # Each length gives the position of the next one, so this checks every message.
    return length if words[::stride].tolist().count(length) == rows else 0


def _malformed(chunk: memoryview, offset: int) -> OSError:
    start = bytes(chunk[offset:][:24]).hex()
    place = f"byte {offset} of a netlink chunk of {len(chunk)}"
    return OSError(errno.EBADMSG, f"{place} is not the start of an expected message: {start}")
