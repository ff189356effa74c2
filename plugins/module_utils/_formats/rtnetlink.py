# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The addresses of a host by rtnetlink (rtnetlink(7), include/uapi/linux/if_addr.h).

The payload of a message is `family:1 prefix:1 flags:1 scope:1 interface:4`, followed by attributes.
"""

from __future__ import annotations

import ipaddress
import struct
from typing import NamedTuple, Union

from .netlink_message import Answer, attributes, dump_request

_NEW_ADDRESS, _GET_ADDRESS = 20, 22
_ADDRESS = struct.Struct("=BBBBI")
# Attributes (enum IFA_*). IFA_ADDRESS is the other end's address on a point-to-point interface; then IFA_LOCAL is ours.
_IFA_ADDRESS, _IFA_LOCAL = 1, 2
# Duplicate address detection has found that another host uses the address.
_FAILED = 0x08
ADDRESSES_REQUEST = dump_request(_GET_ADDRESS, bytes(_ADDRESS.size))

IP = Union[ipaddress.IPv4Address, ipaddress.IPv6Address]


class Own(NamedTuple):
    """An address of the host. alone: whether its prefix contains no other address."""

    address: IP
    alone: bool


class Addresses(Answer):
    """Collects the addresses by which other hosts may know this one: neither loopback nor link-local ones."""

    def __init__(self) -> None:
        super().__init__()
        self._found: set[Own] = set()

    def take(self, kind: int, payload: bytes) -> None:
        """Add the address of a message. Raises MalformedInput."""
        if kind == _NEW_ADDRESS and len(payload) >= _ADDRESS.size:
            self._add(payload)

    def rows(self, most: int) -> list[str]:
        """Return at most `most` addresses, those of IPv4 first.

        Addresses without a network, such as virtual addresses that several hosts share, are left out first.
        """
        kept = sorted(self._found, key=lambda own: (own.alone, _order(own.address)))[:most]
        return [str(address) for address in sorted({own.address for own in kept}, key=_order)]

    def __len__(self) -> int:
        return len({own.address for own in self._found})

    def _add(self, payload: bytes) -> None:
        _family, prefix, flags = _ADDRESS.unpack_from(payload)[:3]
        found = dict(attributes(payload, _ADDRESS.size))
        raw = found.get(_IFA_LOCAL, found.get(_IFA_ADDRESS, b""))
        if len(raw) not in (4, 16) or flags & _FAILED:
            return
        address = ipaddress.ip_address(raw)
        if not (address.is_loopback or address.is_link_local or address.is_unspecified):
            self._found.add(Own(address, prefix == address.max_prefixlen))


def _order(address: IP) -> tuple[int, IP]:
    return address.version, address
