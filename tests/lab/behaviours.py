# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab's servers and clients do with one connection, correct or faulty.

A behaviour gets a connection and the list of sockets that its process keeps open.
"""

from __future__ import annotations

import asyncio
import errno
import functools
import itertools
import socket
import struct
from typing import Awaitable, Callable

_RESET = struct.pack("ii", 1, 0)  # struct linger of socket(7): close() sends RST
_SECONDS_TO_CONNECT = 5.0
_IP_BIND_ADDRESS_NO_PORT = 24
# asyncio.TimeoutError is an OSError since Python 3.11 only.
FAILURES = (OSError, asyncio.TimeoutError)
Behaviour = Callable[..., Awaitable[None]]


async def connected(to: str, port: int, source: str = "", *, bind_port: bool = False) -> socket.socket:
    """Return a new connection, from any address unless `source` is one, whose port `bind_port` binds as well."""
    connection = socket.socket()
    connection.setblocking(False)
    try:
        if source:
            # Let the kernel choose the port once the destination is known, as modern client libraries do (ip(7)).
            connection.setsockopt(socket.IPPROTO_IP, _IP_BIND_ADDRESS_NO_PORT, not bind_port)
            connection.bind((source, 0))
        connecting = asyncio.get_running_loop().sock_connect(connection, (to, port))
        await asyncio.wait_for(connecting, _SECONDS_TO_CONNECT)
    except BaseException:
        connection.close()
        raise
    return connection


async def send(connection: socket.socket, data: bytes = b"request") -> None:
    """Send data without blocking other connections."""
    await asyncio.get_running_loop().sock_sendall(connection, data)


async def receive(connection: socket.socket, size: int = 65536) -> bytes:
    """Return what has arrived, b"" at the end of the stream."""
    return await asyncio.get_running_loop().sock_recv(connection, size)


def error_name(error: BaseException) -> str:
    """Return the errno name of an error, such as ECONNREFUSED, or the name of its class."""
    return errno.errorcode.get(getattr(error, "errno", None) or 0, type(error).__name__)


async def _keep(connection: socket.socket, kept: list[socket.socket]) -> None:
    """Neither send, receive nor close."""
    kept.append(connection)


async def _answer(
    connection: socket.socket, _kept: list[socket.socket], *, most: int | None = None, wait: float = 0
) -> None:
    """Answer until the client closes, or `most` times; close after some seconds."""
    with connection:
        for _number in itertools.count() if most is None else range(most):
            if not await receive(connection):
                break
            await send(connection, b"200 OK")
        await asyncio.sleep(wait)


async def _leak(connection: socket.socket, kept: list[socket.socket]) -> None:
    """Answer until the client closes, and never close."""
    kept.append(connection)
    while await receive(connection):
        await send(connection, b"200 OK")


async def _close_unread(connection: socket.socket, _kept: list[socket.socket]) -> None:
    """Close without having read what the client has sent, which resets the connection."""
    with connection:
        await asyncio.sleep(0.1)


async def _shut_down(connection: socket.socket, kept: list[socket.socket]) -> None:
    """Send a FIN at once, and never close."""
    kept.append(connection)
    connection.shutdown(socket.SHUT_WR)


async def _read_slowly(connection: socket.socket, _kept: list[socket.socket]) -> None:
    """Read a little at a time until the client closes."""
    with connection:
        while await receive(connection, 4096):
            await asyncio.sleep(0.02)


async def _proxy(connection: socket.socket, _kept: list[socket.socket], *, to: str, port: int) -> None:
    """Pass each request on over a new connection; answer 502 with the reason if that fails."""
    with connection:
        while await receive(connection):
            try:
                with await connected(to, port) as upstream:
                    await send(upstream)
                    answer = await receive(upstream) or b"502 closed"
            except FAILURES as error:
                answer = f"502 {error_name(error)}".encode()
            await send(connection, answer)


async def _read(connection: socket.socket, _kept: list[socket.socket], *, wait: float = 0) -> None:
    """Send a request, read until the server closes, close after some seconds."""
    with connection:
        await send(connection)
        while await receive(connection):
            pass
        await asyncio.sleep(wait)


async def _ask(connection: socket.socket, _kept: list[socket.socket]) -> None:
    """Send a request, read the answer, close."""
    with connection:
        await send(connection)
        await receive(connection)


async def _give_up(connection: socket.socket, _kept: list[socket.socket]) -> None:
    """Send a request and close before there is an answer."""
    with connection:
        await send(connection)
        await asyncio.sleep(0.2)


async def _reset(connection: socket.socket, _kept: list[socket.socket]) -> None:
    """Send a FIN, and a reset shortly after it."""
    with connection:
        connection.shutdown(socket.SHUT_WR)
        await asyncio.sleep(0.05)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)


SERVERS: dict[str, Behaviour] = {
    "answer": _answer,
    # Closes first, so that TIME_WAIT is on the server.
    "answer once": functools.partial(_answer, most=1),
    "close": functools.partial(_answer, most=0),
    "close late": functools.partial(_answer, wait=0.5),
    "close unread": _close_unread,
    "keep": _keep,
    "leak": _leak,
    "proxy": _proxy,
    "read slowly": _read_slowly,
    "shut down": _shut_down,
}
CLIENTS: dict[str, Behaviour] = {
    "ask": _ask,
    "close late": functools.partial(_read, wait=0.5),
    "give up": _give_up,
    "keep": _keep,
    "read": _read,
    "reset": _reset,
}
