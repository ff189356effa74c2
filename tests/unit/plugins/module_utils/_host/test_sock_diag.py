# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import socket
import struct

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.module_utils._formats.inet_diag import AF_INET, dump_request
from ansible_collections.nettune.tcp.plugins.module_utils._formats.tcp_state import ALL
from ansible_collections.nettune.tcp.plugins.module_utils._host import sock_diag
from ansible_collections.nettune.tcp.plugins.module_utils._host.netlink import OwnNamespace
from ansible_collections.nettune.tcp.plugins.module_utils._host.sock_diag import SockDiag
from ansible_collections.nettune.tcp.tests.unit.support.messages import DONE, SMALL, failure, message


@pytest.fixture
def answer(monkeypatch):
    """Return a function that makes the kernel answer with these reads, and returns the requests."""
    asked = []

    def install(*reads):
        def dump(request, namespace):
            asked.append((request, namespace))
            yield from map(memoryview, reads)

        monkeypatch.setattr(sock_diag, "dump", dump)
        return asked

    return install


class First:
    """A collector that needs one chunk."""

    over = False

    def __init__(self):
        self.seen = []

    def add(self, chunk, offsets):
        self.seen.append((type(chunk), list(offsets)))
        self.over = True


def test_a_walk_counts_all_messages_and_feeds_collectors_until_they_are_over(answer):
    asked = answer(message(10) + message(6, attributes=SMALL), message(1), DONE, b"never read")
    namespace, collector = OwnNamespace(), First()
    assert SockDiag(namespace).walk(ALL, [collector]) == [
        [AF_INET, 1, True, 1],
        [AF_INET, 10, True, 1],
        [AF_INET, 6, False, 1],
    ]
    assert collector.seen == [(bytes, [0, len(message(10))])]
    assert asked == [(dump_request(ALL), namespace)]


@pytest.mark.parametrize(
    "data",
    [
        failure(1),
        failure(2, kind=3),
        b"",
        bytes(64),
        message(1)[:-4],
        message(1, attributes=struct.pack("=HHI", 400, 8, 0)),
        struct.pack("=IHHII", 40, 18, 0, 0, 0) + bytes(24),
    ],
)
@pytest.mark.parametrize("collectors", [[], [First()]])
def test_a_malformed_answer_raises(answer, data, collectors):
    answer(data, DONE)
    with pytest.raises((OSError, NettuneError)):
        SockDiag(OwnNamespace()).walk(ALL, collectors)


def test_this_kernel_reports_a_listener():
    try:
        probe = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 4)
    except OSError as error:
        pytest.skip(f"netlink is refused here: {error}")
    probe.close()
    with socket.create_server(("127.0.0.1", 0)):
        sockets = SockDiag(OwnNamespace()).walk(ALL, [])
    assert sum(number for family, state, _full, number in sockets if (family, state) == (AF_INET, 10)) >= 1
