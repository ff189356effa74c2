# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start a server that leaves 70 connections in CLOSE_WAIT, which are most of its 100 open files, for ten minutes."""

from __future__ import annotations

import os
import resource
import socket
import sys
import time

CONNECTIONS, LIMIT, SECONDS = 70, 100, 600
PORT = 8099


def detached() -> bool:
    """Return True in a new background process, False in this one."""
    if os.fork():
        return False
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    return True


def main() -> int:
    """Return once all connections are made; the server and its clients go on in the background."""
    ready, done = os.pipe()
    listener = socket.create_server(("127.0.0.1", PORT), backlog=CONNECTIONS)
    if detached():
        resource.setrlimit(resource.RLIMIT_NOFILE, (LIMIT, LIMIT))
        held = [listener.accept()[0] for _number in range(CONNECTIONS)]
        time.sleep(SECONDS)
        return len(held) - CONNECTIONS
    if detached():
        listener.close()
        clients = [socket.create_connection(("127.0.0.1", PORT)) for _number in range(CONNECTIONS)]
        for client in clients:
            client.shutdown(socket.SHUT_WR)
        os.write(done, b"1")
        time.sleep(SECONDS)
        return 0
    return 0 if os.read(ready, 1) else 1


if __name__ == "__main__":
    sys.exit(main())
