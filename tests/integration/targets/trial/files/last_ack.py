# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make sockets in LAST_ACK: clients close their end and vanish before the server closes its own.

    last_ack.py serve                               on the server, with a route for 198.18.0.0/15 to the clients' host
    last_ack.py vanish SERVER --a-second 20         on the clients' host

Each batch of clients has its own address, which is removed once its connections are half closed. The kernel silently
drops segments for addresses that it does not have, so the server's data is never acknowledged. The server closes
connections when it is told to, over a connection that stays.
"""

from __future__ import annotations

import argparse
import itertools
import os
import select
import socket
import struct
import subprocess
import time

PORT, CONTROL_PORT = 8080, 8081
BATCHES_A_SECOND = 4
_FIN_WAIT2 = 5
_ANSWER = b"x" * 1000


def serve() -> None:
    """Accept connections; on request, answer and close the oldest ones."""
    listener, control_listener = (socket.create_server(("", port), backlog=1024) for port in (PORT, CONTROL_PORT))
    print("listening", flush=True)
    control, _peer = control_listener.accept()
    waiting: list[socket.socket] = []
    while True:
        readable = select.select([listener, control], [], [])[0]
        if listener in readable:
            waiting.append(listener.accept()[0])
        elif control in readable:
            number = int.from_bytes(control.recv(2) or b"\0", "big")
            if not number:
                return
            _close(waiting[:number])
            del waiting[:number]
            control.sendall(b"!")


def _close(connections: list[socket.socket]) -> None:
    for connection in connections:
        connection.sendall(_ANSWER)
        connection.close()


def vanish(server: str, rate: int) -> None:
    """Make `rate` sockets in LAST_ACK a second, until ended."""
    size = max(1, rate // BATCHES_A_SECOND)
    control = socket.create_connection((server, CONTROL_PORT))
    due = time.monotonic()
    for number in itertools.count():
        address = f"198.{18 + (number >> 16 & 1)}.{number >> 8 & 255}.{number & 255}"
        _ip("address", "add", f"{address}/32", "dev", "lo")
        connections = [_half_closed(server, address) for _connection in range(size)]
        _wait_until_heard(connections)
        _ip("address", "del", f"{address}/32", "dev", "lo")
        control.sendall(size.to_bytes(2, "big"))
        control.recv(1)
        for connection in connections:
            connection.close()
        due = max(due + size / rate, time.monotonic() - 1)
        time.sleep(max(0.0, due - time.monotonic()))


def _half_closed(server: str, address: str) -> socket.socket:
    connection = socket.create_connection((server, PORT), source_address=(address, 0))
    connection.shutdown(socket.SHUT_WR)
    return connection


def _wait_until_heard(connections: list[socket.socket]) -> None:
    for connection in connections:
        # The first byte of struct tcp_info is the state (include/uapi/linux/tcp.h).
        while struct.unpack("B", connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1))[0] != _FIN_WAIT2:
            time.sleep(0.002)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make sockets in LAST_ACK.")
    # Keep the rate constant on a busy machine.
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("serve")
    asked = verbs.add_parser("vanish")
    asked.add_argument("server")
    asked.add_argument("--a-second", type=int, default=20)
    options = parser.parse_args()
    if options.verb == "serve":
        serve()
    else:
        vanish(options.server, options.a_second)
