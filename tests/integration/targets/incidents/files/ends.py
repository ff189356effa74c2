# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ends.py HOST: plant one end of a fault on a local test host, and keep it for five minutes.

web1 does not close what proxy1 has shut down. web2 does not accept what proxy2 requests. What web3 sends does not
arrive on app1. db1 does not read what app2 sends. The ports of proxy3 towards client run out. db1 waits for db2, a host
of the inventory that is gone. And a fault that must not be attributed: client does not close connections that web2 has
made from an address that app2 has as well.
"""

from __future__ import annotations

import contextlib
import errno
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

HELD: list[socket.socket] = []
SECONDS = 300
SHARED = "10.77.9.9"
GONE = "10.77.0.99"
UNUSED_MAC = "02:00:00:00:00:01"


def run(*command: str) -> None:
    """Run a command."""
    subprocess.run(command, check=True)


def set_key(name: str, value: str) -> None:
    """Set a kernel parameter of the host below net.ipv4."""
    Path("/proc/sys/net/ipv4", name).write_text(value)


def serve(port: int, *, backlog: int = 256, buffer: int = 0) -> socket.socket:
    """Return a listener."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if buffer:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    listener.bind(("0.0.0.0", port))
    listener.listen(backlog)
    HELD.append(listener)
    return listener


def accept(listener: socket.socket, number: int) -> list[socket.socket]:
    """Accept and keep so many connections."""
    accepted = [listener.accept()[0] for _number in range(number)]
    HELD.extend(accepted)
    return accepted


def connect(host: str, port: int, number: int, *, source: str = "", buffer: int = 0) -> list[socket.socket]:
    """Make and keep so many connections; the first one waits until the server is there."""
    made = []
    for _number in range(number):
        connection = _connected(host, port, source, buffer)
        made.append(connection)
    HELD.extend(made)
    return made


def _connected(host: str, port: int, source: str, buffer: int) -> socket.socket:
    for _attempt in range(300):
        connection = socket.socket()
        if buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer)
        if source:
            connection.bind((source, 0))
        try:
            connection.connect((host, port))
        except OSError:
            connection.close()
            time.sleep(0.1)
        else:
            return connection
    raise TimeoutError(f"{host} port {port} does not answer")


def request(host: str, port: int, number: int) -> None:
    """Request so many connections, without waiting for them."""
    set_key("tcp_syn_retries", "10")
    for _number in range(number):
        connection = socket.socket()
        connection.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            connection.connect((host, port))
        HELD.append(connection)


def lose(address: str) -> None:
    """Lose what is sent to an address from now on."""
    run("ip", "neighbour", "replace", address, "lladdr", UNUSED_MAC, "nud", "permanent", "dev", "eth0")


def shut_down(connections: list[socket.socket]) -> None:
    """Send a FIN on each connection."""
    for connection in connections:
        connection.shutdown(socket.SHUT_WR)


def web1() -> None:
    """Leak."""
    accept(serve(8080), 150)


def proxy1() -> None:
    """Shut down connections to web1 and keep them."""
    shut_down(connect("web1", 8080, 150))


def web2() -> None:
    """Have a listener that does not accept, and connections to client from a shared address."""
    serve(9090, backlog=16)
    run("ip", "address", "add", f"{SHARED}/32", "dev", "lo")
    shut_down(connect("client", 6060, 120, source=SHARED))


def proxy2() -> None:
    """Request connections to web2."""
    connect("web2", 9090, 1)
    request("web2", 9090, 100)


def web3() -> None:
    """Answer and close connections of app1 after the way there is lost."""
    accepted = accept(serve(8080), 120)
    for connection in accepted:
        connection.recv(1)
    set_key("tcp_orphan_retries", "12")
    lose(socket.gethostbyname("app1"))
    for connection in accepted:
        connection.send(b"x" * 100)
        connection.close()


def app1() -> None:
    """Shut down connections to web3 and keep them."""
    shut_down(connect("web3", 8080, 120))


def app2() -> None:
    """Fill the queues of connections to db1, and have the shared address."""
    run("ip", "address", "add", f"{SHARED}/32", "dev", "lo")
    for connection in connect("db1", 5432, 130, buffer=4096):
        connection.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                connection.send(bytes(4096))


def db1() -> None:
    """Accept connections and read nothing, and request connections to a host that is gone."""
    lose(GONE)
    request(GONE, 5433, 70)
    accept(serve(5432, buffer=4096), 130)


def client() -> None:
    """Serve proxy3, and leak the connections from the shared address."""
    run("ip", "route", "add", f"{SHARED}/32", "via", socket.gethostbyname("web2"))
    threading.Thread(target=close_each, args=(serve(7070),), daemon=True).start()
    accept(serve(6060), 120)


def proxy3() -> None:
    """Make short connections to client until no port is left, and again and again."""
    set_key("ip_local_port_range", "40000 40149")
    connect("client", 7070, 1)
    begun = time.monotonic()
    while time.monotonic() - begun < SECONDS:
        try:
            socket.create_connection(("client", 7070)).close()
        except OSError as error:
            if error.errno != errno.EADDRNOTAVAIL:
                raise
            ready()
            time.sleep(0.5)


def ready() -> None:
    """Tell that this end is in place."""
    Path("/run/nettune-end").touch()


def close_each(listener: socket.socket) -> None:
    """Accept connections, and close each when its peer has."""
    while True:
        connection = listener.accept()[0]
        threading.Thread(target=lambda one=connection: (one.recv(1), one.close()), daemon=True).start()


if __name__ == "__main__":
    globals()[sys.argv[1]]()
    ready()
    time.sleep(SECONDS)
