# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes in local test hosts that open, use and leak sockets on request.

ScriptedProcess starts this file in a host and calls the methods of Program there. Each line of the program's input is
one call, `["listen", {"port": 80}]`; the answer is a line, `{"done": null}` or `{"error": "..."}`. Sockets stay in
named groups until they are closed. The program ends when its input ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import functools
import inspect
import itertools
import json
import os
import resource
import socket
import subprocess
import sys
from collections import Counter
from typing import Any, Awaitable, Coroutine

from behaviours import CLIENTS, FAILURES, SERVERS, Behaviour, connected, error_name, receive, send
from inventory import Host
from namespaces import LabError
from silent_peer import SYN, Connection, packet, raw_socket

_SECONDS_BETWEEN_FAILURES = 0.1
_MOST_VISITS = 500
_KEPT_CONNECTIONS = 8
_SECONDS_TO_END = 10


class ScriptedProcess:
    """A scripted process in a host. It ends with end(), with its host, or with the process that started it."""

    def __init__(self, host: Host) -> None:
        self._name = host.name
        pipe = subprocess.PIPE
        # In its own session, so that Ctrl-C reaches the lab only, which then ends this process.
        self._process = host.popen(
            host.python, os.path.abspath(__file__), stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True
        )
        self.pid = self.call("status")["pid"]

    def call(self, name: str, **arguments: Any) -> Any:
        """Call a method of Program and return its result; raise LabError with the reason if it fails."""
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.write(json.dumps([name, arguments]) + "\n")
            self._process.stdin.flush()
            answer = json.loads(self._process.stdout.readline() or "null")
        except BrokenPipeError:
            answer = None
        if answer is None:
            errors = self._process.stderr.read().strip()
            raise LabError(f"{self._name}: a scripted process ended at {name}{arguments}: {errors}")
        if "error" in answer:
            raise LabError(f"{self._name}: {answer['error']}")
        return answer["done"]

    def end(self) -> None:
        """End the process, and all of its sockets with it."""
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            with contextlib.suppress(BrokenPipeError):
                stream.close()
        try:
            self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Program:
    """The calls that a scripted process understands."""

    def __init__(self) -> None:
        self._groups: dict[str, list[socket.socket]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._files: list[int] = []
        self._failures: Counter[str] = Counter()

    def _group(self, name: str) -> list[socket.socket]:
        return self._groups.setdefault(name, [])

    async def listen(self, *, port: int, backlog: int = 128, keepalive: bool = False, dual: bool = False) -> None:
        """Listen on all IPv4 addresses, with `dual` through an IPv6 socket; a second call changes the backlog."""
        group = self._group(f"listening:{port}")
        if group:
            group[0].listen(backlog)
            return
        dual = dual and socket.has_dualstack_ipv6()
        family = socket.AF_INET6 if dual else socket.AF_INET
        listener = socket.create_server(("", port), family=family, backlog=backlog, dualstack_ipv6=dual)
        listener.setblocking(False)
        # Accepted connections inherit it.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, keepalive)
        group.append(listener)

    async def serve(
        self, *, port: int, behaviour: str, into: str = "accepted", options: dict[str, Any] | None = None, **listen: Any
    ) -> None:
        """Accept connections from now on, and handle each with one of SERVERS and its options."""
        handle = functools.partial(SERVERS[behaviour], **(options or {}))
        await self.listen(port=port, **listen)
        self._start(self._accept(self._group(f"listening:{port}")[0], handle, into))

    async def _accept(self, listener: socket.socket, handle: Behaviour, into: str) -> None:
        running: set[asyncio.Task[None]] = set()
        while True:
            try:
                connection = (await asyncio.get_running_loop().sock_accept(listener))[0]
            except OSError as error:
                self._failures[error_name(error)] += 1
                await asyncio.sleep(_SECONDS_BETWEEN_FAILURES)
                continue
            connection.setblocking(False)
            task = asyncio.create_task(self._count_failure(handle(connection, self._group(into))))
            running.add(task)
            task.add_done_callback(running.discard)

    async def connect(
        self, *, to: str, port: int, sources: dict[str, int], into: str = "connected", bind_port: bool = False
    ) -> dict[str, int]:
        """Open a number of connections from each source address ("" is any); return the failures by reason."""
        failed: Counter[str] = Counter()
        for source, number in sources.items():
            for _connection in range(number):
                try:
                    self._group(into).append(await connected(to, port, source, bind_port=bind_port))
                except FAILURES as error:
                    failed[error_name(error)] += 1
        return dict(failed)

    async def begin(self, *, to: str, port: int, number: int, into: str = "begun") -> None:
        """Begin to open connections, and do not wait for an answer."""
        for _connection in range(number):
            connection = socket.socket()
            connection.setblocking(False)
            connection.connect_ex((to, port))
            self._group(into).append(connection)

    async def visit(self, *, to: str, port: int, behaviour: str, per_second: float) -> None:
        """Open `per_second` connections a second from now on, and handle each with one of CLIENTS."""
        handle = CLIENTS[behaviour]

        async def one() -> None:
            await handle(await connected(to, port), self._group("visits"))

        self._start(self._repeat(one, 1 / per_second))

    async def _repeat(self, act: Behaviour, pause: float) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        running: set[asyncio.Task[None]] = set()
        while True:
            if len(running) < _MOST_VISITS:
                running.add(asyncio.create_task(self._count_failure(act())))
            due = max(due + pause, loop.time() - 1)
            await asyncio.sleep(max(0, due - loop.time()))
            running = {task for task in running if not task.done()}

    async def request(self, *, to: str, port: int, number: int, most_failures: int) -> dict[str, int]:
        """Send `number` requests over a few kept connections; stop after `most_failures`. Return {answer: number}."""
        answers: Counter[str] = Counter()

        async def client(share: int) -> None:
            with await connected(to, port) as connection:
                for _request in range(share):
                    if sum(answers.values()) - answers["200 OK"] >= most_failures:
                        return
                    await send(connection)
                    answers[(await receive(connection)).decode()] += 1

        shares = [len(range(one, number, _KEPT_CONNECTIONS)) for one in range(_KEPT_CONNECTIONS)]
        await asyncio.gather(*map(client, shares))
        return dict(answers)

    async def use_ports(self, *, to: str, port: int, first: int, number: int) -> None:
        """Make short connections from `number` local ports. This end closes first, so the ports stay in TIME_WAIT."""
        sources = itertools.count(first)
        while number:
            with socket.socket() as connection:
                try:
                    connection.bind(("", next(sources)))
                except OSError as error:
                    if error.errno != errno.EADDRINUSE:
                        raise
                    continue
                connection.connect((to, port))
                connection.sendall(b"request")
                connection.recv(65536)
            number -= 1

    async def flood(self, *, to: str, port: int, network: str, per_second: float) -> None:
        """Send SYNs from now on, as if from the addresses of a /24 network (`network`: its first three bytes)."""
        raw, numbers = raw_socket(socket.AF_INET), itertools.count()

        async def one() -> None:
            source, host = divmod(next(numbers), 254)
            user = Connection(socket.AF_INET, to, port, f"{network}.{host + 1}", 1024 + source % 60000, 0)
            raw.sendto(packet(user, SYN), (to, 0))

        self._start(self._repeat(one, 1 / per_second))

    async def shutdown(self, *, group: str) -> None:
        """Send a FIN on each socket and keep it."""
        for connection in self._group(group):
            connection.shutdown(socket.SHUT_WR)

    async def send(self, *, group: str, size: int) -> None:
        """Send `size` bytes on each socket, or as many as the buffers of both ends hold."""
        for connection in self._group(group):
            connection.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                left = size
                while left:
                    left -= connection.send(bytes(left))

    async def push(self, *, group: str) -> None:
        """Send on each socket from now on, as fast as the other end reads."""

        async def one(connection: socket.socket) -> None:
            while True:
                await send(connection, bytes(65536))

        for connection in self._group(group):
            self._start(self._count_failure(one(connection)))

    async def close(self, *, group: str) -> None:
        """Close all sockets of a group."""
        while self._group(group):
            self._group(group).pop().close()

    async def limit(self, *, soft: int) -> None:
        """Set the soft open-file limit."""
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))

    async def open(self, *, number: int) -> None:
        """Open files until the process has `number` descriptors."""
        # Listing the directory takes one more.
        missing = number + 1 - len(os.listdir("/proc/self/fd"))
        self._files += [os.open(os.devnull, os.O_RDONLY) for _file in range(missing)]

    async def stop(self) -> None:
        """Stop visiting, accepting and sending; open sockets stay open."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    async def status(self) -> dict[str, Any]:
        """Return the number of sockets in each group, the failures so far, and the process id inside the host."""
        groups = {name: len(sockets) for name, sockets in self._groups.items()}
        return {"groups": groups, "failures": dict(self._failures), "pid": os.getpid()}

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work))

    async def _count_failure(self, work: Awaitable[None]) -> None:
        try:
            await work
        except FAILURES as error:
            self._failures[error_name(error)] += 1


async def _main() -> None:
    """Carry out the calls on the standard input."""
    program = Program()
    while True:
        line = await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        if not line:
            return
        name, arguments = json.loads(line)
        method = None if name.startswith("_") else getattr(program, name, None)
        try:
            if not inspect.iscoroutinefunction(method):
                raise ValueError("no such call")
            answer = {"done": await method(**arguments)}
        except (*FAILURES, LookupError, TypeError, ValueError) as error:
            answer = {"error": f"{name}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    asyncio.run(_main())
    os._exit(0)
