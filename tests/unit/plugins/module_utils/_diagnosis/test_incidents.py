# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents as people report them, as facts, with what a diagnosis must say and must not say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.engine import diagnose
from ansible_collections.nettune.tcp.tests.unit.support.diagnosed import found, host, queue

FIXTURES = Path(__file__).parents[4] / "fixtures" / "diagnosis"
DESTINATION = {"source": "192.0.2.1", "destination": "192.0.2.9", "port": 5432}


def told(finding):
    """Return what a person reads of a finding."""
    return " ".join([finding["title"], finding["cause"], *(remedy["text"] for remedy in finding["remedies"])])


def recorded(name):
    facts = json.loads((FIXTURES / f"{name}.json").read_text())
    (finding,) = diagnose(facts)["findings"]
    return finding


def test_a_backend_that_does_not_answer():
    finding = recorded("dead_backend")
    assert (finding["id"], finding["evidence"]["destination"], finding["evidence"]["port"]) == (
        "syn_sent",
        "10.30.0.7",
        5432,
    )
    assert "10.30.0.7:5432" in finding["title"]
    assert "higher_limits" in finding["avoid"]
    assert "descriptor" not in told(finding)


def test_ports_of_a_source_address_run_out():
    finding = recorded("bound_ports")
    assert (finding["id"], finding["severity"], finding["evidence"]["source"]) == (
        "bound_ports",
        "warning",
        "10.32.0.5",
    )
    assert "IP_BIND_ADDRESS_NO_PORT" in told(finding)


def test_connections_that_were_never_accepted():
    finding = recorded("not_accepted")
    assert (finding["id"], finding["evidence"]["port"]) == ("close_wait", 8080)
    assert "never accepted" in finding["title"]
    assert "0.0.0.0:8080" in finding["title"]
    for word in ("descriptor", "close()", "limit", "leak"):
        assert word not in told(finding)
    assert {remedy["kind"] for remedy in finding["remedies"]} == {"application"}


def test_half_closed_connections_of_a_busy_proxy():
    finding = recorded("busy_proxy")
    assert (finding["id"], finding["evidence"]["count"]) == ("fin_wait2_owned", 3000)
    assert "proxyd (PID 15, proxyd.service)" in finding["title"]


def test_a_conntrack_table_full_of_other_entries():
    finding = recorded("conntrack_of_others")
    assert (finding["id"], finding["evidence"]["own"]) == ("conntrack", 220)
    for word in ("220", "forwarded", "containers", "UDP", "timeout_established"):
        assert word in told(finding)
    assert "notrack" not in told(finding)


def holder(**states):
    return [
        {
            "pid": 88,
            "name": "worker",
            "unit": "worker.service",
            "descriptors": 1010,
            "nofile": {"soft": 1024, "hard": 4096},
            "states": states,
            "ghosts": 0,
            "lingering": {"CLOSE_WAIT": 0, "FIN_WAIT2": 0},
        }
    ]


# Each with the causes of its findings.
INCIDENTS = {
    "workers wait for a dead database until they have no descriptor left": (
        host(
            states__SYN_SENT=900,
            queues__SYN_SENT=queue(unanswered=890),
            ephemeral__unanswered=[{**DESTINATION, "count": 900}],
            processes=holder(SYN_SENT=900, ESTABLISHED=20),
        ),
        {"syn_sent": None, "emfile": "syn_sent"},
    ),
    "requests to a dead backend take all ports": (
        host(
            states__SYN_SENT=27000,
            queues__SYN_SENT=queue(unanswered=26000),
            ephemeral__unanswered=[{**DESTINATION, "count": 27000}],
            ephemeral__busiest=[{**DESTINATION, "used": 27000, "ratio": 0.956, "time_wait": 0}],
        ),
        {"syn_sent": None, "port_exhaustion": "syn_sent"},
    ),
    "a consumer hangs and its unread data fills tcp_mem": (
        host(
            memory__pages=150000,
            rates__Tcp__InSegs=20.0,
            processes__0__unread=390,
            queues__ESTABLISHED={**queue(off=400), "recv_q": {"bytes": 200_000_000, "sockets": 390}},
        ),
        {"idle_established": None, "tcp_memory": "idle_established"},
    ),
    "a few consumers that do not read fill tcp_mem": (
        host(
            memory__pages=150000,
            rates__Tcp__InSegs=9000.0,
            processes__0__unread=12,
            queues__ESTABLISHED={**queue(off=400), "recv_q": {"bytes": 300_000_000, "sockets": 12}},
        ),
        {"idle_established": None, "tcp_memory": "idle_established"},
    ),
    "many small messages that are not read fill tcp_mem": (
        host(
            memory__pages=150000,
            rates__Tcp__InSegs=20.0,
            processes__0__unread=390,
            queues__ESTABLISHED={**queue(off=400), "recv_q": {"bytes": 2_000_000, "sockets": 390}},
        ),
        {"idle_established": None, "tcp_memory": "idle_established"},
    ),
    "a faulty switch port loses every tenth segment": (
        host(
            rates__Tcp__OutSegs=12000.0,
            rates__Tcp__RetransSegs=1300.0,
            counters__Tcp={**host()["nettune_tcp"]["counters"]["Tcp"], "OutSegs": 10**9, "RetransSegs": 10**6},
            peers__retransmitting=[{"address": "192.0.2.44", "count": 17}],
        ),
        {"retransmits": None},
    ),
    "clients vanish behind a cut line, so segments are lost and connections never end": (
        host(
            states__LAST_ACK=500,
            queues__LAST_ACK=queue(unanswered=490, unowned=500, on=500),
            rates__Tcp__RetransSegs=200.0,
            rates__TcpExt__TCPAbortOnTimeout=5.0,
        ),
        {"last_ack": None, "retransmits": "last_ack", "resets": "last_ack"},
    ),
    "a server answers without reading the upload": (
        host(rates__Tcp__PassiveOpens=70.0, rates__Tcp__EstabResets=60.0, rates__TcpExt__TCPAbortOnClose=60.0),
        {"resets": None},
    ),
    "a load balancer forgets idle connections": (
        host(rates__Tcp__PassiveOpens=9.0, rates__Tcp__EstabResets=6.0, rates__TcpExt__TCPAbortOnTimeout=6.0),
        {"resets": None},
    ),
    "a container's orphans reach the limit of the host": (
        host(orphans={"count": 128000, "max": 131072}, rates__TcpExt__TCPAbortOnMemory=20.0),
        {"orphans": None},
    ),
    "every port is bound by a proxy with one source address": (
        host(ephemeral__sources=[{"source": "192.0.2.1", "ports": 28232, "sockets": 28232, "ratio": 1.0}]),
        {"bound_ports": None},
    ),
    "an accept loop hangs before its backlog is full": (
        host(
            states__CLOSE_WAIT=70,
            queues__CLOSE_WAIT=queue(unowned=70, inbound=70),
            listeners=[{"address": "::", "port": 443, "backlog": 4096, "queued": 90}],
        ),
        {"close_wait": None},
    ),
    "a router tracks connections that it forwards": (
        host(conntrack={"count": 250000, "max": 262144, "buckets": 65536}),
        {"conntrack": None},
    ),
}


@pytest.mark.parametrize(("facts", "expected"), INCIDENTS.values(), ids=INCIDENTS)
def test_causes_of_incidents(facts, expected):
    findings = diagnose(facts)["findings"]
    assert {finding["id"]: finding["because_of"] for finding in findings} == expected


def incident(name):
    return found(INCIDENTS[name][0])


def test_a_higher_limit_is_no_cure_for_a_dead_database():
    emfile = incident("workers wait for a dead database until they have no descriptor left")["emfile"]
    assert "nofile" not in {remedy["kind"] for remedy in emfile["remedies"]}


def test_the_process_that_does_not_read_is_named():
    unread = incident("a consumer hangs and its unread data fills tcp_mem")["idle_established"]
    assert unread["title"] == "390 established connections have data that nginx (PID 711, nginx.service) does not read"


def test_the_process_that_does_not_read_holds_nearly_all_connections():
    facts = host(
        rates__Tcp__InSegs=20.0, queues__ESTABLISHED={**queue(off=400), "recv_q": {"bytes": 9000, "sockets": 380}}
    )
    assert found(facts)["idle_established"]["evidence"]["pid"] == 711
    facts["nettune_tcp"]["processes"][0]["states"]["ESTABLISHED"] = 150
    assert "pid" not in found(facts)["idle_established"]["evidence"]


def test_the_peers_of_lost_segments_are_named():
    lost = incident("a faulty switch port loses every tenth segment")["retransmits"]
    assert (lost["evidence"]["share"], lost["evidence"]["usual"]) == (10.8, 0.1)
    assert "192.0.2.44 (17)" in told(lost)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a server answers without reading the upload", "unread"),
        ("a load balancer forgets idle connections", "timeouts"),
    ],
)
def test_kinds_of_resets_are_told_apart(name, kind):
    assert incident(name)["resets"]["evidence"]["kind"] == kind


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        (
            {
                "states__CLOSE_WAIT": 40,
                "processes__0__states__CLOSE_WAIT": 40,
                "processes__0__lingering": {"CLOSE_WAIT": 40},
            },
            "connections in CLOSE_WAIT",
        ),
        ({"processes__0__ghosts": 40}, "descriptors of connections that no longer exist"),
    ],
)
def test_a_slow_leak_is_a_note(changes, what):
    result = diagnose(host(**changes))
    assert result["findings"] == []
    (note,) = result["notes"]
    assert (note["id"], note["evidence"]["what"], note["evidence"]["count"]) == ("slow_leak", what, 40)
    assert "nginx (PID 711, nginx.service)" in note["text"]


def test_short_lived_connections_are_no_slow_leak():
    changes = {"states__CLOSE_WAIT": 40, "processes__0__states__CLOSE_WAIT": 40}
    assert diagnose(host(**changes, processes__0__lingering={"CLOSE_WAIT": 3}))["notes"] == []


def test_sockets_outside_the_accounting_are_a_note():
    facts = host()
    facts["nettune_sysctl"]["keys"]["net.core.bypass_prot_mem"] = {"value": "1"}
    (note,) = diagnose(facts)["notes"]
    assert note["id"] == "unmetered_memory"
    assert "300 pages" in note["text"]


def test_drops_without_a_full_table_are_not_called_a_full_table():
    drops = found(host(rates__conntrack={"drop": 4.0, "early_drop": 0.0, "insert_failed": 0.0}))["conntrack"]
    assert drops["severity"] == "critical"
    assert "4 packets/s" in drops["title"]
    assert not {"sysctl"} & {remedy["kind"] for remedy in drops["remedies"]}
    assert "not full" in told(drops)


def test_packets_that_clash_are_a_note():
    result = diagnose(host(rates__conntrack={"drop": 2.0, "early_drop": 0.0, "insert_failed": 2.0}))
    assert result["findings"] == []
    (note,) = result["notes"]
    assert (note["id"], note["evidence"]) == ("conntrack_clashes", {"clashes_per_second": 2})
    assert "DNS" in note["text"]


def test_clashes_do_not_hide_a_full_table():
    facts = host(
        conntrack={"count": 262144, "max": 262144, "buckets": 65536},
        rates__conntrack={"drop": 30.0, "early_drop": 2.0, "insert_failed": 1.0},
    )
    assert "262144 of 262144" in found(facts)["conntrack"]["title"]
    assert diagnose(facts)["notes"] == []


@pytest.mark.parametrize(("queued", "words"), [("sent", "waits to be sent"), ("received", "Read the data")])
def test_memory_is_told_by_the_queue_that_holds_it(queued, words):
    full = {**queue(on=400, **{queued: 600_000_000}), "inbound": 390}
    memory = found(host(memory__pages=180000, queues__ESTABLISHED=full))["tcp_memory"]
    remedies = [remedy["text"] for remedy in memory["remedies"] if remedy["kind"] == "application"]
    assert len(remedies) == 1
    assert words in remedies[0]


@pytest.mark.parametrize(
    ("destination", "reuse", "helps"),
    [("127.0.0.1", "2", False), ("::1", "2", False), ("127.0.0.1", "0", True), ("192.0.2.9", "2", True)],
)
def test_reuse_is_no_remedy_where_it_is_the_default(destination, reuse, helps):
    row = {**DESTINATION, "destination": destination, "used": 27500, "ratio": 0.974, "time_wait": 27400}
    ports = found(host(states__TIME_WAIT=27500, ephemeral__busiest=[row], sysctl__tcp_tw_reuse=reuse))
    remedies = told(ports["port_exhaustion"])
    assert ("tcp_tw_reuse = 1" in remedies) == helps
