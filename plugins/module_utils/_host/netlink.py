# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dumps over a netlink socket of sock_diag(7), and how many messages of which kind are in one (netlink(7)).

A dump is a row of chunks, each of whole messages, in the machine's byte order:

    0  length:4 type:2 flags:2 sequence:4 port:4        struct nlmsghdr
    16 what the message says, which begins with its head, two bytes

What messages say is known elsewhere. Here they are counted by length and head, each as one number, and the first
message of each length is kept.
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
# Heads of sock_diag's messages are a family of up to eight bits and a state of up to four, in either byte order.
_HEADS = 4096
# The kernel fills at most 32 KiB for a read, whatever the buffer, and less only where the buffer is smaller.
_BUFFER = 1 << 16
_PATIENCE_SECONDS = 30


class OwnNamespace:
    """The network namespace this process is in anyway."""

    def __enter__(self) -> None:
        """There is nowhere to go."""

    def __exit__(self, *_exception: object) -> None:
        """Nor to come back from."""


def dump(request: bytes, namespace: OwnNamespace) -> Iterator[memoryview]:
    """Chunks of messages, each good until the next is asked for; the reader stops at the end of the dump.

    Raises OSError where netlink is refused.
    """
    if not hasattr(socket, "AF_NETLINK"):
        raise OSError(errno.EAFNOSUPPORT, "this is no Linux")
    buffer = memoryview(bytearray(_BUFFER))
    with namespace:
        netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, _NETLINK_SOCK_DIAG)
    with netlink:
        # A dump never waits for anything, so silence means that something is wrong.
        netlink.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", _PATIENCE_SECONDS, 0))
        netlink.sendto(request, (0, 0))
        while True:
            yield buffer[: netlink.recv_into(buffer)]


class Tally:
    """Counts the messages of the dump that answers `request`, which are of its type and of `least` bytes or more.

    Raises OSError for the kernel's errors, with EBADMSG and where it is for what is no row of such messages, and with
    EINVAL for a request in another machine's byte order, on which the kernel would keep silent.
    """

    def __init__(self, request: bytes, *, least: int) -> None:
        if len(request) < _HEADER.size or _HEADER.unpack_from(request)[0] != len(request):
            raise OSError(errno.EINVAL, f"this machine knows no netlink request that begins with {request[:4].hex()}")
        self._kind = _HEADER.unpack_from(request)[1]
        self._least = least
        self._counts: dict[int, list[int]] = {}
        self._first: dict[int, bytes] = {}
        self.done = False

    def add(self, chunk: memoryview) -> None:
        """Count one chunk; `done` is set at the end of the dump."""
        self._walk(chunk, None)

    def locate(self, chunk: memoryview) -> list[int] | range:
        """Count one chunk and return where its messages start."""
        offsets: list[int] = []
        return self._walk(chunk, offsets) or offsets

    def by_length(self) -> list[tuple[bytes, list[tuple[int, int]]]]:
        """For each length its first message, and pairs of a head and how many messages have it."""
        return [
            (self._first[length], [(head, number) for head, number in enumerate(table) if number])
            for length, table in self._counts.items()
        ]

    def _walk(self, chunk: memoryview, offsets: list[int] | None) -> range | None:
        if len(chunk) % 4:
            raise OSError(errno.EBADMSG, f"a netlink answer of {len(chunk)} bytes is no row of messages")
        # An error may be as long as what is counted, but then it is alone.
        self._meet(chunk, 0)
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
            for head in chunk.cast("H")[8 :: length // 2].tolist():
                counts[head] += 1
        except IndexError:
            raise _no_message(chunk, 0) from None

    def _count_mixed(self, chunk: memoryview, words: memoryview, offsets: list[int] | None) -> None:
        heads = chunk.cast("H")
        counts, size, offset = self._counts, len(chunk), 0
        while offset < size and not self.done:
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
                self._meet(chunk, offset)
            except IndexError:
                raise _no_message(chunk, offset) from None
        if offset != size and not self.done:
            raise OSError(errno.EBADMSG, f"the last netlink message of a chunk ends {offset - size} bytes behind it")

    def _meet(self, chunk: memoryview, offset: int) -> None:
        """Look at a message whose length is new, or that may be an error or the end."""
        if offset + _HEADER.size > len(chunk):
            raise _no_message(chunk, offset)
        length, kind = _HEADER.unpack_from(chunk, offset)[:2]
        if kind in (_NLMSG_ERROR, _NLMSG_DONE):
            self._end(chunk[offset : offset + length])
        elif length not in self._counts:
            if kind != self._kind or length < self._least or length % 4 or offset + length > len(chunk):
                raise _no_message(chunk, offset)
            self._counts[length] = [0] * _HEADS
            self._first[length] = bytes(chunk[offset : offset + length])

    def _end(self, message: memoryview) -> None:
        self.done = True
        code = struct.unpack_from("=i", message, _HEADER.size)[0] if len(message) >= _HEADER.size + 4 else 0
        if code < 0:
            raise OSError(-code, os.strerror(-code))


def _uniform_length(words: memoryview) -> int:
    """The length of each message of a chunk where all have the same, else 0."""
    length = words[0]
    stride = length >> 2
    rows, rest = divmod(len(words), stride)
    if rest or words[(rows - 1) * stride] != length:
        return 0
    # Each length found says where the next one stands, so this is no sampling: it is a walk.
    return length if words[::stride].tolist().count(length) == rows else 0


def _no_message(chunk: memoryview, offset: int) -> OSError:
    start = bytes(chunk[offset : offset + 24]).hex()
    place = f"byte {offset} of a netlink chunk of {len(chunk)}"
    return OSError(errno.EBADMSG, f"{place} begins no message that was asked for: {start}")
