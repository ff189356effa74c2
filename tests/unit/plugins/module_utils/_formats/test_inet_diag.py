# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import socket
import struct
from collections import Counter

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._formats.inet_diag import address_text, dump_request, sockets
from ansible_collections.nettune.tcp.tests.unit.support.messages import (
    AF_INET,
    AF_INET6,
    FULL,
    SMALL,
    attribute,
    by_length,
    message,
)

CGROUP = attribute(21, bytes(8))
V6ONLY = attribute(11, b"\0")


def counted(*messages, family=AF_INET, full=None):
    found = Counter()
    for row_family, state, is_full, number in sockets(by_length(*messages)):
        found[state] += number if row_family == family and full in (None, is_full) else 0
    return dict(+found)


def test_the_request_is_tcpdiag_getsock_for_both_families():
    length, kind, flags, _sequence, _port, family, _src, _dst, extensions = struct.unpack_from(
        "=IHHIIBBBB", dump_request(0xFFE)
    )
    assert (length, kind, flags, family, extensions) == (76, 18, 0x301, 0, 0)
    assert len(dump_request(0xFFE)) == length
    assert struct.unpack_from("=I", dump_request(0xFBC), 68) == (0xFBC,)


def test_rows_are_json():
    rows = sockets(by_length(message(1), message(5, attributes=SMALL), message(1)))
    assert rows == [[AF_INET, 1, True, 2], [AF_INET, 5, False, 1]]
    assert json.loads(json.dumps(rows)) == rows


def test_both_families_and_all_lengths():
    v6 = {"family": AF_INET6, "source": "::1", "destination": "::1"}
    messages = [message(1), message(1, **v6), message(10, **v6, attributes=FULL + V6ONLY), message(1)]
    assert counted(*messages) == {1: 2}
    assert counted(*messages, family=AF_INET6) == {1: 1, 10: 1}


@pytest.mark.parametrize(
    ("attributes", "full"),
    [
        pytest.param(attribute(8, b"\0"), True, id="unprivileged, old kernel"),
        pytest.param(attribute(8, b"\0") + CGROUP, True, id="unprivileged"),
        pytest.param(FULL, True, id="root, old kernel"),
        pytest.param(FULL + CGROUP + attribute(22, bytes(2)), True, id="root"),
        pytest.param(b"", False, id="small, unprivileged"),
        pytest.param(SMALL, False, id="small, root"),
        pytest.param(SMALL + b"\0\0", False, id="trailing bytes, shorter than an attribute"),
    ],
)
def test_only_full_sockets_have_a_shutdown_attribute(attributes, full):
    assert sockets(by_length(message(5, attributes=attributes))) == [[AF_INET, 5, full, 1]]


def test_fin_wait2_may_be_a_full_socket_or_a_time_wait_socket():
    messages = [message(5), message(5, attributes=SMALL, timer=3), message(6, attributes=SMALL, timer=3), message(5)]
    assert counted(*messages) == {5: 3, 6: 1}
    assert counted(*messages, full=True) == {5: 2}
    assert counted(*messages, full=False) == {5: 1, 6: 1}


def test_a_request_socket_is_small_but_a_fast_open_socket_is_full():
    messages = [message(3, attributes=SMALL, timer=1), message(3)]
    assert counted(*messages) == {3: 2}
    assert counted(*messages, full=True) == {3: 1}


@pytest.mark.parametrize(
    "attributes",
    [
        pytest.param(struct.pack("=HHI", 400, 8, 0), id="an attribute that ends after the message"),
        pytest.param(struct.pack("=HHI", 0, 1, 0), id="an attribute of length 0"),
        pytest.param(SMALL + struct.pack("=HH", 3, 1), id="the second one shorter than its header"),
    ],
)
def test_malformed_attributes_raise(attributes):
    with pytest.raises(MalformedInput, match="attribute [0-9]+ at byte [0-9]+ of a sock_diag message claims"):
        sockets(by_length(message(1, attributes=attributes)))


@pytest.mark.parametrize(
    "text",
    [
        "::",
        "::1",
        "1::",
        "2001:db8::1",
        "2001:db8:0:1:1:1:1:1",
        "2001:0:0:1::1",
        "fe80::a:0:0:b",
        "1:2:3:4:5:6:7:8",
        "0:1::",
    ],
)
def test_ipv6_addresses_are_written_as_by_the_c_library(text):
    raw = socket.inet_pton(socket.AF_INET6, text)
    assert address_text(raw, ipv6=True) == socket.inet_ntop(socket.AF_INET6, raw)


@pytest.mark.parametrize("text", ["0.0.0.0", "127.0.0.1", "192.0.2.255"])
def test_plain_and_mapped_ipv4_addresses(text):
    raw = socket.inet_aton(text)
    assert address_text(raw + bytes(12), ipv6=False) == text
    assert address_text(bytes(10) + b"\xff\xff" + raw, ipv6=True) == text
