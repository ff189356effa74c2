# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manners of the lab's servers and clients: what each does with one connection, and the heap it may leave it on."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Awaitable, Callable

_RESET = struct.pack("ii", 1, 0)  # struct linger of socket(7): close() sends RST
Manner = Callable[..., Awaitable[None]]


async def _until_closed(connection: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    while await loop.sock_recv(connection, 65536):
        await loop.sock_sendall(connection, b"answer")


async def _answer(connection: socket.socket, _heap: list[socket.socket]) -> None:
    """Answer until the client closes, then close."""
    with connection:
        await _until_closed(connection)


async def _answer_once(connection: socket.socket, _heap: list[socket.socket]) -> None:
    """Answer once and close first, so that TIME_WAIT is the server's."""
    with connection:
        await asyncio.get_running_loop().sock_recv(connection, 65536)
        await asyncio.get_running_loop().sock_sendall(connection, b"answer")


async def _dawdle(connection: socket.socket, _heap: list[socket.socket]) -> None:
    """Read a little at a time, until the client closes."""
    with connection:
        while await asyncio.get_running_loop().sock_recv(connection, 4096):
            await asyncio.sleep(0.02)


async def _leak(connection: socket.socket, heap: list[socket.socket]) -> None:
    """Answer until the client closes, and forget to close."""
    heap.append(connection)
    await _until_closed(connection)


async def _hold(connection: socket.socket, heap: list[socket.socket]) -> None:
    """Neither read nor close."""
    heap.append(connection)


async def _close(connection: socket.socket, _heap: list[socket.socket]) -> None:
    """Close at once."""
    connection.close()


async def _close_late(connection: socket.socket, _heap: list[socket.socket]) -> None:
    """Answer until the client closes, and close half a second after it."""
    with connection:
        await _until_closed(connection)
        await asyncio.sleep(0.5)


SERVERS = {
    "answer": _answer,
    "answer once": _answer_once,
    "close": _close,
    "close late": _close_late,
    "dawdle": _dawdle,
    "hold": _hold,
    "leak": _leak,
}


async def _ask(connection: socket.socket, _heap: list[socket.socket]) -> None:
    """Ask, read the answer, close."""
    with connection:
        await asyncio.get_running_loop().sock_sendall(connection, b"request")
        await asyncio.get_running_loop().sock_recv(connection, 65536)


async def _read(connection: socket.socket, _heap: list[socket.socket]) -> None:
    """Ask, read until the server closes, close after it."""
    with connection:
        await asyncio.get_running_loop().sock_sendall(connection, b"request")
        while await asyncio.get_running_loop().sock_recv(connection, 65536):
            pass


async def _reset(connection: socket.socket, _heap: list[socket.socket]) -> None:
    """Say that nothing more will be sent, and then that nothing more is wanted."""
    with connection:
        connection.shutdown(socket.SHUT_WR)
        await asyncio.sleep(0.05)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)


async def _close_late_too(connection: socket.socket, _heap: list[socket.socket]) -> None:
    """Ask, read until the server closes, close half a second after it."""
    with connection:
        await asyncio.get_running_loop().sock_sendall(connection, b"request")
        while await asyncio.get_running_loop().sock_recv(connection, 65536):
            pass
        await asyncio.sleep(0.5)


async def _give_up(connection: socket.socket, _heap: list[socket.socket]) -> None:
    """Ask, and close without an answer."""
    with connection:
        await asyncio.get_running_loop().sock_sendall(connection, b"request")
        await asyncio.sleep(0.2)


async def _stay(connection: socket.socket, heap: list[socket.socket]) -> None:
    """Neither say nor close anything."""
    heap.append(connection)


CLIENTS = {
    "ask": _ask,
    "close late": _close_late_too,
    "give up": _give_up,
    "read": _read,
    "reset": _reset,
    "stay": _stay,
}


def manner_of(manners: dict[str, Manner], name: str) -> Manner:
    """One of SERVERS or CLIENTS; raises ValueError where there is none of this name."""
    if name not in manners:
        raise ValueError(f"no such manner: {name}; there are {', '.join(manners)}")
    return manners[name]
