# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import errno
import ipaddress
import struct

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rtnetlink import ADDRESSES_REQUEST, Addresses

NEW_ADDRESS = 20
ADDRESS, LOCAL, LABEL = 1, 2, 3
DONE = struct.pack("=IHHIIi", 20, 3, 2, 1, 0, 0)


def message(text, *, prefix=24, flags=0, peer=None, kind=NEW_ADDRESS):
    """Return the message of an address; peer: the other end of a point-to-point interface."""
    own = ipaddress.ip_address(text)
    values = [(ADDRESS, ipaddress.ip_address(peer or text).packed), (LABEL, b"eth0\0")]
    # The kernel sends IFA_LOCAL for IPv4, and for IPv6 only if there is a peer.
    values += [(LOCAL, own.packed)] if own.version == 4 or peer else []
    attributes = b""
    for name, value in values:
        attributes += struct.pack("=HH", 4 + len(value), name) + value + bytes(-len(value) % 4)
    payload = struct.pack("=BBBBI", 2 if own.version == 4 else 10, prefix, flags, 0, 7) + attributes
    return struct.pack("=IHHII", 16 + len(payload), kind, 2, 1, 0) + payload


def found(*chunks):
    addresses = Addresses()
    for chunk in chunks:
        addresses.add(chunk)
    return addresses


def test_the_request_has_its_length_and_kind():
    assert struct.unpack_from("=IHH", ADDRESSES_REQUEST) == (len(ADDRESSES_REQUEST), 22, 0x301)


def test_addresses_of_both_families_in_order():
    chunk = message("2001:db8::7", prefix=64) + message("192.0.2.10") + message("192.0.2.9")
    addresses = found(chunk, message("192.0.2.9") + DONE)
    assert addresses.rows(10) == ["192.0.2.9", "192.0.2.10", "2001:db8::7"]
    assert (addresses.done, addresses.error, len(addresses)) == (True, 0, 3)


@pytest.mark.parametrize("text", ["127.0.0.1", "127.1.2.3", "::1", "fe80::1", "169.254.10.1"])
def test_loopback_and_link_local_addresses_are_left_out(text):
    assert found(message(text), DONE).rows(10) == []


def test_the_own_address_of_a_point_to_point_interface():
    tunnel = message("10.8.0.2", peer="10.8.0.1", prefix=32)
    assert found(tunnel, message("2001:db8::2", peer="2001:db8::1")).rows(10) == ["10.8.0.2", "2001:db8::2"]


def test_an_address_that_another_host_uses_already():
    assert found(message("192.0.2.9", flags=0x08)).rows(10) == []


def test_addresses_without_a_network_are_left_out_first():
    virtual = [message(f"10.96.0.{last}", prefix=32) for last in range(1, 9)]
    addresses = found(*virtual, message("192.0.2.9"), message("2001:db8::7", prefix=64))
    assert addresses.rows(3) == ["10.96.0.1", "192.0.2.9", "2001:db8::7"]
    assert len(addresses) == 10


def test_other_messages_and_short_ones_are_ignored():
    short = struct.pack("=IHHII", 20, NEW_ADDRESS, 2, 1, 0) + bytes(4)
    assert found(message("192.0.2.9", kind=16), short).rows(10) == []


def test_an_error_of_the_kernel():
    addresses = found(struct.pack("=IHHIIi", 36, 2, 0, 1, 0, -errno.EPERM) + bytes(16))
    assert (addresses.done, addresses.error) == (True, errno.EPERM)
