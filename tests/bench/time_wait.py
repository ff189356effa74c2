# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep sockets in TIME_WAIT, which the kernel ends after 60 seconds.

Every segment with an ACK restarts the minute of such a socket (RFC 9293, 3.10.7.4), so each socket gets one from a raw
socket (raw(7)). Its answer reaches no socket and returns as a reset, which it ignores if tcp_rfc1337 is 1.
"""

from __future__ import annotations

import socket
import struct
from typing import Iterator, NamedTuple

from ..lab.silent_peer import ACK, ip_packet, raw_socket

_NETLINK_SOCK_DIAG = 4
_TCPDIAG_GETSOCK = 18
_NLM_F_REQUEST_DUMP = 0x301
_NLMSG_DONE = 3
_TIME_WAIT = 6
_REQUEST = struct.Struct("=IHHIIBBBB48xII")
_MAPPED = bytes(10) + b"\xff\xff"
_BUFFER = 1 << 16


class Waiting(NamedTuple):
    """A socket in TIME_WAIT: ports in network byte order, addresses of 4 or 16 bytes."""

    local_port: bytes
    remote_port: bytes
    local: bytes
    remote: bytes


def renew() -> int:
    """Restart the minute of every socket in TIME_WAIT of this network namespace, and return their number."""
    senders = {4: raw_socket(socket.AF_INET), 16: raw_socket(socket.AF_INET6)}
    targets = {}
    number = 0
    for waiting in list(_all()):
        if waiting.local not in targets:
            family = socket.AF_INET if len(waiting.local) == 4 else socket.AF_INET6
            targets[waiting.local] = (socket.inet_ntop(family, waiting.local), 0)
        senders[len(waiting.local)].sendto(packet(waiting), targets[waiting.local])
        number += 1
    for sender in senders.values():
        sender.close()
    return number


def packet(waiting: Waiting) -> bytes:
    """Return an ACK to the socket from its remote end, with the IP header; the sequence numbers do not matter."""
    head = waiting.remote_port + waiting.local_port + struct.pack("!IIBBH", 1, 1, 0x50, ACK, 0)
    return ip_packet(waiting.remote, waiting.local, head)


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
                yield parse(chunk[offset : offset + length])
                offset += length


def parse(message: bytes) -> Waiting:
    """Parse a message of sock_diag(7); an IPv4-mapped socket gets its IPv4 addresses."""
    local, remote = message[24:40], message[40:56]
    if message[16] == socket.AF_INET:
        local, remote = local[:4], remote[:4]
    elif local.startswith(_MAPPED):
        local, remote = local[12:], remote[12:]
    return Waiting(message[20:22], message[22:24], local, remote)
