# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Netlink messages and their attributes (netlink(7)), in the machine's byte order.

    0  length:4 type:2 flags:2 sequence:4 port:4    struct nlmsghdr
    16 payload, then attributes: length:2 kind:2 value

Messages and attributes start at multiples of 4 bytes. sock_diag answers, which may be millions, have a parser of their
own; this one is for short answers.
"""

from __future__ import annotations

import struct
from typing import Iterator

from .._common.errors import MalformedInput

_HEADER, _ATTRIBUTE = struct.Struct("=IHHII"), struct.Struct("=HH")
_REQUEST_DUMP = 0x301
_ERROR, _DONE = 2, 3
# The upper two bits of an attribute's kind are flags.
_KIND_BITS = 0x3FFF


def dump_request(kind: int, payload: bytes) -> bytes:
    """Return the request for a dump."""
    return _HEADER.pack(_HEADER.size + len(payload), kind, _REQUEST_DUMP, 1, 0) + payload


def messages(chunk: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (type, payload) of the messages of a chunk. Raises MalformedInput."""
    offset = 0
    while offset < len(chunk):
        if offset + _HEADER.size > len(chunk):
            raise MalformedInput(f"a netlink message of {len(chunk) - offset} bytes is too short")
        length, kind = _HEADER.unpack_from(chunk, offset)[:2]
        start, end = offset + _HEADER.size, offset + length
        if length < _HEADER.size or end > len(chunk):
            raise MalformedInput(f"a netlink message claims {length} of {len(chunk) - offset} bytes")
        yield kind, chunk[start:end]
        offset += length + 3 & ~3


def end_of(kind: int, payload: bytes) -> int | None:
    """Return the kernel's error number, 0 for success, if this message ends the answer; None if it goes on."""
    if kind not in (_ERROR, _DONE):
        return None
    return -struct.unpack_from("=i", payload)[0] if len(payload) >= 4 else 0


class Answer:
    """Collects the messages of an answer to a dump. Subclasses say in take() what they keep of them.

    `done` is True at the end of the answer, `error` the kernel's error number, or 0.
    """

    def __init__(self) -> None:
        self.done = False
        self.error = 0

    def add(self, chunk: bytes) -> None:
        """Add the messages of a chunk. Raises MalformedInput."""
        for kind, payload in messages(chunk):
            end = end_of(kind, payload)
            if end is not None:
                self.done, self.error = True, end
                return
            self.take(kind, payload)

    def take(self, kind: int, payload: bytes) -> None:
        """Keep what is needed of a message. Raises MalformedInput."""
        raise NotImplementedError


def attributes(payload: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    """Yield (kind, value) of the attributes from `offset` on. Raises MalformedInput."""
    while offset + _ATTRIBUTE.size <= len(payload):
        size, kind = _ATTRIBUTE.unpack_from(payload, offset)
        start, end = offset + _ATTRIBUTE.size, offset + size
        if size < _ATTRIBUTE.size or end > len(payload):
            raise MalformedInput(f"attribute {kind} of a netlink message claims {size} bytes")
        yield kind & _KIND_BITS, payload[start:end]
        offset += size + 3 & ~3
