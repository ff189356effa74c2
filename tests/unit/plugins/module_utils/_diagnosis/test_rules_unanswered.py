# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many connections may wait for an acknowledgement on a busy host, and how near orphans may be to their limit."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.tests.unit.support.diagnosed import found, host, queue

RULES = {"LAST_ACK": "last_ack", "FIN_WAIT1": "fin_wait1", "CLOSING": "closing"}


def waiting(state, unanswered, established, *, growth=0.0, opened=3.0, top=40):
    return host(
        **{
            f"states__{state}": unanswered + 50,
            f"queues__{state}": queue(unanswered=unanswered, unowned=unanswered + 50, on=unanswered),
            f"rates__states__{state}": growth,
            f"peers__{state}": [{"address": "198.51.100.1", "count": top}, {"address": "198.51.100.2", "count": 30}],
        },
        states__ESTABLISHED=established,
        rates__Tcp__PassiveOpens=opened,
    )


@pytest.mark.parametrize("state", RULES)
@pytest.mark.parametrize(
    ("unanswered", "established", "changes", "is_found"),
    [
        (3000, 20000, {}, True),
        (49, 100, {}, False),
        (50, 100, {}, True),
        # A few hundred peers always vanish.
        (600, 20000, {}, False),
        (999, 9000, {}, False),
        (1000, 9000, {}, True),
        # Many connections end meanwhile, so many of their peers vanish.
        (3000, 20000, {"opened": 601.0}, False),
        (3000, 20000, {"opened": 200.0}, True),
        (3000, 20000, {"opened": None}, True),
        (535, 500, {"opened": 500.0}, False),
        # But few of those that are near.
        (535, 500, {"opened": 500.0, "top": 292}, False),
        (535, 500, {"opened": 500.0, "top": 293}, True),
        # The incident is over.
        (3000, 20000, {"growth": -31.0}, False),
        (3000, 90000, {}, False),
    ],
)
def test_large_numbers_count_beside_many_connections(state, unanswered, established, changes, is_found):
    assert (RULES[state] in found(waiting(state, unanswered, established, **changes))) is is_found


@pytest.mark.parametrize(("state", "opened"), [("LAST_ACK", 600.0), ("CLOSING", 600.0), ("FIN_WAIT1", 200.0)])
def test_the_number_that_is_usual(state, opened):
    assert RULES[state] in found(waiting(state, 3000, 20000, opened=opened))
    assert RULES[state] not in found(waiting(state, 3000, 20000, opened=opened + 0.1))


@pytest.mark.parametrize(("state", "is_found"), [("LAST_ACK", True), ("CLOSING", True), ("FIN_WAIT1", False)])
def test_clients_that_vanish_before_this_side_closes_are_usual(state, is_found):
    assert (RULES[state] in found(waiting(state, 1400, 20000))) is is_found


def test_many_without_queues():
    counts = {"states": {"LAST_ACK": 3000, "ESTABLISHED": 20000}}
    assert "last_ack" in found(counts)
    busy = {**counts, "rates": {"Tcp": {"ActiveOpens": 0.0, "PassiveOpens": 2500.0}}}
    assert "last_ack" not in found(busy)


def full(count, maximum=131072, **changes):
    return host(orphans={"count": count, "max": maximum}, **changes)


BUSY = {"states__ESTABLISHED": 3_000_000, "rates__Tcp__InSegs": 900_000.0}
OWN = {**BUSY, "states__FIN_WAIT1": 131000}


@pytest.mark.parametrize(
    ("facts", "severity"),
    [
        (full(131050), "critical"),
        (full(131050, **OWN), "critical"),
        (full(118000), "critical"),
        (full(100000), "warning"),
        (full(70000, rates__TcpExt__TCPAbortOnMemory=4.0), "critical"),
        (full(60000), None),
        # In 900 seconds the limit is reached.
        (full(40000, states__FIN_WAIT1=39000, **BUSY, rates__states__FIN_WAIT1=120.0), "warning"),
        (full(40000, states__FIN_WAIT1=39000, **BUSY, rates__states__FIN_WAIT1=80.0), None),
        (full(20000, states__FIN_WAIT1=19000, **BUSY, rates__states__FIN_WAIT1=900.0), None),
    ],
)
def test_how_near_the_limit_of_orphans_is(facts, severity):
    findings = found(facts)
    assert list(findings) == (["orphans"] if severity else [])
    assert not severity or findings["orphans"]["severity"] == severity


def test_own_orphans_are_explained_by_their_state():
    findings = found(full(131050, states__FIN_WAIT1=131000, states__ESTABLISHED=20000, queues=None))
    assert {name: row["because_of"] for name, row in findings.items()} == {"fin_wait1": None, "orphans": "fin_wait1"}
    assert {row["severity"] for row in findings.values()} == {"critical"}
    assert "131050 of at most 131072" in findings["orphans"]["title"]
    assert "FIN_WAIT1" in findings["orphans"]["title"]


def test_orphans_elsewhere_are_not_blamed_on_a_state_of_this_namespace():
    findings = found(full(131050, states__FIN_WAIT1=20000, states__ESTABLISHED=20000, queues=None))
    assert {name: row["because_of"] for name, row in findings.items()} == {"fin_wait1": None, "orphans": None}
    assert "20000 of them in this network namespace" in findings["orphans"]["title"]


@pytest.mark.parametrize(("timeout", "own"), [("60", 0), ("120", 80000), (None, 0)])
def test_orphans_in_fin_wait2_count_only_with_a_long_timeout(timeout, own):
    facts = full(
        90000, states__FIN_WAIT2=80000, queues__FIN_WAIT2=queue(unowned=80000), sysctl__tcp_fin_timeout=timeout
    )
    assert found(facts)["orphans"]["evidence"]["own"] == own


def test_fewer_retries_are_no_remedy_for_closed_windows():
    closed = queue(unowned=131000, unanswered=131000, persist=131000)
    remedies = found(full(131050, **OWN, queues__FIN_WAIT1=closed))["orphans"]["remedies"]
    assert "tcp_orphan_retries" not in " ".join(remedy["text"] for remedy in remedies)
