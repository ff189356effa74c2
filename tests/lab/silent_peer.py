# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A remote end that answers only what it is told to, so that a kernel's sockets stay in any state one likes.

Remote addresses lie behind a pair of devices (veth(4)) whose far end nobody listens to. What the kernel sends there is
read from the device (packet(7)); what the remote end says is put in by raw sockets (raw(7)). For root, and for network
namespaces of one's own.
"""

from __future__ import annotations

import socket
import struct
import subprocess
from typing import NamedTuple

FIN, SYN, ACK = 0x01, 0x02, 0x10
DEVICE = "silence"
_ABYSS = "abyss"
LOCAL = {socket.AF_INET: "198.18.0.1", socket.AF_INET6: "2001:db8::1"}
_REMOTE = {socket.AF_INET: "198.18.1.{}", socket.AF_INET6: "2001:db8::1:{:x}"}
_NETS = ("198.18.0.1/15", "2001:db8::1/64")
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
_FIRST = 1000  # the sequence number this end starts with


def make_silence() -> None:
    """Add the devices to this network namespace, and settings under which nothing is answered on the way."""
    commands = [
        ["link", "set", "lo", "up"],
        ["link", "add", DEVICE, "type", "veth", "peer", "name", _ABYSS],
        *[["link", "set", device, "arp", "off", "up"] for device in (DEVICE, _ABYSS)],
        *[["address", "add", net, "dev", DEVICE] + (["nodad"] if ":" in net else []) for net in _NETS],
    ]
    for command in commands:
        subprocess.run(["ip", *command], check=True)
    for path, value in _SETTINGS.items():
        with open(f"/proc/sys/{path}", "w", encoding="ascii") as stream:
            stream.write(value)


class Connection(NamedTuple):
    """A connection as the remote end sees it; `heard` is the sequence number of the kernel's SYN."""

    family: int
    local: str
    local_port: int
    remote: str
    remote_port: int
    heard: int


def remote_address(family: int, number: int) -> str:
    """One of 250 addresses behind the device."""
    return _REMOTE[family].format(number % 250 + 1)


class SilentPeer:
    """Hears SYNs and says single segments."""

    def __init__(self) -> None:
        self._ears = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ETH_P_ALL))
        self._ears.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, 1 << 24)
        self._ears.bind((DEVICE, _ETH_P_ALL))
        self._ears.settimeout(2)
        self._mouths = {family: socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW) for family in LOCAL}
        self._mouths[socket.AF_INET6].setsockopt(socket.IPPROTO_IPV6, _IPV6_HDRINCL, 1)

    def close(self) -> None:
        """Fall silent for good, and deaf."""
        self._ears.close()
        for mouth in self._mouths.values():
            mouth.close()

    def hear(self, number: int, *, port: int) -> list[Connection]:
        """The next `number` connections that the kernel asks for at a remote port."""
        heard: list[Connection] = []
        while len(heard) < number:
            connection = _syn(self._ears.recv(2048))
            if connection and connection.remote_port == port:
                heard.append(connection)
        return heard

    def say(self, connection: Connection, flags: int, *, said: int = 0, acknowledged: int = 0) -> None:
        """Send one segment; `said` and `acknowledged` count from the two ends' first sequence numbers."""
        raw = packet(connection, flags, said=said, acknowledged=acknowledged)
        self._mouths[connection.family].sendto(raw, (connection.local, 0))


def packet(connection: Connection, flags: int, *, said: int = 0, acknowledged: int = 0) -> bytes:
    """A segment of the remote end's, with its IP header; the numbers count as in SilentPeer.say()."""
    source, destination = (
        socket.inet_pton(connection.family, address) for address in (connection.remote, connection.local)
    )
    answer = (connection.heard + acknowledged) % 2**32 if flags & ACK else 0
    segment = struct.pack(
        "!HHIIBBHHH", connection.remote_port, connection.local_port, _FIRST + said, answer, 0x50, flags, 65535, 0, 0
    )
    pseudo = source + destination + struct.pack("!II", len(segment), socket.IPPROTO_TCP)
    segment = segment[:16] + struct.pack("!H", _checksum(pseudo + segment)) + segment[18:]
    return _ip_header(connection.family, source, destination, len(segment)) + segment


def _syn(heard: bytes) -> Connection | None:
    if heard[0] >> 4 == 4 and heard[9] == socket.IPPROTO_TCP:
        family, start, source, destination = socket.AF_INET, (heard[0] & 15) * 4, heard[12:16], heard[16:20]
    elif heard[0] >> 4 == 6 and heard[6] == socket.IPPROTO_TCP:
        family, start, source, destination = socket.AF_INET6, 40, heard[8:24], heard[24:40]
    else:
        return None
    sport, dport, sequence = struct.unpack_from("!HHI", heard, start)
    if heard[start + 13] != SYN:
        return None
    local, remote = (socket.inet_ntop(family, address) for address in (source, destination))
    return Connection(family, local, sport, remote, dport, sequence)


def _ip_header(family: int, source: bytes, destination: bytes, size: int) -> bytes:
    """The kernel fills in IPv4's length and checksum itself."""
    if family == socket.AF_INET:
        return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 0, 0, 0, 64, socket.IPPROTO_TCP, 0, source, destination)
    return struct.pack("!IHBB16s16s", 6 << 28, size, socket.IPPROTO_TCP, 64, source, destination)


def _checksum(data: bytes) -> int:
    """The Internet checksum of RFC 1071."""
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF
