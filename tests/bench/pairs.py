# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real loopback connections, made in great numbers and left in one state.

Servers listen on port 443 of an address for each order, as those of a load balancer do; clients come from many
addresses. So remote addresses and local ports are as various as on a busy host.
"""

from __future__ import annotations

import itertools
import os
import socket
from typing import Callable, Iterator

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
# The first of the networks above; the machine's own 127.0.0.1 stays apart.
_FIRST_PLACE = 1
MOST_PLACES = 254
IPV6_NETWORK = "fd00:77::/32"


def leave(order: Order) -> list[int]:
    """Carry out an order; the descriptors that hold what is to stay."""
    held: list[int] = []
    closing: list[socket.socket] = []
    with _listener(order) as listener:
        sources = _sources(order)
        for first in range(0, order.pairs, _BATCH):
            for number in range(first, min(first + _BATCH, order.pairs)):
                client = _connect(order, next(sources), listener)
                server = listener.accept()[0]
                stay, go = _LEAVE[order.kind](client, server, number)
                held += [one.detach() for one in stay]
                closing += go
            _close_in_turn(closing)
        if order.kind != "time_wait":
            held.append(os.dup(listener.fileno()))
    return held


def _listener(order: Order) -> socket.socket:
    listener = _socket(order)
    listener.bind((_address(order, 0), PORT))
    listener.listen(_BATCH)
    return listener


def _connect(order: Order, source: str, listener: socket.socket) -> socket.socket:
    client = _socket(order)
    # The port is chosen when the other end is known, so that one can serve many connections.
    client.setsockopt(socket.IPPROTO_IP, _IP_BIND_ADDRESS_NO_PORT, 1)
    client.bind((source, 0))
    client.connect(listener.getsockname()[:2])
    return client


def _socket(order: Order) -> socket.socket:
    family = socket.AF_INET if order.flavour in ("ipv4", "mptcp") else socket.AF_INET6
    return socket.socket(family, socket.SOCK_STREAM, _IPPROTO_MPTCP if order.flavour == "mptcp" else 0)


def _sources(order: Order) -> Iterator[str]:
    """Client addresses without end, each for as many sockets as one client has."""
    clients = max(order.pairs * 2 // _SOCKETS_OF_A_CLIENT, 1)
    return itertools.cycle([_address(order, number + 1) for number in range(clients)])


def _address(order: Order, number: int) -> str:
    high, low = divmod(number + 1, 250)
    return _ADDRESSES[order.flavour].format(place=order.place + _FIRST_PLACE, high=high, low=low)


_Ends = "tuple[list[socket.socket], list[socket.socket]]"


def _established(client: socket.socket, server: socket.socket, _number: int) -> _Ends:
    return [client, server], []


def _half_closed(client: socket.socket, server: socket.socket, number: int) -> _Ends:
    """One end shut down, by turns the client's and the server's."""
    (client, server)[number % 2].shutdown(socket.SHUT_WR)
    return [client, server], []


def _close_wait(client: socket.socket, server: socket.socket, _number: int) -> _Ends:
    """The client goes for good; what is left of it ends by tcp_fin_timeout."""
    client.close()
    return [server], []


def _time_wait(client: socket.socket, server: socket.socket, number: int) -> _Ends:
    """Who closes first waits: by turns the client and the server."""
    first, second = (client, server) if number % 2 else (server, client)
    first.close()
    return [], [second]


_LEAVE: dict[str, Callable[[socket.socket, socket.socket, int], _Ends]] = {
    "established": _established,
    "half_closed": _half_closed,
    "close_wait": _close_wait,
    "time_wait": _time_wait,
}


def _close_in_turn(sockets: list[socket.socket]) -> None:
    """The second ends, once the first have had their FINs acknowledged."""
    while sockets:
        sockets.pop(0).close()
