# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults with both ends in the fleet are attributed to the host and service that cause them."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.incidents import KINDS, incidents
from ansible_collections.nettune.tcp.tests.unit.support.simulated_faults import (
    APP,
    PROXY,
    WEB,
    exhausted,
    full,
    leak,
    unacknowledged,
    unread,
)
from ansible_collections.nettune.tcp.tests.unit.support.simulated_fleet import Host


def found(*hosts, **options):
    return incidents([host.row(**options) for host in hosts])


def summary(incident):
    cause = incident["cause"]
    effects = [(row["host"], row["state"], row["count"], row["finding"]) for row in incident["effects"]]
    return (
        incident["kind"],
        (cause["host"], cause["unit"], cause["state"], cause["count"], cause["finding"]),
        effects,
        incident["port"],
    )


def test_connections_that_are_not_closed():
    (incident,) = found(*leak())
    assert summary(incident) == (
        "not_closed",
        ("web3", "app.service", "CLOSE_WAIT", 640, "close_wait"),
        [("proxy1", "FIN_WAIT2", 640, None)],
        8080,
    )
    assert incident["caused_by"] == "app.service on web3"
    assert incident["text"] == (
        "640 connections in CLOSE_WAIT on web3 and in FIN_WAIT2 on proxy1: app.service on web3 does not close them"
    )


def test_the_effect_of_a_leak_is_named_if_it_is_a_finding():
    (incident,) = found(*leak(1500))
    assert incident["effects"][0]["finding"] == "fin_wait2_orphaned"
    web, proxy = leak(2000)
    proxy.more_facts["ephemeral"] = {**proxy.facts()["nettune_tcp"]["ephemeral"], "available": 2100}
    by_finding = {row["finding"]: row["count"] for one in found(web, proxy) for row in one["effects"]}
    assert by_finding == {"fin_wait2_orphaned": 2000, "port_exhaustion": 2000}


def test_several_hosts_suffer_from_one_cause():
    web, proxy = leak(300)
    second = Host("proxy2", "10.0.0.10")
    web.add("CLOSE_WAIT", 90, "10.0.0.10", port=8080, process=APP)
    second.add("FIN_WAIT2", 80, WEB, remote_port=8080)
    (incident,) = found(web, proxy, second)
    assert [row["host"] for row in incident["effects"]] == ["proxy1", "proxy2"]
    assert incident["cause"]["count"] == 390
    assert incident["text"].startswith("390 connections in CLOSE_WAIT on web3 and in FIN_WAIT2 on proxy1, proxy2: ")


def test_connections_that_are_not_accepted_before_the_client_gives_up():
    (incident,) = found(*leak(process=None))
    assert summary(incident)[:2] == ("not_taken", ("web3", "app.service", "CLOSE_WAIT", 640, "close_wait"))
    assert incident["text"].endswith(": app.service on web3 has not accepted them")


def test_a_full_accept_queue():
    (incident,) = found(*full())
    assert summary(incident) == (
        "not_accepted",
        ("web3", "app.service", "LISTEN", 129, "accept_queue"),
        [("proxy1", "SYN_SENT", 200, "syn_sent")],
        8080,
    )
    assert incident["text"] == (
        "200 connections wait in SYN_SENT on proxy1, because the accept queue of web3 port 8080 is full: app.service on"
        " web3 does not accept fast enough"
    )


@pytest.mark.parametrize("options", [{"port": 8081}, {"queued": 3}, {"requests": 5}])
def test_requests_that_another_reason_delays(options):
    assert found(*full(**options)) == []


def test_a_listener_on_another_address():
    web, proxy = full()
    web.listeners[0]["address"] = "10.0.0.4"
    web.addresses.append("10.0.0.4")
    assert found(web, proxy) == []
    web.listeners.append({"address": WEB, "port": 8080, "backlog": 128, "queued": 0})
    assert found(web, proxy) == []
    web.listeners[1]["queued"] = 128
    assert [one["cause"]["count"] for one in found(web, proxy)] == [128]


def test_a_full_syn_queue():
    web, proxy = full(queued=0)
    web.add("SYN_RECV", 130, "198.51.100.1", port=8080)
    (incident,) = found(web, proxy)
    assert summary(incident)[:2] == ("not_queued", ("web3", None, "SYN_RECV", 130, "syn_queue"))
    assert incident["caused_by"] == "the full SYN queue of web3 port 8080"


def test_answers_that_are_lost():
    web, proxy = full(queued=0, requests=100)
    web.add("SYN_RECV", 90, PROXY, port=8080)
    (incident,) = found(web, proxy)
    assert summary(incident)[:2] == ("not_answered", ("web3", None, "SYN_RECV", 90, None))


def test_data_that_is_not_read():
    (incident,) = found(*unread())
    assert summary(incident)[:3] == (
        "not_read",
        ("web3", "app.service", "ESTABLISHED", 300, "idle_established"),
        [("proxy1", "ESTABLISHED", 300, None)],
    )
    (incident,) = found(*unread(state="FIN_WAIT1"))
    assert incident["effects"] == [{"host": "proxy1", "state": "FIN_WAIT1", "count": 300, "finding": "fin_wait1"}]


@pytest.mark.parametrize(
    ("state", "there"), [("LAST_ACK", "FIN_WAIT2"), ("CLOSING", "FIN_WAIT1"), ("FIN_WAIT1", "ESTABLISHED")]
)
def test_segments_that_do_not_arrive(state, there):
    first = found(*unacknowledged(state, there))[0]
    assert summary(first)[1] == ("proxy1", None, there, 200, None)
    assert (first["kind"], first["effects"][0]) == (
        "not_received",
        {"host": "web3", "state": state, "count": 200, "finding": state.lower()},
    )
    also = [row["finding"] for row in first["effects"][1:]]
    assert also == (["fin_wait2_owned"] if there == "FIN_WAIT2" else [])


def test_a_peer_that_has_lost_the_connections():
    web, proxy = unacknowledged(there=None)
    (incident,) = found(web, proxy)
    assert summary(incident)[:3] == (
        "forgotten",
        ("proxy1", None, None, 0, None),
        [("web3", "LAST_ACK", 200, "last_ack")],
    )
    assert "that proxy1 has no longer, and does not reset" in incident["text"]


def test_ports_in_time_wait():
    (incident,) = found(*exhausted())
    assert summary(incident) == (
        "ports_waiting",
        ("proxy1", None, "TIME_WAIT", 27000, "port_exhaustion"),
        [("web3", "LISTEN", 27000, None)],
        8080,
    )
    web, proxy = exhausted()
    web.listeners.clear()
    assert found(web, proxy) == []


def test_every_kind_has_a_test():
    tested = [leak(), leak(process=None), full(), unread(), unacknowledged(), unacknowledged(there=None), exhausted()]
    kinds = {one["kind"] for hosts in tested for one in found(*hosts)}
    assert kinds | {"not_queued", "not_answered", "unreachable"} == set(KINDS)
