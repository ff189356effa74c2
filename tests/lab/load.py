# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real short connections: a backend, a reverse proxy that opens one to it for each request, and the clients.

    load.py backend --port 8080
    load.py proxy --port 80 --backend web2:8080
    load.py client --proxy web1:80 --requests 30000 --seconds 40

The servers say `listening` and run until they are ended. The client prints one JSON object a line: progress twice a
second, the last one with `"ended": true`. It stops after `--requests`, `--failures` or `--seconds`, whichever is first.
"""

from __future__ import annotations

import argparse
import collections
import errno
import json
import multiprocessing
import os
import socket
import sys
import time
from typing import Callable, Iterator, NamedTuple, Sequence

ANSWERED = "answered"
_WORKERS = 4
_BACKLOG = 128
_SECONDS_FOR_AN_ANSWER = 10.0
_SECONDS_BETWEEN_LINES = 0.5
_REQUEST = b"GET / HTTP/1.1\r\nHost: web\r\n\r\n"


class MalformedMessage(Exception):
    """What came is no HTTP message with a length."""


class Endpoint(NamedTuple):
    """Where a server listens, as `host:port`."""

    host: str
    port: int


def endpoint(text: str) -> Endpoint:
    """`web1:80` as an Endpoint, for argparse."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT with a port of 1 to 65535")
    return Endpoint(host, int(port))


def message(status: str, body: str) -> bytes:
    """An HTTP answer."""
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode("ascii")


def missing_bytes(received: bytes) -> int:
    """How many bytes to read next: 0 where `received` is a whole message, else as many as one may be sure to need."""
    head, blank_line, body = received.partition(b"\r\n\r\n")
    if not blank_line:
        return 4096
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            if not value.strip().isdigit():
                raise MalformedMessage(f"Content-Length is {value.decode('ascii', 'replace').strip()!r}, not a number")
            return max(0, int(value) - len(body))
    return 0


def read_message(connection: socket.socket) -> bytes:
    """One whole message, b"" where the other side has closed instead of sending one."""
    received = b""
    wanted = missing_bytes(received)
    while wanted:
        part = connection.recv(wanted)
        if not part:
            if received:
                raise MalformedMessage("the connection was closed in the middle of a message")
            return b""
        received += part
        wanted = missing_bytes(received)
    return received


def ask(connection: socket.socket, request: bytes) -> bytes:
    """Send a request and read its answer."""
    connection.sendall(request)
    answer = read_message(connection)
    if not answer:
        raise MalformedMessage("the connection was closed instead of an answer")
    return answer


def answer_once(connection: socket.socket) -> None:
    """The backend: one answer, then wait for the other side to close, so that TIME_WAIT is the other side's."""
    if read_message(connection):
        connection.sendall(message("200 OK", "ok"))
        connection.recv(1)


def pass_on(connection: socket.socket, backend: Endpoint) -> None:
    """The proxy: each request of a kept connection goes to the backend over a new one."""
    while True:
        request = read_message(connection)
        if not request:
            return
        try:
            with socket.create_connection(backend, _SECONDS_FOR_AN_ANSWER) as upstream:
                answer = ask(upstream, request)
        except OSError as error:
            answer = message("502 Bad Gateway", errno.errorcode.get(error.errno or 0, type(error).__name__))
        connection.sendall(answer)


def serve(port: int, handle: Callable[[socket.socket], None]) -> None:
    """Listen on `port` of all addresses and handle connections in a few processes, for ever."""
    listener = socket.create_server(("", port), backlog=_BACKLOG)
    print("listening", flush=True)
    for _ in range(_WORKERS - 1):
        if os.fork() == 0:
            break
    while True:
        connection, _peer = listener.accept()
        connection.settimeout(_SECONDS_FOR_AN_ANSWER)
        with connection:
            try:
                handle(connection)
            except (OSError, MalformedMessage) as error:
                print(f"load.py: {error}", file=sys.stderr)


def outcome(answer: bytes) -> str:
    """ANSWERED, or what the proxy said of its failure, such as EADDRNOTAVAIL."""
    head, _, body = answer.partition(b"\r\n\r\n")
    return ANSWERED if head.startswith(b"HTTP/1.1 200") else body.decode("ascii", "replace")


class Bounds(NamedTuple):
    """Where one worker stops: after so many requests, so many failed ones, or at `deadline` (time.monotonic)."""

    requests: int
    failures: int
    deadline: float


def outcomes(connection: socket.socket, bounds: Bounds) -> Iterator[str]:
    """The outcome of each request over one kept connection, within `bounds`."""
    failed = 0
    for _ in range(bounds.requests):
        if failed >= bounds.failures or time.monotonic() > bounds.deadline:
            return
        what = outcome(ask(connection, _REQUEST))
        failed += what != ANSWERED
        yield what


def _work(proxy: Endpoint, bounds: Bounds, results: multiprocessing.Queue[dict[str, int] | None]) -> None:
    seen: collections.Counter[str] = collections.Counter()
    due = time.monotonic()
    try:
        with socket.create_connection(proxy, _SECONDS_FOR_AN_ANSWER) as connection:
            for what in outcomes(connection, bounds):
                seen[what] += 1
                if time.monotonic() > due:
                    results.put(dict(seen))
                    seen.clear()
                    due = time.monotonic() + _SECONDS_BETWEEN_LINES / 2
    except (OSError, MalformedMessage) as error:
        seen[f"{type(error).__name__}: {error}"] += 1
    results.put(dict(seen))
    results.put(None)


def shares(number: int) -> list[int]:
    """`number` divided among the workers, as evenly as can be."""
    return [number // _WORKERS + (worker < number % _WORKERS) for worker in range(_WORKERS)]


def put_load(proxy: Endpoint, *, count: int, failures: int, seconds: float) -> None:
    """Send `count` requests over a few kept connections and report as they are answered."""
    started = time.monotonic()
    results: multiprocessing.Queue[dict[str, int] | None] = multiprocessing.Queue()
    for requests, failed in zip(shares(count), shares(failures)):
        bounds = Bounds(requests, max(1, failed), started + seconds)
        multiprocessing.Process(target=_work, args=(proxy, bounds, results), daemon=True).start()
    total: collections.Counter[str] = collections.Counter()
    working, due = _WORKERS, started
    while working:
        part = results.get()
        working -= part is None
        total.update(part or {})
        if time.monotonic() > due and working:
            _report(total, started, ended=False)
            due = time.monotonic() + _SECONDS_BETWEEN_LINES
    _report(total, started, ended=True)


def _report(total: collections.Counter[str], started: float, *, ended: bool) -> None:
    failures = {what: number for what, number in total.items() if what != ANSWERED}
    line = {"answered": total[ANSWERED], "failures": failures, "seconds": round(time.monotonic() - started, 2)}
    print(json.dumps({**line, "ended": ended}), flush=True)


def main(arguments: Sequence[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Real short connections.")
    roles = parser.add_subparsers(dest="role", required=True)
    backend, proxy, client = (roles.add_parser(role) for role in ("backend", "proxy", "client"))
    for server in (backend, proxy):
        server.add_argument("--port", type=int, required=True)
    proxy.add_argument("--backend", type=endpoint, required=True, metavar="HOST:PORT")
    client.add_argument("--proxy", type=endpoint, required=True, metavar="HOST:PORT")
    client.add_argument("--requests", type=int, required=True)
    client.add_argument("--failures", type=int, default=sys.maxsize)
    client.add_argument("--seconds", type=float, required=True)
    options = parser.parse_args(arguments)
    if options.role == "backend":
        serve(options.port, answer_once)
    elif options.role == "proxy":
        serve(options.port, lambda connection: pass_on(connection, options.backend))
    else:
        put_load(options.proxy, count=options.requests, failures=options.failures, seconds=options.seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
