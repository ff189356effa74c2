# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import socket

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.inet_diag import address_text


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
def test_ipv6_is_written_as_the_c_library_does(text):
    raw = socket.inet_pton(socket.AF_INET6, text)
    assert address_text(raw, ipv6=True) == socket.inet_ntop(socket.AF_INET6, raw)


@pytest.mark.parametrize("text", ["0.0.0.0", "127.0.0.1", "192.0.2.255"])
def test_ipv4_plain_and_mapped(text):
    raw = socket.inet_aton(text)
    assert address_text(raw + bytes(12), ipv6=False) == text
    assert address_text(bytes(10) + b"\xff\xff" + raw, ipv6=True) == text
