# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build sock_diag messages field by field (include/uapi/linux/inet_diag.h)."""

from __future__ import annotations

import socket
import struct
from collections import Counter

AF_INET = 2
AF_INET6 = 10
SHUTDOWN = 8
MARK = 15

DONE = struct.pack("=IHHIIi", 20, 3, 2, 1, 0, 0)


def failure(errno: int, *, kind: int = 2, padding: int = 0) -> bytes:
    """Return an NLMSG_ERROR, or with kind 3 an NLMSG_DONE, with an error number."""
    return struct.pack("=IHHIIi", 20 + padding, kind, 2, 1, 0, -errno) + bytes(padding)


def attribute(kind: int, payload: bytes) -> bytes:
    """Return an attribute, padded to four bytes."""
    padded = payload + bytes(-len(payload) % 4)
    return struct.pack("=HH", 4 + len(payload), kind) + padded


FULL = attribute(MARK, bytes(4)) + attribute(SHUTDOWN, b"\0")
SMALL = attribute(MARK, bytes(4))


def message(
    state: int,
    *,
    family: int = AF_INET,
    attributes: bytes = FULL,
    timer: int = 0,
    source: str = "127.0.0.1",
    sport: int = 80,
    destination: str = "127.0.0.2",
    dport: int = 40000,
    queues: tuple = (0, 0),
    inode: int = 1,
    retransmits: int = 0,
) -> bytes:
    """Return the message of a socket, which is full unless other attributes are given."""
    addresses = [socket.inet_pton(family, text).ljust(16, b"\0") for text in (source, destination)]
    body = (
        struct.pack("=BBBB", family, state, timer, retransmits) + struct.pack("!HH", sport, dport) + b"".join(addresses)
    )
    body += struct.pack("=I8xIIIII", 0, 0, *queues, 0, inode) + attributes
    return struct.pack("=IHHII", 16 + len(body), 18, 2, 1, 0) + body


def chunk(*messages: bytes) -> memoryview:
    """Return messages as one read returns them."""
    return memoryview(b"".join(messages))


def offsets(part: memoryview) -> list[int]:
    """Return the offsets of the messages of a chunk."""
    found, offset = [], 0
    while offset < len(part):
        found.append(offset)
        offset += struct.unpack_from("=I", part, offset)[0]
    return found


def by_length(*messages: bytes) -> list:
    """Return what Tally.by_length() does for these messages."""
    first = {len(one): one for one in reversed(messages)}
    heads = {length: Counter() for length in dict.fromkeys(map(len, messages))}
    for one in messages:
        heads[len(one)][struct.unpack_from("=H", one, 16)[0]] += 1
    return [(first[length], list(numbers.items())) for length, numbers in heads.items()]
