# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""servers.py leak|busy: run a server on port 8080 and its clients on loopback for three minutes.

leak: the server does not close sixty connections that its clients have closed. busy: two hundred connections are in
use; after a burst of 1500 there are about thirty short ones each second, closed first by either end.
"""

from __future__ import annotations

import socket
import sys
import threading
import time

ADDRESS = ("127.0.0.1", 8080)
HELD: list[socket.socket] = []


def pair(listener: socket.socket) -> tuple[socket.socket, socket.socket]:
    """Return the client's and the server's end of a new connection."""
    client = socket.create_connection(ADDRESS)
    return client, listener.accept()[0]


def leak(listener: socket.socket) -> None:
    """Leave sixty connections in CLOSE_WAIT."""
    for _number in range(60):
        client, server = pair(listener)
        client.close()
        HELD.append(server)


def short(listener: socket.socket, number: int) -> None:
    """Make a short connection. The server closes three of four first, so that TIME_WAIT is on its port."""
    client, server = pair(listener)
    first, last = (client, server) if number % 4 == 0 else (server, client)
    first.close()
    last.recv(1)
    last.close()


def busy(listener: socket.socket) -> None:
    """Start the traffic of a busy server."""
    pairs = [pair(listener) for _number in range(200)]
    HELD.extend(end for both in pairs for end in both)
    for number in range(1500):
        short(listener, number)
    threading.Thread(target=talk, args=(pairs,), daemon=True).start()
    threading.Thread(target=come_and_go, args=(listener,), daemon=True).start()


def talk(pairs: list[tuple[socket.socket, socket.socket]]) -> None:
    """Use all connections again and again."""
    while True:
        for client, server in pairs:
            client.sendall(b"x" * 100)
            server.recv(100)
        time.sleep(0.2)


def come_and_go(listener: socket.socket) -> None:
    """Make short connections again and again."""
    for number in range(1, 1 << 30):
        short(listener, number)
        time.sleep(0.03)


with socket.create_server(ADDRESS, backlog=128) as server_socket:
    {"leak": leak, "busy": busy}[sys.argv[1]](server_socket)
    with open("/run/nettune-servers", "w", encoding="ascii") as ready:
        ready.write("ready\n")
    time.sleep(180)
