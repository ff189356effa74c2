# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Segments of the silent peer."""

from __future__ import annotations

import socket
import struct

import pytest
from silent_peer import ACK, SYN, Connection, checksum, packet


@pytest.mark.parametrize(
    ("family", "local", "remote", "start", "addresses"),
    [
        (socket.AF_INET, "198.18.0.1", "203.0.113.7", 20, slice(12, 20)),
        (socket.AF_INET6, "2001:db8::1", "2001:db8::1:7", 40, slice(8, 40)),
    ],
)
@pytest.mark.parametrize(("flags", "answer"), [(SYN, 0), (SYN | ACK, 6), (ACK, 7)])
def test_a_packet_has_the_requested_segment(family, local, remote, start, addresses, flags, answer):
    connection = Connection(family, local, 80, remote, 4711, 2**32 - 1 if answer else 0)
    raw = packet(connection, flags, sent=1, acknowledged=answer + 1 if answer else 0)
    segment = raw[start:]
    assert struct.unpack("!HHII", segment[:12]) == (4711, 80, 1001, answer)
    assert segment[13] == flags
    ends = socket.inet_pton(family, remote) + socket.inet_pton(family, local)
    assert raw[addresses] == ends
    assert checksum(ends + struct.pack("!II", len(segment), socket.IPPROTO_TCP) + segment) == 0


def test_checksum_of_the_example_of_rfc_1071():
    assert checksum(bytes.fromhex("0001f203f4f5f6f7")) == ~0xDDF2 & 0xFFFF
