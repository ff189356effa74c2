# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""No incident is invented: what both ends see has to agree, and addresses of several hosts belong to none."""

from __future__ import annotations

import random

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.both_ends import trimmed
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.incidents import incidents
from ansible_collections.nettune.tcp.tests.unit.support.simulated_faults import (
    APP,
    FAULTS,
    NGINX,
    PROXY,
    WEB,
    leak,
    pair,
    unacknowledged,
)
from ansible_collections.nettune.tcp.tests.unit.support.simulated_fleet import Host, Process


def found(*hosts, **options):
    return incidents([host.row(**options) for host in hosts])


@pytest.mark.parametrize("fault", FAULTS)
class TestNothingIsInvented:
    def test_one_end_alone(self, fault):
        for host in fault():
            assert found(host) == []

    def test_addresses_of_several_hosts(self, fault):
        for address in (WEB, PROXY):
            assert found(*fault(), Host("twin", address)) == []
            assert found(*fault(), Host("twin", f"::ffff:{address}")) == []

    def test_hosts_without_addresses_or_facts(self, fault):
        rows = [host.row() for host in fault()]
        for number in (0, 1):
            for facts in (
                None,
                {},
                {"nettune_tcp": []},
                {"nettune_tcp": {**rows[number]["facts"]["nettune_tcp"], "addresses": None}},
            ):
                assert incidents([{**rows[number], "facts": facts}, rows[1 - number]]) == []

    def test_peers_behind_another_address(self, fault):
        """As behind NAT, where each end sees an address that is not the other's."""
        web, proxy = fault()
        for host, seen in ((web, "10.0.0.77"), (proxy, "10.0.0.78")):
            host.sockets = [one._replace(remote=seen) for one in host.sockets]
        gateway = Host("gateway", "10.0.0.77", "10.0.0.78")
        gateway.more_facts["conntrack"] = {"count": 3, "max": 1000}
        assert found(web, proxy, gateway) == []

    def test_hosts_without_findings(self, fault):
        assert incidents([{**host.row(), "findings": []} for host in fault()]) == []

    def test_facts_of_different_times(self, fault):
        web, proxy = fault()
        rows = [web.row(at="2026-11-29T09:30:00Z"), proxy.row(at="2026-11-29T09:45:00Z")]
        assert incidents(rows) == []
        assert len(incidents([{**row, "at": None} for row in rows])) == 1
        assert len(incidents([rows[0], {**rows[1], "at": "2026-11-29T09:35:00Z"}])) == 1

    def test_loopback_and_link_local_addresses(self, fault):
        web, proxy = fault()
        swap = {WEB: "127.0.0.1", PROXY: "169.254.0.9"}
        for host in (web, proxy):
            host.addresses = [swap[address] for address in host.addresses]
            host.sockets = [one._replace(remote=swap[one.remote]) for one in host.sockets]
        assert found(web, proxy) == []

    def test_trimmed_facts_are_enough(self, fault):
        rows = [host.row() for host in fault()]
        short = [{**row, "facts": trimmed(row["facts"])} for row in rows]
        assert incidents(rows)
        assert incidents(short) == incidents(rows)


def test_numbers_of_another_order():
    assert found(*leak(640, waiting=30)) == []
    assert found(*leak(64, waiting=640)) == []
    assert len(found(*leak(640, waiting=300))) == 1


def test_mapped_addresses_are_the_same():
    web, proxy = leak(web=("2001:db8::3", WEB))
    web.sockets = [one._replace(remote=f"::FFFF:{PROXY}") for one in web.sockets]
    proxy.sockets = [one._replace(remote=WEB) for one in proxy.sockets]
    assert [one["kind"] for one in found(web, proxy)] == ["not_closed"]


def test_ports_that_contradict_each_other():
    web, proxy = leak()
    web.sockets = [one._replace(port=9090) for one in web.sockets]
    assert len(found(web, proxy)) == 1  # only one destination is listed, so others may be missing
    for last in range(20):
        proxy.add("ESTABLISHED", 5 + last, f"198.51.100.{last}", remote_port=443)
    assert found(web, proxy) == []


def test_a_connection_opened_by_the_host_that_does_not_close():
    web, proxy = pair()
    proxy.listen(443, NGINX)
    web.add("CLOSE_WAIT", 200, PROXY, remote_port=443, process=APP)
    proxy.add("FIN_WAIT2", 200, WEB, port=443)
    (incident,) = found(web, proxy)
    assert (incident["cause"]["host"], incident["cause"]["unit"]) == ("web3", "app.service")
    assert incident["port"] == 443


def test_a_finding_about_other_connections_is_not_explained():
    web, proxy = leak()
    proxy.add("FIN_WAIT2", 3000, "198.51.100.1", remote_port=443)
    (incident,) = found(web, proxy)
    assert "fin_wait2_orphaned" in {finding["id"] for finding in proxy.row()["findings"]}
    assert incident["effects"][0]["finding"] is None


def test_connections_in_use_are_not_taken_for_those_that_were_closed():
    web, proxy = unacknowledged("FIN_WAIT1", None)
    for host, address, port in ((web, PROXY, {"port": 8080}), (proxy, WEB, {"remote_port": 8080})):
        host.add("ESTABLISHED", 500, address, process=APP, **port)
    assert found(web, proxy) == []


@pytest.mark.parametrize("tracked", [{"count": 3, "max": 1000}, ...])
def test_a_peer_that_may_forward_connections_to_a_container(tracked):
    web, proxy = unacknowledged(there=None)
    row = proxy.row()
    if tracked is ...:
        del row["facts"]["nettune_tcp"]["conntrack"]
    else:
        row["facts"]["nettune_tcp"]["conntrack"] = tracked
    assert incidents([web.row(), row]) == []


def test_a_peer_whose_other_connections_hide_them():
    web, proxy = unacknowledged(there=None)
    for last in range(20):
        proxy.add("FIN_WAIT2", 300, f"198.51.100.{last}", remote_port=80, process=NGINX)
    assert found(web, proxy) == []


def random_fleet(rng):
    """Return hosts with sockets in random states, and who holds those of each pair: {(host, other): {unit: number}}."""
    hosts = [Host(f"host{number}", f"10.0.0.{number}", f"2001:db8::{number:x}") for number in range(1, 8)]
    truth = {}
    for host in hosts:
        processes = [Process(pid, f"s{pid % 3}.service") for pid in range(1, 5)]
        for process in processes:
            host.listen(8000 + process.pid, process, queued=rng.choice([0, 0, 0, 128]))
        for other in rng.sample(hosts, 4):
            if other is not host:
                state = rng.choice(["CLOSE_WAIT", "FIN_WAIT2", "LAST_ACK", "SYN_SENT", "ESTABLISHED", "TIME_WAIT"])
                process, number = rng.choice([*processes, None]), rng.randrange(1, 900)
                port = 8000 + rng.randrange(1, 5)
                side = {"port": port} if rng.random() < 0.5 and state != "SYN_SENT" else {"remote_port": port}
                mixed = {
                    "repeated": rng.randrange(number),
                    "unread": rng.randrange(number),
                    "closed": rng.randrange(number),
                }
                host.add(state, number, rng.choice(other.addresses), process=process, **side, **mixed)
                held = truth.setdefault((host.name, other.name, state), {})
                unit = process and process.unit
                held[unit] = held.get(unit, 0) + number
    return hosts, truth


@pytest.mark.parametrize("seed", range(40))
def test_random_fleets_are_not_told_what_they_do_not_see(seed):
    hosts, truth = random_fleet(random.Random(seed))
    rows = [host.row() for host in hosts]
    ids = {row["host"]: {finding["id"] for finding in row["findings"]} for row in rows}
    for incident in incidents(rows):
        cause = incident["cause"]
        findings = [(cause["host"], cause["finding"]), *((row["host"], row["finding"]) for row in incident["effects"])]
        assert all(name in ids[host] for host, name in findings if name)
        assert any(name for _host, name in findings)
        for effect in incident["effects"]:
            assert (
                sum(truth[effect["host"], cause["host"], effect["state"]].values()) >= 10 or effect["state"] == "LISTEN"
            )
            if incident["kind"] == "not_closed":
                held = truth[cause["host"], effect["host"], "CLOSE_WAIT"]
                assert cause["unit"] is None or held[cause["unit"]] >= 0.9 * sum(held.values())
