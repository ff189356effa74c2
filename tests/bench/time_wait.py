# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps sockets in TIME_WAIT, which the kernel ends after 60 seconds.

Whatever segment with an ACK reaches such a socket starts its minute anew (RFC 9293, 3.10.7.4), so each gets one from a
raw socket (raw(7)). What it answers reaches nobody and comes back as a reset, which it ignores where tcp_rfc1337 is 1.
"""

from __future__ import annotations

import socket
import struct
from typing import Iterator, NamedTuple

_NETLINK_SOCK_DIAG = 4
_TCPDIAG_GETSOCK = 18
_NLM_F_REQUEST_DUMP = 0x301
_NLMSG_DONE = 3
_TIME_WAIT = 6
_IPV6_HDRINCL = 36
_ACK = 0x10
_REQUEST = struct.Struct("=IHHIIBBBB48xII")
_MAPPED = bytes(10) + b"\xff\xff"
_BUFFER = 1 << 16


class Waiting(NamedTuple):
    """A socket in TIME_WAIT: ports in the net's byte order, addresses of 4 or 16 bytes."""

    local_port: bytes
    remote_port: bytes
    local: bytes
    remote: bytes


def renew() -> int:
    """Start the minute of every socket in TIME_WAIT of this network namespace anew; how many there are."""
    mouths = {4: _raw(socket.AF_INET), 16: _raw(socket.AF_INET6)}
    mouths[16].setsockopt(socket.IPPROTO_IPV6, _IPV6_HDRINCL, 1)
    targets = {}
    number = 0
    for waiting in list(_all()):
        if waiting.local not in targets:
            family = socket.AF_INET if len(waiting.local) == 4 else socket.AF_INET6
            targets[waiting.local] = (socket.inet_ntop(family, waiting.local), 0)
        mouths[len(waiting.local)].sendto(packet(waiting), targets[waiting.local])
        number += 1
    for mouth in mouths.values():
        mouth.close()
    return number


def packet(waiting: Waiting) -> bytes:
    """An ACK to the socket from its remote end, whole with its IP header; any sequence number will do."""
    ports = waiting.remote_port + waiting.local_port
    segment = ports + struct.pack("!IIBBHHH", 1, 1, 0x50, _ACK, 0, 0, 0)
    pseudo = waiting.remote + waiting.local + struct.pack("!II", len(segment), socket.IPPROTO_TCP)
    segment = segment[:16] + struct.pack("!H", checksum(pseudo + segment)) + segment[18:]
    if len(waiting.local) == 4:
        # The kernel fills in IPv4's length and checksum itself.
        return struct.pack("!BBHHHBBH", 0x45, 0, 0, 0, 0, 64, socket.IPPROTO_TCP, 0) + (
            waiting.remote + waiting.local + segment
        )
    return struct.pack("!IHBB", 6 << 28, len(segment), socket.IPPROTO_TCP, 64) + (
        waiting.remote + waiting.local + segment
    )


def checksum(data: bytes) -> int:
    """The Internet checksum of RFC 1071, of an even number of bytes."""
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def _all() -> Iterator[Waiting]:
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_SOCK_DIAG) as netlink:
        head = (_REQUEST.size, _TCPDIAG_GETSOCK, _NLM_F_REQUEST_DUMP, 1, 0, 0, 0, 0, 0, 1 << _TIME_WAIT, 0)
        netlink.sendto(_REQUEST.pack(*head), (0, 0))
        while True:
            chunk = netlink.recv(_BUFFER)
            offset = 0
            while offset < len(chunk):
                length, kind = struct.unpack_from("=IH", chunk, offset)
                if kind == _NLMSG_DONE:
                    return
                yield of_message(chunk[offset : offset + length])
                offset += length


def of_message(message: bytes) -> Waiting:
    """The socket that a message of sock_diag(7) tells of; a v4-mapped one by its IPv4 addresses."""
    local, remote = message[24:40], message[40:56]
    if message[16] == socket.AF_INET:
        local, remote = local[:4], remote[:4]
    elif local.startswith(_MAPPED):
        local, remote = local[12:], remote[12:]
    return Waiting(message[20:22], message[22:24], local, remote)


def _raw(family: int) -> socket.socket:
    return socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW)
