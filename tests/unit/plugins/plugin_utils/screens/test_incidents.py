# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One card for a fault that two hosts see, with the host and service that cause it."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.incidents import incidents
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.findings import draw, grouped
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.incidents import Joined
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.run import Run
from ansible_collections.nettune.tcp.tests.unit.support.simulated_faults import (
    APP,
    FAULTS,
    NGINX,
    PROXY,
    WEB,
    exhausted,
    full,
    leak,
    unacknowledged,
    unread,
)
from ansible_collections.nettune.tcp.tests.unit.support.simulated_fleet import Host


def screen(*hosts, **options):
    rows = [host.row() for host in hosts]
    hostvars = {row["host"]: {"got": {key: row[key] for key in row if key != "host"}} for row in rows}
    return draw(Run(hostvars, list(hostvars), [], width=200, args={"registered": "got", "options": options}))


def documents(*hosts):
    rows = [host.row() for host in hosts]
    return [card.document() for card in grouped(Joined(rows, incidents(rows)).hosts(), each=False)]


def lines(*hosts, label=""):
    return [line.text for line in screen(*hosts).lines if label in line.text[:14]]


def titles(*hosts):
    return [
        line.text.split(":")[0] for line in screen(*hosts).lines if "WARNING" in line.text or "CRITICAL" in line.text
    ]


def test_a_cause_and_its_effect_share_a_card():
    hosts = leak(1500)
    assert titles(*hosts) == ["web3  WARNING"]
    assert lines(*hosts, label="caused by") == ["    caused by app.service on web3"]
    assert lines(*hosts, label="leads to") == [
        "    leads to  1500 connections in FIN_WAIT2 on proxy1 (fin_wait2_orphaned)"
    ]
    assert screen(*hosts).lines[-1].text == "2 of 2 hosts with findings"


def test_the_card_of_a_cause_is_as_urgent_as_its_effects():
    web, proxy = full(requests=600)
    assert titles(web, proxy) == ["web3  CRITICAL"]
    assert lines(web, proxy, label="leads to") == ["    leads to  600 connections in SYN_SENT on proxy1 (syn_sent)"]


def test_a_cause_without_a_finding_is_named_on_the_card_of_its_effect():
    web, proxy = leak(1500)
    web.add("ESTABLISHED", 20000, "198.51.100.1", port=8080, process=APP)
    web.more_facts["rates"] = None
    assert titles(web, proxy) == ["proxy1  WARNING"]
    assert lines(web, proxy, label="caused by") == ["    caused by app.service on web3 (1500 in CLOSE_WAIT there)"]


def test_a_finding_that_is_explained_in_part_keeps_its_card():
    web, proxy = leak(1500)
    proxy.add("FIN_WAIT2", 900, "198.51.100.1", remote_port=443)
    assert titles(web, proxy) == ["proxy1  WARNING", "web3  WARNING"]
    assert lines(web, proxy, label="caused by") == [
        "    caused by app.service on web3 (1500 in CLOSE_WAIT there)",
        "    caused by app.service on web3",
    ]


def test_segments_that_do_not_arrive_are_told_on_the_card_of_their_sender():
    web, proxy = unacknowledged()
    assert titles(web, proxy) == ["web3  WARNING"]
    assert lines(web, proxy, label="caused by") == [
        "    caused by proxy1, or the network on the way there: nothing arrives there (200 in FIN_WAIT2 there)"
    ]
    assert lines(web, proxy, label="leads to") == [
        "    leads to  200 connections in FIN_WAIT2 on proxy1 (fin_wait2_owned)"
    ]


def test_ports_in_time_wait_are_caused_by_the_host_itself():
    assert lines(*exhausted(), label="caused by") == [
        "    caused by proxy1, which closes its connections to web3 port 8080 first"
    ]
    assert lines(*exhausted(), label="leads to") == []


def test_hosts_that_cannot_send():
    assert lines(*unread(), label="leads to") == ["    leads to  300 connections on proxy1 cannot send"]


def test_hosts_with_the_same_cause_share_a_card():
    hosts = []
    for number in (1, 2, 3):
        web, proxy = Host(f"web{number}", f"10.0.0.{number}"), Host(f"proxy{number}", f"10.0.1.{number}")
        web.listen(8080, APP)
        web.add("CLOSE_WAIT", 1500 + number, f"10.0.1.{number}", port=8080, process=APP)
        proxy.add("FIN_WAIT2", 1500 + number, f"10.0.0.{number}", remote_port=8080)
        hosts += [web, proxy]
    (card,) = documents(*hosts)
    assert card["hosts"] == ["web1", "web2", "web3"]
    assert card["caused_by"] == ["app.service on web[1-3]"]
    assert card["effects"] == ["1501-1503 connections in FIN_WAIT2 on proxy[1-3] (fin_wait2_orphaned)"]


def test_a_chain_of_hosts_is_one_card():
    """The accept queue of db1 is full, so web3 waits for it until it accepts no more, so proxy1 waits for web3."""
    web, proxy = full()
    db = Host("db1", "10.0.0.20")
    db.listen(5432, NGINX, queued=129)
    web.add("SYN_SENT", 900, "10.0.0.20", remote_port=5432, process=APP, repeated=900)
    web.more_facts["processes"] = [
        {**row, "nofile": {"soft": 906, "hard": 906}} for row in web.facts()["nettune_tcp"]["processes"]
    ]
    assert [finding["because_of"] for finding in web.row()["findings"]] == [None, "syn_sent", "emfile"]
    (card,) = documents(web, proxy, db)
    assert card["hosts"] == ["db1"]
    effects = " ".join(card["effects"])
    for part in (
        "200-900 connections in SYN_SENT on proxy1, web3 (syn_sent)",
        "web3: app (PID 711, app.service) has ",
        "web3: Connections to 0.0.0.0:8080 are not accepted fast enough",
    ):
        assert part in effects


def test_two_hosts_that_wait_for_each_other_have_a_card():
    web, proxy = full()
    proxy.listen(443, NGINX, queued=129)
    web.add("SYN_SENT", 300, PROXY, remote_port=443, process=APP, repeated=300)
    for host, soft in ((web, 300), (proxy, 200)):
        rows = host.facts()["nettune_tcp"]["processes"]
        host.more_facts["processes"] = [{**row, "nofile": {"soft": soft, "hard": soft}} for row in rows]
    assert len(incidents([web.row(), proxy.row()])) == 2
    assert documents(web, proxy)


@pytest.mark.parametrize("fault", FAULTS)
def test_the_document_has_incidents_and_no_facts(fault):
    document = screen(*fault()).document
    assert document["incidents"] == incidents([host.row() for host in fault()])
    assert not [host for host in document["hosts"] if "facts" in host]
    findings = {host.name: host.row()["findings"] for host in fault()}
    assert {host["host"]: host["findings"] for host in document["hosts"]} == findings


def test_hosts_of_which_only_one_end_is_seen_keep_their_cards():
    web, proxy = leak(1500)
    web.addresses = proxy.addresses = [WEB]
    assert titles(web, proxy) == ["proxy1  WARNING", "web3  WARNING"]
    assert not lines(web, proxy, label="caused by")
