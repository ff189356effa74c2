# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.collectors import Listeners
from ansible_collections.nettune.tcp.tests.unit.support.messages import (
    AF_INET6,
    FULL,
    attribute,
    chunk,
    message,
    offsets,
)

HTTP = message(10, source="0.0.0.0", destination="0.0.0.0", sport=80, dport=0, queues=(3, 511))
DUAL = {"family": AF_INET6, "source": "::", "destination": "::", "dport": 0, "attributes": FULL + attribute(11, b"\0")}
HTTPS = message(10, sport=443, queues=(0, 128), **DUAL)
CLIENT = message(1)


def fed(*chunks, limit=10):
    listeners = Listeners(limit=limit)
    for part in chunks:
        listeners.add(bytes(part), offsets(part))
    return listeners


def test_listeners_and_their_queues():
    assert fed(chunk(HTTP, HTTPS, CLIENT)).rows() == [
        {"address": "0.0.0.0", "port": 80, "backlog": 511, "queued": 3},
        {"address": "::", "port": 443, "backlog": 128, "queued": 0},
    ]


def test_listeners_are_over_after_a_chunk_without_any():
    assert not fed(chunk(HTTP, CLIENT)).over
    assert fed(chunk(HTTP), chunk(CLIENT)).over
    assert fed(chunk(CLIENT)).rows() == []


def listener(port, queued=0, backlog=128):
    return message(10, sport=port, dport=0, queues=(queued, backlog))


@pytest.mark.parametrize(
    ("listeners", "limit", "ports"),
    [
        ([listener(443), listener(80)], 10, [80, 443]),
        ([listener(1), listener(2), listener(9, queued=1)], 2, [1, 9]),
        ([listener(1, queued=100, backlog=4096), listener(2, queued=100)], 1, [2]),
        ([listener(1, queued=3, backlog=0), listener(2, queued=128)], 1, [1]),
        ([CLIENT], 10, []),
    ],
)
def test_the_fullest_listeners_are_kept_in_order_of_port(listeners, limit, ports):
    found = fed(chunk(*listeners), limit=limit)
    assert [row["port"] for row in found.rows()] == ports


def test_at_most_twice_the_limit_is_kept():
    many = [
        chunk(*(listener(port, queued=port % 7) for port in range(start, start + 100))) for start in range(1, 5001, 100)
    ]
    found = fed(*many, limit=20)
    assert found.total == 5000
    assert len(found._rows) <= 40
    assert {row["queued"] for row in found.rows()} == {6}
