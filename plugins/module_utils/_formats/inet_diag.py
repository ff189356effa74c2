# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""TCP sockets in sock_diag messages (sock_diag(7), include/uapi/linux/inet_diag.h, net/ipv4/inet_diag.c).

The layout of a message, in the machine's byte order (ports and addresses in network byte order):

    0  length:4 type:2 flags:2 sequence:4 port:4                                        struct nlmsghdr
    16 family:1 state:1 timer:1 retrans:1  20 sport:2 dport:2  24 src:16  40 dst:16     struct inet_diag_msg
    56 interface:4 cookie:8  68 expires:4 rqueue:4 wqueue:4 uid:4 inode:4  88 attributes

The length of a message depends on the kernel, on privileges and on the socket, so nothing here assumes one.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

from .._common.errors import MalformedInput

AF_INET = 2
AF_INET6 = 10
FAMILIES = (AF_INET, AF_INET6)
BASE_LENGTH = 88
# A message has room for so many bits of an inode number.
INODE_BITS = (1 << 32) - 1

_TCPDIAG_GETSOCK = 18
_NLM_F_REQUEST_DUMP = 0x301
_SHUTDOWN = 8
_ATTRIBUTE = struct.Struct("=HH")
_REQUEST = struct.Struct("=IHHIIBBBB48xII")
# The family and the state of a message, which are counted as one 16-bit number.
_HEAD = struct.Struct("=H")
# ::ffff:0:0/96
_MAPPED = bytes(10) + b"\xff\xff"


def dump_request(states: int) -> bytes:
    """Return a request for the TCP sockets of both families whose state is in the mask `states`, without attributes.

    This is the older request, TCPDIAG_GETSOCK: its family 0 returns both families in one walk. SOCK_DIAG_BY_FAMILY
    refuses family 0.
    """
    return _REQUEST.pack(_REQUEST.size, _TCPDIAG_GETSOCK, _NLM_F_REQUEST_DUMP, 1, 0, 0, 0, 0, 0, states, 0)


def sockets(by_length: Iterable[tuple[bytes, Iterable[tuple[int, int]]]]) -> list[list]:
    """Return rows of [family, state, full, number of sockets]; several rows may have the same family, state and full.

    `by_length`: for each length, the first message and pairs of (head, number of messages). Request sockets (SYN_RECV)
    and time-wait sockets (TIME_WAIT or FIN_WAIT2) are small, all others are full. Raises MalformedInput.
    """
    rows: list[list] = []
    for message, numbers in by_length:
        full = _is_full(message)
        rows += [[*_HEAD.pack(head), full, number] for head, number in numbers]
    return rows


def _is_full(message: bytes) -> bool:
    """Return whether the message is of a full socket: only those have the attribute INET_DIAG_SHUTDOWN."""
    offset = BASE_LENGTH
    while offset + _ATTRIBUTE.size <= len(message):
        size, kind = _ATTRIBUTE.unpack_from(message, offset)
        if size < _ATTRIBUTE.size or offset + size > len(message):
            raise MalformedInput(f"attribute {kind} at byte {offset} of a sock_diag message claims {size} bytes")
        if kind == _SHUTDOWN:
            return True
        offset += size + 3 & ~3
    return False


def address_text(raw: bytes, *, ipv6: bool) -> str:
    """Return the text of an address of 16 bytes; an IPv4 address is in the first four of them.

    An IPv4 address mapped into IPv6 is written as IPv4.

    >>> address_text(bytes([192, 0, 2, 1]), ipv6=False)
    '192.0.2.1'
    >>> address_text(bytes(15) + bytes([1]), ipv6=True)
    '::1'
    """
    raw, ipv6 = unmapped(raw, ipv6=ipv6)
    if not ipv6:
        return ".".join(map(str, raw[:4]))
    return _ipv6_text(struct.unpack("!8H", raw[:16]))


def unmapped(raw: bytes, *, ipv6: bool) -> tuple[bytes, bool]:
    """Return an address and whether it is IPv6; an IPv4 address mapped into IPv6 becomes an IPv4 address."""
    if ipv6 and raw[:12] == _MAPPED:
        return raw[12:16] + bytes(12), False
    return raw, ipv6


def _ipv6_text(groups: tuple[int, ...]) -> str:
    """Return the text of RFC 5952: lower case, no leading zeros, the first longest run of two or more zeros as '::'."""
    text = ":".join(f"{group:x}" for group in groups)
    for length in range(len(groups), 1, -1):
        for start in range(len(groups) - length + 1):
            end = start + length
            if not any(groups[start:end]):
                head = ":".join(f"{group:x}" for group in groups[:start])
                tail = ":".join(f"{group:x}" for group in groups[end:])
                return f"{head}::{tail}"
    return text
