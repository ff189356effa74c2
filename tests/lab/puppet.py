# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A process that does with its sockets what it is told: the well and the ill-behaved servers and clients of the lab.

Each line of its standard input is one call, `["listen", {"port": 80}]`; each is answered by a line, `{"done": null}` or
`{"error": "..."}`. Sockets stay in named heaps until they are closed. It ends with its input.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import os
import resource
import socket
import struct
import sys
from collections import Counter
from typing import Any, Awaitable, Callable

_SECONDS_TO_CONNECT = 5.0
_SECONDS_BETWEEN_FAILURES = 0.1
_MOST_VISITS = 500
_BIND_ADDRESS_NO_PORT = 24
# Before Python 3.11 the second is no OSError.
_FAILURES = (OSError, asyncio.TimeoutError)
_RESET = struct.pack("ii", 1, 0)  # struct linger of socket(7): close() sends RST
_Manner = Callable[..., Awaitable[None]]
_CALLS = ("listen", "serve", "connect", "visit", "shutdown", "send", "push", "close", "limit", "open", "rest", "count")


class Puppet:
    """What it can be told. Numbers are numbers of sockets."""

    def __init__(self) -> None:
        self._heaps: dict[str, list[socket.socket]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._others: list[int] = []
        self.failures: Counter[str] = Counter()

    def heap(self, name: str) -> list[socket.socket]:
        """The heap of this name."""
        return self._heaps.setdefault(name, [])

    async def listen(self, *, port: int, backlog: int = 128, keepalive: bool = False, dual: bool = False) -> None:
        """Listen on all IPv4 addresses, with `dual` by an IPv6 socket; once more changes the backlog.

        The heap `listening:PORT` has the listener.
        """
        heap = self.heap(f"listening:{port}")
        if heap:
            heap[0].listen(backlog)
            return
        dual = dual and socket.has_dualstack_ipv6()
        family = socket.AF_INET6 if dual else socket.AF_INET
        listener = socket.create_server(("", port), family=family, backlog=backlog, dualstack_ipv6=dual)
        listener.setblocking(False)
        # Accepted connections have it from their listener.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, keepalive)
        heap.append(listener)

    async def serve(self, *, port: int, manner: str, backlog: int = 128, into: str = "accepted") -> None:
        """Accept for ever, and treat each connection in a manner of SERVERS."""
        treat = _of(SERVERS, manner)
        await self.listen(port=port, backlog=backlog)
        self._tasks.append(asyncio.create_task(self._accepting(port, treat, into)))

    async def _accepting(self, port: int, manner: _Manner, into: str) -> None:
        loop, (listener,) = asyncio.get_running_loop(), self.heap(f"listening:{port}")
        treated: set[asyncio.Task[None]] = set()
        while True:
            try:
                connection = (await loop.sock_accept(listener))[0]
            except OSError as error:
                self.failures[_name(error)] += 1
                await asyncio.sleep(_SECONDS_BETWEEN_FAILURES)
                continue
            connection.setblocking(False)
            task = asyncio.create_task(self._guarded(manner, connection, self.heap(into)))
            treated.add(task)
            task.add_done_callback(treated.discard)

    async def _guarded(self, manner: _Manner, *arguments: Any) -> None:
        try:
            await manner(*arguments)
        except _FAILURES as error:
            self.failures[_name(error)] += 1

    async def connect(self, *, to: str, port: int, sources: dict[str, int], into: str = "connected") -> dict[str, int]:
        """Open so many connections from each address ("" is any); the failed ones are answered by their reason."""
        failed: Counter[str] = Counter()
        for source, number in sources.items():
            for _connection in range(number):
                try:
                    self.heap(into).append(await _connected(to, port, source))
                except _FAILURES as error:
                    failed[_name(error)] += 1
        return dict(failed)

    async def visit(self, *, to: str, port: int, manner: str, per_second: float, source: str = "") -> None:
        """Begin to open connections one after the other, so many a second, each in a manner of CLIENTS."""
        self._tasks.append(asyncio.create_task(self._visiting(to, port, source, _of(CLIENTS, manner), 1 / per_second)))

    async def _visiting(self, to: str, port: int, source: str, manner: _Manner, pause: float) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        visits: set[asyncio.Task[None]] = set()
        while True:
            if len(visits) < _MOST_VISITS:
                visits.add(asyncio.create_task(self._guarded(self._visit, to, port, source, manner)))
            due = max(due + pause, loop.time() - 1)
            await asyncio.sleep(max(0, due - loop.time()))
            visits = {visit for visit in visits if not visit.done()}

    async def _visit(self, to: str, port: int, source: str, manner: _Manner) -> None:
        await manner(await _connected(to, port, source), self.heap("visits"))

    async def shutdown(self, *, heap: str) -> None:
        """Say FIN on each, and keep them."""
        for connection in self.heap(heap):
            connection.shutdown(socket.SHUT_WR)

    async def send(self, *, heap: str, size: int) -> None:
        """Send so many bytes on each, as far as they fit into its buffer and its peer's."""
        for connection in self.heap(heap):
            connection.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                left = size
                while left:
                    left -= connection.send(bytes(left))

    async def push(self, *, heap: str) -> None:
        """Begin to send on each, for ever, as fast as it is read."""
        self._tasks += [asyncio.create_task(self._guarded(_push, connection)) for connection in self.heap(heap)]

    async def close(self, *, heap: str) -> None:
        """Close all sockets of a heap."""
        while self.heap(heap):
            self.heap(heap).pop().close()

    async def limit(self, *, soft: int) -> None:
        """Set the soft limit of open files."""
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))

    async def open(self, *, number: int) -> None:
        """Open files until there are so many descriptors in all."""
        # One of those counted is that of the directory itself.
        missing = number + 1 - len(os.listdir("/proc/self/fd"))
        self._others += [os.open(os.devnull, os.O_RDONLY) for _file in range(missing)]

    async def rest(self) -> None:
        """Do no more visits and accept no more; what is open stays open."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    async def count(self) -> dict[str, Any]:
        """How many sockets there are in each heap, the failures so far, and this process's number where it is."""
        heaps = {name: len(heap) for name, heap in self._heaps.items()}
        return {"heaps": heaps, "failures": dict(self.failures), "pid": os.getpid()}


async def _connected(to: str, port: int, source: str) -> socket.socket:
    connection = socket.socket()
    connection.setblocking(False)
    try:
        if source:
            # As libraries do that know of it: the port is chosen when the destination is known (ip(7)).
            connection.setsockopt(socket.IPPROTO_IP, _BIND_ADDRESS_NO_PORT, 1)
            connection.bind((source, 0))
        connecting = asyncio.get_running_loop().sock_connect(connection, (to, port))
        await asyncio.wait_for(connecting, _SECONDS_TO_CONNECT)
    except BaseException:
        connection.close()
        raise
    return connection


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


async def _push(connection: socket.socket) -> None:
    while True:
        await asyncio.get_running_loop().sock_sendall(connection, bytes(65536))


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


def _of(manners: dict[str, _Manner], name: str) -> _Manner:
    if name not in manners:
        raise ValueError(f"no such manner: {name}; there are {', '.join(manners)}")
    return manners[name]


def _name(error: Exception) -> str:
    return errno.errorcode.get(getattr(error, "errno", None) or 0, type(error).__name__)


async def _obey(puppet: Puppet) -> None:
    loop = asyncio.get_running_loop()
    while True:
        line = await loop.run_in_executor(None, sys.stdin.readline)
        if not line:
            return
        name, arguments = json.loads(line)
        try:
            if name not in _CALLS:
                raise ValueError(f"no such call: {name}")
            answer = {"done": await getattr(puppet, name)(**arguments)}
        except (OSError, ValueError, TypeError) as error:
            answer = {"error": f"{name}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    asyncio.run(_obey(Puppet()))
    os._exit(0)
