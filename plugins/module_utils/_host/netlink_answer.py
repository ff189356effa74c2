# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a short netlink answer whole, such as the addresses of a host (netlink(7))."""

from __future__ import annotations

import os
from contextlib import closing

from .._formats.netlink_message import Answer
from .netlink import OwnNamespace, dump

NETLINK_ROUTE, NETLINK_NETFILTER = 0, 12


def receive(request: bytes, namespace: OwnNamespace, *, protocol: int, into: Answer) -> None:
    """Send a request from inside `namespace`, and add the chunks of its answer to `into`.

    Raises OSError and MalformedInput.
    """
    with closing(dump(request, namespace, protocol=protocol)) as chunks:
        for chunk in chunks:
            into.add(bytes(chunk))
            if into.done:
                break
    if into.error:
        raise OSError(into.error, os.strerror(into.error))
