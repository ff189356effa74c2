# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The segment that keeps a socket in TIME_WAIT, and its addressee."""

from __future__ import annotations

import socket
import struct

import pytest
from ansible_collections.nettune.tcp.tests.bench.time_wait import Waiting, packet, parse
from ansible_collections.nettune.tcp.tests.lab.silent_peer import checksum

V4 = Waiting(b"\x01\xbb", b"\x80\x00", bytes([127, 1, 0, 1]), bytes([127, 1, 0, 9]))
V6 = Waiting(b"\x01\xbb", b"\x80\x00", socket.inet_pton(socket.AF_INET6, "fd00::1"), bytes(15) + b"\x09")


def message(family, waiting, prefix=b""):
    """Return a message of sock_diag about this socket (struct inet_diag_msg)."""
    addresses = b"".join((prefix + address).ljust(16, b"\0") for address in (waiting.local, waiting.remote))
    return bytes(16) + bytes([family, 6, 0, 0]) + waiting.local_port + waiting.remote_port + addresses + bytes(32)


@pytest.mark.parametrize(
    ("raw", "waiting"),
    [
        (message(socket.AF_INET, V4), V4),
        (message(socket.AF_INET6, V6), V6),
        (message(socket.AF_INET6, V4, prefix=bytes(10) + b"\xff\xff"), V4),
    ],
    ids=["ipv4", "ipv6", "mapped"],
)
def test_parse(raw, waiting):
    assert parse(raw) == waiting


@pytest.mark.parametrize(("waiting", "head"), [(V4, 20), (V6, 40)], ids=["ipv4", "ipv6"])
def test_packet(waiting, head):
    whole = packet(waiting)
    segment = whole[head:]
    assert whole[0] >> 4 == (4 if head == 20 else 6)
    assert segment[:4] == waiting.remote_port + waiting.local_port
    assert segment[13] == 0x10
    pseudo = waiting.remote + waiting.local + struct.pack("!II", len(segment), socket.IPPROTO_TCP)
    assert checksum(pseudo + segment) == 0
