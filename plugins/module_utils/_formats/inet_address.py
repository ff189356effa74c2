# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Internet addresses as sock_diag gives them: 16 bytes in network order, IPv4 in the first four of them."""

from __future__ import annotations

import struct

_MAPPED = bytes(10) + b"\xff\xff"


def address_text(raw: bytes, *, ipv6: bool) -> str:
    """The text of an address; an IPv4 address mapped into IPv6 is written as the IPv4 address it is.

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
    """The address as IPv4 (and False) if it is IPv4 mapped into IPv6, else as it is, and whether it is IPv6."""
    if ipv6 and raw[:12] == _MAPPED:
        return raw[12:16] + bytes(12), False
    return raw, ipv6


def _ipv6_text(groups: tuple[int, ...]) -> str:
    """RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups as '::'."""
    text = ":".join(f"{group:x}" for group in groups)
    for length in range(len(groups), 1, -1):
        for start in range(len(groups) - length + 1):
            if not any(groups[start : start + length]):
                head = ":".join(f"{group:x}" for group in groups[:start])
                tail = ":".join(f"{group:x}" for group in groups[start + length :])
                return f"{head}::{tail}"
    return text
