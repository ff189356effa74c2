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
import sys
from collections import Counter
from typing import Any

from manners import CLIENTS, SERVERS, Manner, manner_of

_SECONDS_TO_CONNECT = 5.0
_SECONDS_BETWEEN_FAILURES = 0.1
_MOST_VISITS = 500
_BIND_ADDRESS_NO_PORT = 24
# Before Python 3.11 the second is no OSError.
_FAILURES = (OSError, asyncio.TimeoutError)
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
        treat = manner_of(SERVERS, manner)
        await self.listen(port=port, backlog=backlog)
        self._tasks.append(asyncio.create_task(self._accepting(port, treat, into)))

    async def _accepting(self, port: int, manner: Manner, into: str) -> None:
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

    async def _guarded(self, manner: Manner, *arguments: Any) -> None:
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
        self._tasks.append(
            asyncio.create_task(self._visiting(to, port, source, manner_of(CLIENTS, manner), 1 / per_second))
        )

    async def _visiting(self, to: str, port: int, source: str, manner: Manner, pause: float) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        visits: set[asyncio.Task[None]] = set()
        while True:
            if len(visits) < _MOST_VISITS:
                visits.add(asyncio.create_task(self._guarded(self._visit, to, port, source, manner)))
            due = max(due + pause, loop.time() - 1)
            await asyncio.sleep(max(0, due - loop.time()))
            visits = {visit for visit in visits if not visit.done()}

    async def _visit(self, to: str, port: int, source: str, manner: Manner) -> None:
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


async def _push(connection: socket.socket) -> None:
    while True:
        await asyncio.get_running_loop().sock_sendall(connection, bytes(65536))


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
