# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The smallest HTTP that a reverse proxy, its backend and its clients can speak, and the servers of it."""

from __future__ import annotations

import argparse
import errno
import os
import socket
import sys
from typing import Callable, NamedTuple

ANSWERED = "answered"
REQUEST = b"GET / HTTP/1.1\r\nHost: web\r\n\r\n"
SECONDS_FOR_AN_ANSWER = 10.0
_SERVERS = 4
_BACKLOG = 128


class MalformedMessage(Exception):
    """What came is no HTTP message with a length."""


class Endpoint(NamedTuple):
    """Where a server listens: IPv4 address and port."""

    address: str
    port: int


def endpoint(text: str) -> Endpoint:
    """`web1:80` as an Endpoint, for argparse. Looked up once: what runs out are the ports of one address."""
    host, _colon, port = text.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT with a port of 1 to 65535")
    try:
        return Endpoint(socket.gethostbyname(host), int(port))
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{host!r} cannot be looked up: {error}") from error


def port_range(text: str) -> range:
    """`32768-60999` as the ports it names, both ends included, for argparse."""
    first, dash, last = text.partition("-")
    if not (dash and first.isdigit() and last.isdigit() and 0 < int(first) <= int(last) < 65536):
        raise argparse.ArgumentTypeError(f"{text!r} is not FIRST-LAST with ports of 1 to 65535")
    return range(int(first), int(last) + 1)


def message(status: str, body: str) -> bytes:
    """An HTTP answer."""
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode("ascii")


def missing_bytes(received: bytes) -> int:
    """How many bytes to read next: 0 where `received` is a whole message, else as many as one may be sure to need."""
    head, blank_line, body = received.partition(b"\r\n\r\n")
    if not blank_line:
        return 4096
    for line in head.split(b"\r\n")[1:]:
        name, _colon, value = line.partition(b":")
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
            with socket.create_connection(backend, SECONDS_FOR_AN_ANSWER) as upstream:
                answer = ask(upstream, request)
        except OSError as error:
            answer = message("502 Bad Gateway", errno.errorcode.get(error.errno or 0, type(error).__name__))
        connection.sendall(answer)


def serve(port: int, handle: Callable[[socket.socket], None]) -> None:
    """Listen on `port` of all addresses and handle connections in a few processes, for ever."""
    listener = socket.create_server(("", port), backlog=_BACKLOG)
    print("listening", flush=True)
    for _server in range(_SERVERS - 1):
        if os.fork() == 0:
            break
    while True:
        connection, peer = listener.accept()
        connection.settimeout(SECONDS_FOR_AN_ANSWER)
        with connection:
            try:
                handle(connection)
            except (OSError, MalformedMessage) as error:
                print(f"connection from {peer[0]}: {error}", file=sys.stderr)


def outcome(answer: bytes) -> str:
    """ANSWERED, or what the proxy said of its failure, such as EADDRNOTAVAIL."""
    head, _blank_line, body = answer.partition(b"\r\n\r\n")
    return ANSWERED if head.startswith(b"HTTP/1.1 200") else body.decode("ascii", "replace")
