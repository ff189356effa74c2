# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The load generator: its messages, and what each side makes of a failure. Over socket pairs; no port is opened."""

from __future__ import annotations

import argparse
import errno
import itertools
import socket
import threading

import pytest
from connections import (
    Endpoint,
    MalformedMessage,
    answer_once,
    ask,
    endpoint,
    message,
    missing_bytes,
    outcome,
    pass_on,
    port_range,
    read_message,
)
from load import Bounds, shares, within


@pytest.mark.parametrize(
    ("text", "expected"),
    [("127.0.0.1:80", Endpoint("127.0.0.1", 80)), ("localhost:65535", Endpoint("127.0.0.1", 65535))],
)
def test_endpoint(text, expected):
    assert endpoint(text) == expected


@pytest.mark.parametrize("text", ["", "web1", ":80", "web1:", "web1:0", "web1:65536", "web1:http", "web1:-1"])
def test_malformed_endpoint(text):
    with pytest.raises(argparse.ArgumentTypeError, match="is not HOST:PORT"):
        endpoint(text)


def test_a_host_that_nobody_knows():
    with pytest.raises(argparse.ArgumentTypeError, match="'no such host' cannot be looked up"):
        endpoint("no such host:80")


@pytest.mark.parametrize(("text", "ports"), [("7-9", [7, 8, 9]), ("65535-65535", [65535])])
def test_port_range(text, ports):
    assert list(port_range(text)) == ports


@pytest.mark.parametrize("text", ["", "7", "7-", "-7", "9-7", "0-7", "7-65536", "a-b", "7-8-9"])
def test_malformed_port_range(text):
    with pytest.raises(argparse.ArgumentTypeError, match="is not FIRST-LAST"):
        port_range(text)


@pytest.mark.parametrize(
    ("received", "missing"),
    [
        (b"", 4096),
        (b"GET / HTTP/1.1\r\n", 4096),
        (b"GET / HTTP/1.1\r\nHost: web\r\n\r\n", 0),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", 2),
        (b"HTTP/1.1 200 OK\r\ncontent-length:2\r\n\r\no", 1),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 0),
    ],
)
def test_missing_bytes(received, missing):
    assert missing_bytes(received) == missing


@pytest.mark.parametrize("length", [b"", b"two", b"-1"])
def test_malformed_length(length):
    with pytest.raises(MalformedMessage, match="Content-Length is"):
        missing_bytes(b"HTTP/1.1 200 OK\r\nContent-Length: " + length + b"\r\n\r\n")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(message("200 OK", "ok"), "answered"), (message("502 Bad Gateway", "EADDRNOTAVAIL"), "EADDRNOTAVAIL")],
)
def test_outcome(answer, expected):
    assert outcome(answer) == expected


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_a_message_in_pieces_is_read_whole(pair):
    ours, theirs = pair
    whole = message("200 OK", "ok")
    for byte in whole:
        theirs.send(bytes([byte]))
    assert read_message(ours) == whole


def test_a_close_between_messages_is_an_end_and_within_one_an_error(pair):
    ours, theirs = pair
    theirs.shutdown(socket.SHUT_WR)
    assert read_message(ours) == b""
    cut, other = socket.socketpair()
    with cut, other:
        other.sendall(b"HTTP/1.1 200 OK\r\nContent-Len")
        other.shutdown(socket.SHUT_WR)
        with pytest.raises(MalformedMessage, match="in the middle"):
            read_message(cut)


def test_the_backend_lets_the_other_side_close_first(pair):
    ours, theirs = pair
    backend = threading.Thread(target=answer_once, args=(theirs,))
    backend.start()
    assert ask(ours, b"GET / HTTP/1.1\r\n\r\n") == message("200 OK", "ok")
    assert backend.is_alive()
    ours.shutdown(socket.SHUT_WR)
    backend.join(5)
    assert not backend.is_alive()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.EADDRNOTAVAIL, "Cannot assign requested address"), "EADDRNOTAVAIL"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), "ECONNREFUSED"),
        (socket.timeout("timed out"), "TimeoutError"),
    ],
)
def test_the_proxy_names_what_kept_it_from_its_backend(pair, monkeypatch, error, said):
    def fail(*_arguments):
        raise error

    monkeypatch.setattr(socket, "create_connection", fail)
    ours, theirs = pair
    proxy = threading.Thread(target=pass_on, args=(theirs, Endpoint("web2", 8080)))
    proxy.start()
    answers = [ask(ours, b"GET / HTTP/1.1\r\n\r\n") for _request in range(2)]
    ours.shutdown(socket.SHUT_WR)
    proxy.join(5)
    assert [outcome(answer) for answer in answers] == [said, said]
    assert not proxy.is_alive()


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        (Bounds(3, 10, 1e12), ["answered", "EMFILE", "answered"]),
        (Bounds(10, 2, 1e12), ["answered", "EMFILE", "answered", "EMFILE"]),
        (Bounds(10, 10, 0), []),
        (Bounds(0, 10, 1e12), []),
    ],
)
def test_a_worker_stops_at_its_bounds(monkeypatch, bounds, expected):
    answers = itertools.cycle([message("200 OK", "ok"), message("502 Bad Gateway", "EMFILE")])
    monkeypatch.setattr("load.ask", lambda *_arguments: next(answers))
    assert list(within(bounds, None)) == expected


@pytest.mark.parametrize(
    ("number", "parts"), [(8, [2, 2, 2, 2]), (10, [3, 3, 2, 2]), (1, [1, 0, 0, 0]), (0, [0, 0, 0, 0])]
)
def test_shares(number, parts):
    assert shares(number) == parts
