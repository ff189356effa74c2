# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real short connections: a backend, a reverse proxy that opens one to it for each request, and the clients.

    load.py backend --port 8080
    load.py proxy --port 80 --backend web2:8080
    load.py earlier --backend web2:8080 --ports 32768-59767
    load.py client --proxy web1:80 --requests 30000 --failures 400 --seconds 40

The servers say `listening` and run until they are ended. `earlier` opens and closes one connection from each of the
ports, so that they are in TIME_WAIT as after a busy minute. `client` stops after that many requests, failed requests or
seconds, whichever is first. Both print a JSON object a line: progress twice a second, the last with `"ended": true`.
"""

from __future__ import annotations

import argparse
import collections
import json
import multiprocessing
import socket
import sys
import time
from typing import Iterator, NamedTuple, Sequence

from connections import (
    ANSWERED,
    REQUEST,
    SECONDS_FOR_AN_ANSWER,
    Endpoint,
    MalformedMessage,
    answer_once,
    ask,
    endpoint,
    outcome,
    pass_on,
    port_range,
    serve,
)

_WORKERS = 4
_SECONDS_BETWEEN_LINES = 0.5


class Bounds(NamedTuple):
    """Where one worker stops: after so many requests, so many failed ones, or at `deadline` (time.monotonic)."""

    requests: int
    failures: int
    deadline: float


def within(bounds: Bounds, connection: socket.socket) -> Iterator[str]:
    """The outcome of each request over one kept connection."""
    failed = 0
    for _request in range(bounds.requests):
        if failed >= bounds.failures or time.monotonic() > bounds.deadline:
            return
        what = outcome(ask(connection, REQUEST))
        failed += what != ANSWERED
        yield what


def over_one_connection(proxy: Endpoint, bounds: Bounds) -> Iterator[str]:
    """What one client sees."""
    with socket.create_connection(proxy, SECONDS_FOR_AN_ANSWER) as connection:
        yield from within(bounds, connection)


def from_each_port(backend: Endpoint, ports: Sequence[int]) -> Iterator[str]:
    """The outcome of a request from each of `ports`, each over a connection of its own."""
    for port in ports:
        with socket.create_connection(backend, SECONDS_FOR_AN_ANSWER, ("", port)) as connection:
            yield outcome(ask(connection, REQUEST))


def _work(outcomes: Iterator[str], results: multiprocessing.Queue[dict[str, int] | None]) -> None:
    seen: collections.Counter[str] = collections.Counter()
    due = time.monotonic()
    try:
        for what in outcomes:
            seen[what] += 1
            if time.monotonic() > due:
                results.put(dict(seen))
                seen.clear()
                due = time.monotonic() + _SECONDS_BETWEEN_LINES / 2
    except (OSError, MalformedMessage) as error:
        seen[f"{type(error).__name__}: {error}"] += 1
    results.put(dict(seen))
    results.put(None)


def put_load(workers: Sequence[Iterator[str]]) -> None:
    """Let the workers work, each in a process of its own, and report as requests are answered."""
    started = due = time.monotonic()
    processes = multiprocessing.get_context("fork")
    results: multiprocessing.Queue[dict[str, int] | None] = processes.Queue()
    for outcomes in workers:
        processes.Process(target=_work, args=(outcomes, results), daemon=True).start()
    total: collections.Counter[str] = collections.Counter()
    working = len(workers)
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


def shares(number: int) -> list[int]:
    """`number` divided among the workers, as evenly as can be."""
    return [number // _WORKERS + (worker < number % _WORKERS) for worker in range(_WORKERS)]


def clients(options: argparse.Namespace) -> list[Iterator[str]]:
    """The workers of `client`."""
    deadline = time.monotonic() + options.seconds
    bounds = zip(shares(options.requests), shares(options.failures))
    return [over_one_connection(options.proxy, Bounds(count, max(1, failed), deadline)) for count, failed in bounds]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Real short connections.")
    roles = parser.add_subparsers(dest="role", required=True)
    backend, proxy, earlier, client = (roles.add_parser(role) for role in ("backend", "proxy", "earlier", "client"))
    for server in (backend, proxy):
        server.add_argument("--port", type=int, required=True)
    for opener in (proxy, earlier):
        opener.add_argument("--backend", type=endpoint, required=True, metavar="HOST:PORT")
    earlier.add_argument("--ports", type=port_range, required=True, metavar="FIRST-LAST")
    client.add_argument("--proxy", type=endpoint, required=True, metavar="HOST:PORT")
    client.add_argument("--requests", type=int, required=True)
    client.add_argument("--failures", type=int, default=sys.maxsize)
    client.add_argument("--seconds", type=float, required=True)
    return parser


def main(arguments: Sequence[str]) -> int:
    """The command line."""
    options = _parser().parse_args(arguments)
    if options.role == "backend":
        serve(options.port, answer_once)
    elif options.role == "proxy":
        serve(options.port, lambda connection: pass_on(connection, options.backend))
    elif options.role == "earlier":
        put_load([from_each_port(options.backend, options.ports[worker::_WORKERS]) for worker in range(_WORKERS)])
    else:
        put_load(clients(options))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
