# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.rules import ORDER
from ansible_collections.nettune.tcp.plugins.plugin_utils.metrics import series
from ansible_collections.nettune.tcp.plugins.plugin_utils.metrics.table import PREFIX
from ansible_collections.nettune.tcp.tests.unit.support import diagnosed


def values(*, profiles: Any = None, at: Any = None, peers: int = 0, **changes: Any) -> dict[tuple[str, ...], float]:
    """Return the value of each series by the name of its metric and its labels after the host."""
    row = {"host": "web1", "at": at, "facts": diagnosed.host(**changes), "profiles": profiles}
    found = series.of_host(row, peers=peers)
    by_labels = {(each.metric.name[len(PREFIX) :], *each.labels[1:]): each.value for each in found}
    assert len(by_labels) == len(found), "a series occurs twice"
    assert {each.labels[0] for each in found} == {"web1"}
    return by_labels


def named(found: dict[tuple[str, ...], float], name: str) -> dict[tuple[str, ...], float]:
    return {labels[1:]: value for labels, value in found.items() if labels[0] == name}


def test_a_host() -> None:
    found = values(at="2026-11-29T09:30:00Z")
    assert found["up",] == 1
    assert found["gathered_timestamp_seconds",] == 1795944600
    assert found["sockets", "ESTABLISHED"] == 400
    assert len(named(found, "sockets")) == 11
    assert named(found, "port_sockets") == {("80", "ESTABLISHED"): 390, ("80", "TIME_WAIT"): 300}
    assert found["ephemeral_ports_used", "192.0.2.1", "192.0.2.9", "5432"] / found["ephemeral_ports_limit",] < 0.001
    assert found["process_descriptors", "systemd", ""] == 90
    assert found["memory_pages_limit",] == 184398
    assert not named(found, "peer_sockets")
    assert not named(found, "drifted_settings")


def test_a_port_that_is_not_listened_on_has_no_series() -> None:
    found = values(ports=[{"port": 40000, "states": {"ESTABLISHED": 7}}])
    assert not named(found, "port_sockets")


def test_peers_are_bounded_and_the_busiest() -> None:
    peers = [{"address": f"192.0.2.{number}", "count": number} for number in range(1, 11)]
    found = named(values(peers=2, peers__ESTABLISHED=peers), "peer_sockets")
    assert found == {("ESTABLISHED", "192.0.2.10"): 10, ("ESTABLISHED", "192.0.2.9"): 9}


def test_of_listeners_that_share_a_port_the_fullest_queue_counts() -> None:
    rows = [{"address": "::", "port": 80, "backlog": 100, "queued": queued} for queued in (3, 90, 5)]
    found = values(listeners=rows)
    assert named(found, "accept_queue_connections") == {("::", "80"): 90}
    assert named(found, "accept_queue_limit") == {("::", "80"): 100}


def test_of_processes_with_a_name_the_nearest_to_its_limit_counts() -> None:
    common = {"name": "worker", "unit": "app.service"}
    rows = [
        {**common, "pid": 2, "descriptors": 900, "soft": 100000},
        {**common, "pid": 3, "descriptors": 800, "soft": 1024},
        {**common, "pid": 4, "descriptors": None, "soft": 1024},
        {**common, "pid": 5, "descriptors": 1, "soft": 0},
    ]
    found = values(nofile__processes=rows)
    assert named(found, "process_descriptors") == {("worker", "app.service"): 800}
    assert named(found, "process_descriptors_limit") == {("worker", "app.service"): 1024}


def test_findings_have_a_series_for_each_severity_of_each_rule_that_was_judged() -> None:
    healthy = named(values(), "finding")
    assert not any(healthy.values())
    sick = values(states__CLOSE_WAIT=600, ports=[{"port": 80, "states": {"CLOSE_WAIT": 600}}])
    found = [labels for labels, value in named(sick, "finding").items() if value]
    assert [labels[0] for labels in found] == ["close_wait"]
    assert len(named(sick, "finding")) == 3 * len({rule for rule, _severity in named(sick, "finding")})
    unjudged = named(values(memory=None), "finding")
    assert "tcp_memory" in ORDER
    assert not any(rule == "tcp_memory" for rule, _severity in unjudged)


def test_drift_by_profile() -> None:
    drift = [{"profile": "web", "when": "now"}, *[{"profile": "web", "when": "next boot"}] * 2]
    drift += [{"profile": "gone", "when": "now"}]
    profiles = {"profiles": [{"name": "web"}, {"name": "mail"}], "drift": drift}
    found = named(values(profiles=profiles), "drifted_settings")
    expected = {"web": (1, 2), "mail": (0, 0), "gone": (1, 0)}
    assert found == {
        (name, when): number for name, pair in expected.items() for when, number in zip(("now", "boot"), pair)
    }


@pytest.mark.parametrize("fact", ["conntrack", "memory", "orphans", "time_wait", "ephemeral", "listeners"])
def test_a_fact_that_is_missing_has_no_series(fact: str) -> None:
    found = values(**{fact: None})
    assert found["up",] == 1
    assert len(found) < len(values())


def test_hosts_that_return_more_than_facts_have() -> None:
    many = [{"port": 80, "address": f"{number}", "backlog": 1, "queued": 1} for number in range(series.MOST + 1)]
    assert len(named(values(listeners=many), "accept_queue_limit")) == series.MOST
    long = [{"pid": 1, "name": name * 1000, "unit": None, "descriptors": 2, "soft": 9} for name in "xx"]
    ((name, _unit),) = named(values(nofile__processes=long), "process_descriptors")
    assert len(name) == 200
    with pytest.raises(MalformedInput):
        values(states={"ESTABLISHED": "many"})


def test_a_host_without_facts() -> None:
    assert [(each.metric.name, each.labels, each.value) for each in series.of_missing("web1")] == [
        ("nettune_tcp_up", ("web1",), 0)
    ]
