# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import socket
import struct

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.host.ghosts import Ghosts


@pytest.fixture
def is_ghost():
    ghosts = Ghosts()

    def ask(held):
        number = held.fileno()
        try:
            return ghosts.has(os.getpid(), number, f"/proc/self/fd/{number}")
        except OSError as error:
            pytest.skip(f"the kernel does not tell: {error}")

    return ask


@pytest.fixture
def pair():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        server, _address = listener.accept()
    with client, server:
        yield client, server


def test_a_reset_connection_leaves_a_ghost(is_ghost, pair):
    client, server = pair
    assert not is_ghost(server)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
    assert is_ghost(server)


def test_close_wait_is_no_ghost(is_ghost, pair):
    client, server = pair
    client.close()
    assert not is_ghost(server)


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_UNIX])
def test_an_unconnected_socket_is_no_ghost(is_ghost, family, kind):
    with socket.socket(family, kind) as unconnected:
        assert not is_ghost(unconnected)


def test_a_refused_connection_is_no_ghost(is_ghost):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
    with socket.socket() as refused:
        assert refused.connect_ex(address) != 0
        assert not is_ghost(refused)


@pytest.mark.parametrize("descriptor", [-1, 999_999])
def test_a_closed_descriptor_is_no_ghost(descriptor):
    assert not Ghosts().has(os.getpid(), descriptor, f"/proc/self/fd/{descriptor}")
