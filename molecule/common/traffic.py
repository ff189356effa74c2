# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make connections one after the other until SIGTERM, and print their results.

    traffic.py PLAN

PLAN is JSON with one or both of these parts:

    {"talks_to": ["192.0.2.1", 80], "says": CHAT, "pause": 0.01,      connect again and again, with a pause in seconds
     "listens_on": 8000, "answers": CHAT}                             accept connections

With "holds": 500, that many connections stay open and are used in turn.

A CHAT is a list of texts: one to wait for, one to send, one to wait for, and so on. "" waits for nothing.

Prints a line for each second, {"second": <Unix time>, "done": 97, "failed": ["reason", ...]}, from the first success
on, because the server may still be starting. SIGTERM ends it after the current connection. Runs on test hosts, so it is
written for Python 3.8.
"""

from __future__ import annotations

import json
import signal
import socket
import socketserver
import sys
import threading
import time
from collections import deque
from typing import List

Chat = List[str]

# A lost SYN is resent after 1, 3 and 7 seconds: longer than two of those is a failure.
_PATIENCE = 5.0


class _Stop:
    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self._ask)

    def _ask(self, *_: object) -> None:
        self.asked = True


class Account:
    """The results of the connections of one second, printed when the next one begins."""

    def __init__(self) -> None:
        self._second = int(time.time())
        self._done = 0
        self._failed: list[str] = []
        self._began = False

    def count(self, failure: str) -> None:
        """Count a connection, which failed if `failure` is not empty."""
        if failure and self._began:
            self._failed.append(failure)
        elif not failure:
            self._began = True
            self._done += 1
        if int(time.time()) != self._second:
            self.print()

    def print(self) -> None:
        """Print the line of this second, and start the next one."""
        if self._began:
            print(json.dumps({"second": self._second, "done": self._done, "failed": self._failed}), flush=True)
        self._second, self._done, self._failed = int(time.time()), 0, []


def converse(connection: socket.socket, chat: Chat) -> None:
    """Wait for and send the texts of a chat in turns; raise OSError if the other end does not follow it."""
    received = b""
    for turn, text in enumerate(chat):
        if turn % 2:
            connection.sendall(text.encode())
            continue
        while text.encode() not in received:
            more = connection.recv(4096)
            if not more:
                raise ConnectionError(f"closed before {text!r}, after {received.decode(errors='replace')!r}")
            received += more
        received = b"" if text else received


def talk(where: tuple[str, int], chat: Chat, pause: float) -> None:
    """Open connections until SIGTERM, and print their results."""
    stop, account = _Stop(), Account()
    while not stop.asked:
        try:
            with socket.create_connection(where, timeout=_PATIENCE) as connection:
                converse(connection, chat)
        except OSError as error:
            account.count(f"{type(error).__name__}: {error}")
        else:
            account.count("")
        time.sleep(pause)
    account.print()


def hold(where: tuple[str, int], chat: Chat, pause: float, count: int) -> None:
    """Hold `count` connections open until SIGTERM, use them in turn, and print the results."""
    stop, account = _Stop(), Account()
    held: deque[socket.socket] = deque()
    while not stop.asked:
        try:
            connection = held.popleft() if len(held) == count else socket.create_connection(where, timeout=_PATIENCE)
            converse(connection, chat)
        except OSError as error:
            account.count(f"{type(error).__name__}: {error}")
        else:
            account.count("")
            held.append(connection)
        time.sleep(pause)
    account.print()


def listen(port: int, chat: Chat) -> socketserver.TCPServer:
    """Accept connections in the background."""

    class Answer(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                converse(self.request, chat)
            except OSError as error:
                print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True
        request_queue_size = 128

    server = Server(("", port), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main(arguments: list[str]) -> int:
    """Run the plan of the command line and return the exit code."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    plan = json.loads(arguments[0])
    if "listens_on" in plan:
        listen(plan["listens_on"], plan["answers"])
    if "talks_to" in plan:
        address, port = plan["talks_to"]
        if "holds" in plan:
            hold((address, port), plan["says"], plan.get("pause", 0.01), plan["holds"])
        else:
            talk((address, port), plan["says"], plan.get("pause", 0.01))
    else:
        signal.sigwait({signal.SIGTERM})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
