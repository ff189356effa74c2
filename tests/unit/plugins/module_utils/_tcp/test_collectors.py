# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import tracemalloc

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.tcp_state import NAMES
from ansible_collections.nettune.tcp.plugins.module_utils._tcp import ephemeral, top_keys
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.collectors import Peers, Ports, Queues
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.ephemeral import Ephemeral
from ansible_collections.nettune.tcp.tests.unit.support.messages import AF_INET6, SMALL, chunk, message, offsets

V6 = {"family": AF_INET6, "source": "2001:db8::1", "destination": "2001:db8::2"}
MAPPED = {"family": AF_INET6, "source": "::ffff:127.0.0.1", "destination": "::ffff:127.0.0.2"}
SOCKETS = (
    message(10, destination="0.0.0.0", dport=0, queues=(3, 511)),
    message(1),
    message(1, dport=40001, queues=(7, 0), timer=2),
    message(1, **MAPPED),
    message(1, **V6),
    message(6, attributes=SMALL, timer=3),
    message(9, sport=50000, destination="192.0.2.1", dport=443, queues=(0, 100), timer=1),
    message(9, sport=50001, destination="192.0.2.1", dport=443, queues=(0, 50), timer=1),
    message(2, sport=50002, destination="192.0.2.9", dport=443, timer=1),
)


def fed(collector, messages=SOCKETS):
    """Return the collector after messages in chunks of three, some of one length and some mixed."""
    for start in range(0, len(messages), 3):
        part = chunk(*messages[start : start + 3])
        collector.add(bytes(part), offsets(part))
    return collector


def test_ports_by_state_busiest_first():
    rows = fed(Ports()).fact(2)
    assert [row["port"] for row in rows] == [80, 50000]
    assert {name: count for name, count in rows[0]["states"].items() if count} == {
        "ESTABLISHED": 4,
        "TIME_WAIT": 1,
        "LISTEN": 1,
    }
    assert set(rows[0]["states"]) == set(NAMES)


def test_ports_without_sockets():
    assert Ports().fact(10) == []


def test_ports_use_little_memory():
    number, length, states = 1 << 16, len(message(1)), (1, 6)
    messages = bytearray(message(1) * number)
    messages[20::length], messages[21::length] = zip(*(divmod(port, 256) for port in range(number)))
    ports = Ports()
    tracemalloc.start()
    for state in states:
        messages[17::length] = bytes([state]) * number
        ports.add(messages, range(0, len(messages), length))
    rows = ports.fact(10)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [row["port"] for row in rows] == list(range(10))
    assert peak < (len(states) + 5) * number * 4, f"{peak} bytes"


def test_peers_by_state_count_mapped_addresses_as_ipv4():
    found = fed(Peers()).fact(10)
    assert found == {
        "ESTABLISHED": [{"address": "127.0.0.2", "count": 3}, {"address": "2001:db8::2", "count": 1}],
        "SYN_SENT": [{"address": "192.0.2.9", "count": 1}],
        "TIME_WAIT": [{"address": "127.0.0.2", "count": 1}],
        "LAST_ACK": [{"address": "192.0.2.1", "count": 2}],
    }
    assert fed(Peers()).fact(1)["ESTABLISHED"] == [{"address": "127.0.0.2", "count": 3}]


def test_equal_bytes_of_different_families_are_different_peers():
    v4 = message(1, destination="32.1.13.184")
    v6 = message(1, family=AF_INET6, source="::1", destination="2001:db8::")
    addresses = [row["address"] for row in fed(Peers(), [v4, v6]).fact(10)["ESTABLISHED"]]
    assert sorted(addresses) == ["2001:db8::", "32.1.13.184"]


def test_peers_beyond_the_limit_are_inexact(monkeypatch):
    monkeypatch.setattr(top_keys, "LIMIT", 10)
    often = [message(1)] * 100
    peers = fed(Peers(), [*often, *(message(1, destination=f"192.0.2.{number}") for number in range(200))])
    assert peers.fact(1)["ESTABLISHED"][0]["address"] == "127.0.0.2"
    assert peers.inexact.startswith("more than 10 different: counts may be too low by up to ")
    assert not fed(Peers(), often).inexact


def test_ephemeral_leaves_out_ports_that_are_listened_on():
    rows = fed(Ephemeral(1, 65535)).fact(10, available=28)["busiest"]
    assert rows == [
        {"source": "127.0.0.1", "destination": "192.0.2.1", "port": 443, "used": 2, "ratio": 0.0714, "time_wait": 0},
        {"source": "127.0.0.1", "destination": "192.0.2.9", "port": 443, "used": 1, "ratio": 0.0357, "time_wait": 0},
    ]


def test_ephemeral_counts_ports_in_time_wait():
    pairs = [message(state, sport=50000 + state, destination="192.0.2.1", dport=443) for state in (1, 6, 9)]
    (row,) = fed(Ephemeral(50000, 60000), pairs).fact(10, available=100)["busiest"]
    assert (row["used"], row["time_wait"]) == (3, 1)


@pytest.mark.parametrize(("first", "last", "used"), [(50000, 50000, 1), (50001, 50002, 1), (32768, 49999, 0)])
def test_ephemeral_counts_only_the_range(first, last, used):
    rows = fed(Ephemeral(first, last)).fact(1, available=1)["busiest"]
    assert (rows[0]["used"] if rows else 0) == used


def test_ephemeral_counts_a_mapped_pair_as_ipv4():
    mapped = message(
        1, sport=50009, dport=443, family=AF_INET6, source="::ffff:127.0.0.1", destination="::ffff:192.0.2.1"
    )
    rows = fed(Ephemeral(50000, 60000), [*SOCKETS, mapped]).fact(1, available=0)["busiest"]
    assert (rows[0]["used"], rows[0]["ratio"]) == (3, None)


def test_ephemeral_counts_the_different_ports_of_a_source():
    pairs = [message(1, sport=port, destination=f"192.0.2.{port % 4}", dport=443) for port in range(50000, 50020)]
    shared = message(1, sport=50000, destination="192.0.2.9", dport=443)
    mapped = message(1, sport=50001, family=AF_INET6, source="::ffff:127.0.0.1", destination="::ffff:192.0.2.1")
    found = fed(Ephemeral(50000, 60000), [*pairs, shared, mapped]).fact(10, available=40)
    assert found["sources"] == [{"source": "127.0.0.1", "ports": 20, "sockets": 22, "ratio": 0.5}]


def test_ephemeral_counts_the_ports_of_few_sources(monkeypatch):
    monkeypatch.setattr(ephemeral, "_SOURCES", 2)
    pairs = [message(1, sport=50000, source=f"192.0.2.{last}", destination="192.0.2.1") for last in range(9)]
    assert len(fed(Ephemeral(50000, 60000), pairs).fact(10, available=40)["sources"]) == 2


def test_ephemeral_has_the_destinations_that_do_not_answer():
    pairs = [message(2, sport=50000 + number, destination="192.0.2.1", dport=443) for number in range(3)]
    found = fed(Ephemeral(50000, 60000), [*pairs, message(1, sport=50009, dport=80)]).fact(10, available=40)
    assert found["unanswered"] == [{"source": "127.0.0.1", "destination": "192.0.2.1", "port": 443, "count": 3}]


def test_peers_of_connections_that_retransmit():
    sockets = [message(1, retransmits=2, timer=1), message(1), message(9, retransmits=2, timer=1)]
    assert fed(Peers(), sockets).fact(10)["retransmitting"] == [{"address": "127.0.0.2", "count": 1}]


def test_queues_and_timers_by_state():
    found = fed(Queues()).fact(10)
    assert set(found) == {"ESTABLISHED", "SYN_SENT", "TIME_WAIT", "LAST_ACK"}
    assert found["LAST_ACK"] == {
        "recv_q": {"bytes": 0, "sockets": 0},
        "send_q": {"bytes": 150, "sockets": 2},
        "timers": {"off": 0, "on": 2, "keepalive": 0, "timewait": 0, "persist": 0},
        "inbound": 0,
        "unowned": 0,
        "unanswered": 0,
    }
    assert found["ESTABLISHED"]["recv_q"] == {"bytes": 7, "sockets": 1}
    assert found["ESTABLISHED"]["timers"]["keepalive"] == 1
    assert found["TIME_WAIT"]["timers"]["timewait"] == 1


def test_queues_list_peers_that_do_not_read_or_are_not_read():
    mapped = {"family": AF_INET6, "source": "::ffff:192.0.2.1", "destination": "::ffff:192.0.2.9"}
    sockets = [
        *(message(1, destination="192.0.2.9", queues=(5, 0)), message(1, **mapped, queues=(5, 0))),
        *(message(1, destination="192.0.2.8", queues=(5, 0)), message(8, destination="192.0.2.7", queues=(5, 0))),
        *(message(1, destination="192.0.2.9", queues=(0, 9), timer=4), message(4, destination="192.0.2.8", timer=4)),
    ]
    found = fed(Queues(), sockets).fact(1)
    assert found["ESTABLISHED"]["unread"] == [{"address": "192.0.2.9", "count": 2}]
    assert found["ESTABLISHED"]["window_closed"] == [{"address": "192.0.2.9", "count": 1}]
    assert found["FIN_WAIT1"]["window_closed"] == [{"address": "192.0.2.8", "count": 1}]
    assert not {"unread", "window_closed"} & set(found["CLOSE_WAIT"])
    assert len(fed(Queues(), sockets).fact(10)["ESTABLISHED"]["unread"]) == 2


def test_queues_count_inbound_unowned_and_unanswered_sockets():
    sockets = [
        message(10, sport=80, inode=0),
        message(9, sport=80, inode=0, timer=1, retransmits=3),
        message(9, sport=80, inode=0, timer=4),
        message(9, sport=81, timer=1),
        message(9, sport=50000, inode=0, timer=1, retransmits=1),
    ]
    found = fed(Queues(), sockets).fact(10)
    assert set(found) == {"LAST_ACK"}
    assert {name: found["LAST_ACK"][name] for name in ("inbound", "unowned", "unanswered")} == {
        "inbound": 2,
        "unowned": 3,
        "unanswered": 3,
    }
