# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The addresses by which other hosts know this one."""

from __future__ import annotations

from ..._common.errors import MalformedInput
from ..._formats.rtnetlink import ADDRESSES_REQUEST, Addresses
from ..._host.netlink import OwnNamespace
from ..._host.netlink_answer import NETLINK_ROUTE, receive
from ..._host.procfs import reason
from .kernel_limits import TcpLimits

# A node of a cluster may have thousands of virtual addresses.
_MOST = 256


def own_addresses(namespace: OwnNamespace, limits: TcpLimits) -> list[str] | None:
    """Return the addresses of the namespace without loopback and link-local ones; None, and a note, without netlink."""
    found = Addresses()
    try:
        receive(ADDRESSES_REQUEST, namespace, protocol=NETLINK_ROUTE, into=found)
    except (OSError, MalformedInput) as error:
        limits.note("addresses", reason(error))
        return None
    rows = found.rows(_MOST)
    if len(found) > len(rows):
        limits.note("addresses", f"{len(found) - len(rows)} of {len(found)} are left out")
    return rows
