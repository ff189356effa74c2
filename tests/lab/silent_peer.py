# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A remote end that sends only requested segments, so that the kernel's sockets stay in any required state.

Its addresses are behind a veth(4) pair without a host at the far end. Segments from the kernel are read from the device
(packet(7)); segments to the kernel are sent through raw sockets (raw(7)). Needs root and a new network namespace.
"""

from __future__ import annotations

import socket
import struct
import subprocess
from typing import NamedTuple

FIN, SYN, ACK = 0x01, 0x02, 0x10
LOCAL = {socket.AF_INET: "198.18.0.1", socket.AF_INET6: "2001:db8::1"}
_REMOTE = {socket.AF_INET: "198.18.1.{}", socket.AF_INET6: "2001:db8::1:{:x}"}
_NETWORKS = ("198.18.0.1/15", "2001:db8::1/64")
_DEVICES = ("peer0", "peer1")
# With these settings the kernel sends no segments other than the required ones.
_SETTINGS = {
    "net/ipv4/tcp_timestamps": "0",
    "net/ipv4/tcp_syncookies": "0",
    "net/core/somaxconn": "65535",
    "net/ipv4/tcp_max_syn_backlog": "65535",
    "net/ipv4/ip_local_port_range": "1024 65535",
}
_ETH_P_ALL = 3
_IPV6_HDRINCL = 36
_SO_RCVBUFFORCE = 33
_FIRST_SEQUENCE = 1000


def set_up_network() -> None:
    """Add the devices and the settings to this network namespace."""
    commands = [
        ["link", "set", "lo", "up"],
        ["link", "add", _DEVICES[0], "type", "veth", "peer", "name", _DEVICES[1]],
        *[["link", "set", device, "arp", "off", "up"] for device in _DEVICES],
        *[["address", "add", net, "dev", _DEVICES[0]] + (["nodad"] if ":" in net else []) for net in _NETWORKS],
    ]
    for command in commands:
        subprocess.run(["ip", *command], check=True)
    for path, value in _SETTINGS.items():
        with open(f"/proc/sys/{path}", "w", encoding="ascii") as stream:
            stream.write(value)


class Connection(NamedTuple):
    """A connection seen from the remote end; `sequence` is that of the kernel's SYN."""

    family: int
    local: str
    local_port: int
    remote: str
    remote_port: int
    sequence: int


def remote_address(family: int, number: int) -> str:
    """Return one of the 250 addresses behind the device."""
    return _REMOTE[family].format(number % 250 + 1)


class SilentPeer:
    """Receives SYNs and sends single segments."""

    def __init__(self) -> None:
        self._receiver = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ETH_P_ALL))
        self._receiver.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, 1 << 24)
        self._receiver.bind((_DEVICES[0], _ETH_P_ALL))
        self._receiver.settimeout(2)
        self._senders = {family: raw_socket(family) for family in LOCAL}

    def close(self) -> None:
        """Close the peer's own sockets."""
        for own in (self._receiver, *self._senders.values()):
            own.close()

    def receive_syns(self, number: int, *, port: int) -> list[Connection]:
        """Return the next `number` connections that the kernel opens to a remote port."""
        received: list[Connection] = []
        while len(received) < number:
            connection = _parse_syn(self._receiver.recv(2048))
            if connection and connection.remote_port == port:
                received.append(connection)
        return received

    def send(self, connection: Connection, flags: int, *, sent: int = 0, acknowledged: int = 0) -> None:
        """Send one segment; `sent` and `acknowledged` count from the first sequence numbers of the two ends."""
        raw = packet(connection, flags, sent=sent, acknowledged=acknowledged)
        self._senders[connection.family].sendto(raw, (connection.local, 0))


def raw_socket(family: int) -> socket.socket:
    """Return a socket that sends packets with their IP header."""
    raw = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW)
    if family == socket.AF_INET6:
        raw.setsockopt(socket.IPPROTO_IPV6, _IPV6_HDRINCL, 1)
    return raw


def packet(connection: Connection, flags: int, *, sent: int = 0, acknowledged: int = 0) -> bytes:
    """Return a segment from the remote end with its IP header; numbers count as in SilentPeer.send()."""
    source, destination = (
        socket.inet_pton(connection.family, address) for address in (connection.remote, connection.local)
    )
    answer = (connection.sequence + acknowledged) % 2**32 if flags & ACK else 0
    ports, sequence = (connection.remote_port, connection.local_port), _FIRST_SEQUENCE + sent
    return ip_packet(source, destination, struct.pack("!HHIIBBH", *ports, sequence, answer, 0x50, flags, 65535))


def ip_packet(source: bytes, destination: bytes, head: bytes) -> bytes:
    """Return an IPv4 or IPv6 packet with a TCP segment of 20 bytes, given without its checksum and urgent pointer."""
    pseudo = source + destination + struct.pack("!II", len(head) + 4, socket.IPPROTO_TCP)
    segment = head + struct.pack("!HH", checksum(pseudo + head), 0)
    if len(source) == 4:
        # The kernel fills in IPv4's length and checksum.
        header = struct.pack("!BBHHHBBH", 0x45, 0, 0, 0, 0, 64, socket.IPPROTO_TCP, 0)
    else:
        header = struct.pack("!IHBB", 6 << 28, len(segment), socket.IPPROTO_TCP, 64)
    return header + source + destination + segment


def checksum(data: bytes) -> int:
    """Return the Internet checksum (RFC 1071) of an even number of bytes."""
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def _parse_syn(raw: bytes) -> Connection | None:
    """Return the connection that a packet requests, None if it is not a SYN."""
    if raw[0] >> 4 == 4 and raw[9] == socket.IPPROTO_TCP:
        family, start, source, destination = socket.AF_INET, (raw[0] & 15) * 4, raw[12:16], raw[16:20]
    elif raw[0] >> 4 == 6 and raw[6] == socket.IPPROTO_TCP:
        family, start, source, destination = socket.AF_INET6, 40, raw[8:24], raw[24:40]
    else:
        return None
    if raw[start + 13] != SYN:
        return None
    local_port, remote_port, sequence = struct.unpack_from("!HHI", raw, start)
    local, remote = (socket.inet_ntop(family, address) for address in (source, destination))
    return Connection(family, local, local_port, remote, remote_port, sequence)
