# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._core.inet_diag import Tally
from ansible_collections.nettune.tcp.plugins.module_utils._core.tcp_listeners import Listeners, fullest

from .messages import AF_INET6, FULL, attribute, chunk, message

HTTP = message(10, source="0.0.0.0", destination="0.0.0.0", sport=80, dport=0, queues=(3, 511))
DUAL = {"family": AF_INET6, "source": "::", "destination": "::", "dport": 0, "attributes": FULL + attribute(11, b"\0")}
HTTPS = message(10, sport=443, queues=(0, 128), **DUAL)
CLIENT = message(1)


def fed(*chunks):
    listeners = Listeners()
    for part in chunks:
        listeners.add(bytes(part), Tally().locate(part))
    return listeners


def test_rows_and_their_queues():
    assert fed(chunk(HTTP, HTTPS, CLIENT)).rows == [
        {"address": "0.0.0.0", "port": 80, "backlog": 511, "queued": 3},
        {"address": "::", "port": 443, "backlog": 128, "queued": 0},
    ]


def test_they_are_over_after_a_chunk_without_one():
    assert not fed(chunk(HTTP, CLIENT)).over
    assert fed(chunk(HTTP), chunk(CLIENT)).over
    assert fed(chunk(CLIENT)).rows == []


def row(port, queued=0, backlog=128):
    return {"address": "::", "port": port, "backlog": backlog, "queued": queued}


@pytest.mark.parametrize(
    ("rows", "limit", "ports"),
    [
        ([row(443), row(80)], 10, [80, 443]),
        ([row(1), row(2), row(9, queued=1)], 2, [1, 9]),
        ([row(1, queued=100, backlog=4096), row(2, queued=100)], 1, [2]),
        ([row(1, queued=3, backlog=0), row(2, queued=128)], 1, [1]),
        ([row(1, backlog=None), row(2, queued=1, backlog=None)], 1, [2]),
        ([], 10, []),
    ],
)
def test_the_fullest_are_kept_in_the_order_of_ports(rows, limit, ports):
    assert [kept["port"] for kept in fullest(rows, limit=limit)] == ports
