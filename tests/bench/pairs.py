# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make real loopback connections in large numbers and leave them in one state.

For each order a server listens on port 443 of its own address, as those of a load balancer do; clients use many
addresses. So remote addresses and local ports vary as on a busy host.
"""

from __future__ import annotations

import itertools
import os
import socket

from .mixes import Order

PORT = 443
_BATCH = 500
_SOCKETS_OF_A_CLIENT = 20
_IP_BIND_ADDRESS_NO_PORT = 24
_IPPROTO_MPTCP = 262
_ADDRESSES = {
    "ipv4": "127.{place}.{high}.{low}",
    "mptcp": "127.{place}.{high}.{low}",
    "mapped": "::ffff:127.{place}.{high}.{low}",
    "ipv6": "fd00:77:{place}::{high}:{low}",
}
# The number of the first network; 127.0.0.1 itself stays unused.
_FIRST_PLACE = 1
MOST_PLACES = 254
IPV6_NETWORK = "fd00:77::/32"


def make(order: Order) -> list[int]:
    """Carry out an order, and return the descriptors that keep its sockets open."""
    kept: list[int] = []
    with _listener(order) as listener:
        clients = max(order.pairs * 2 // _SOCKETS_OF_A_CLIENT, 1)
        sources = itertools.cycle([_address(order, number + 1) for number in range(clients)])
        for first in range(0, order.pairs, _BATCH):
            closing: list[socket.socket] = []
            for number in range(first, min(first + _BATCH, order.pairs)):
                client = _connect(order, next(sources), listener)
                keep, close = _leave(order.kind, number, client, listener.accept()[0])
                kept += [one.detach() for one in keep]
                closing += close
            # The second ends close once the FINs of the first ends are acknowledged.
            for one in closing:
                one.close()
        if order.kind != "time_wait":
            kept.append(os.dup(listener.fileno()))
    return kept


def _leave(
    kind: str, number: int, client: socket.socket, server: socket.socket
) -> tuple[list[socket.socket], list[socket.socket]]:
    """Leave a connection in its kind; return the ends to keep and the ends to close later."""
    first, second = (client, server) if number % 2 else (server, client)
    if kind == "time_wait":
        # The end that closes first stays in TIME_WAIT: the client's and the server's in turns.
        first.close()
        return [], [second]
    if kind == "close_wait":
        # The client's end is an orphan that ends after tcp_fin_timeout.
        client.close()
        return [server], []
    if kind == "half_closed":
        second.shutdown(socket.SHUT_WR)
    return [client, server], []


def _listener(order: Order) -> socket.socket:
    listener = _socket(order)
    listener.bind((_address(order, 0), PORT))
    listener.listen(_BATCH)
    return listener


def _connect(order: Order, source: str, listener: socket.socket) -> socket.socket:
    client = _socket(order)
    # Let the kernel choose the port once the destination is known, so that a port can serve many connections.
    client.setsockopt(socket.IPPROTO_IP, _IP_BIND_ADDRESS_NO_PORT, 1)
    client.bind((source, 0))
    client.connect(listener.getsockname()[:2])
    return client


def _socket(order: Order) -> socket.socket:
    family = socket.AF_INET if order.family in ("ipv4", "mptcp") else socket.AF_INET6
    return socket.socket(family, socket.SOCK_STREAM, _IPPROTO_MPTCP if order.family == "mptcp" else 0)


def _address(order: Order, number: int) -> str:
    high, low = divmod(number + 1, 250)
    return _ADDRESSES[order.family].format(place=order.place + _FIRST_PLACE, high=high, low=low)
