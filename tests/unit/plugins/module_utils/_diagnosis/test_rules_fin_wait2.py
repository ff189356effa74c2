# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.engine import diagnose
from ansible_collections.nettune.tcp.tests.unit.support.diagnosed import found, host, queue

ORPHANED, OWNED = "fin_wait2_orphaned", "fin_wait2_owned"
# Neither queues nor sockstat nor processes tell which sockets in FIN_WAIT2 a process holds.
UNKNOWN_HOLDERS = {"queues": None, "time_wait": None, "processes": None}


def unjudged(facts: dict[str, Any]) -> set[str]:
    return {row["id"] for row in diagnose(facts)["unjudged"]}


@pytest.mark.parametrize(("count", "missing"), [(0, set()), (99, set()), (100, {ORPHANED, OWNED})])
def test_many_sockets_of_unknown_holders_are_unjudged(count: int, missing: set[str]) -> None:
    facts = host(states__FIN_WAIT2=count, **UNKNOWN_HOLDERS)
    assert diagnose(facts)["findings"] == []
    assert unjudged(facts) & {ORPHANED, OWNED} == missing


@pytest.mark.parametrize(
    ("orphaned", "time_wait", "growth", "is_found"),
    [
        (999, 0, 0.0, False),
        (1000, 0, 0.0, True),
        (99, 0, 1.0, False),
        (100, 0, 1.0, True),
        # Half as many as in TIME_WAIT are normal.
        (1000, 2000, 0.0, False),
        (1001, 2000, 0.0, True),
        # They fall by more than 1 % per second.
        (1000, 0, -10.0, True),
        (1000, 0, -10.1, False),
    ],
)
def test_number_of_orphans_that_is_reported(orphaned: int, time_wait: int, growth: float, is_found: bool) -> None:
    facts = host(
        states__FIN_WAIT2=orphaned,
        states__TIME_WAIT=time_wait,
        queues__FIN_WAIT2=queue(unowned=orphaned),
        rates__unowned__FIN_WAIT2=growth,
    )
    assert (ORPHANED in found(facts)) is is_found


def test_growth_of_orphans_counts_rather_than_that_of_all() -> None:
    facts = host(
        states__FIN_WAIT2=500,
        states__TIME_WAIT=0,
        queues__FIN_WAIT2=queue(unowned=500),
        rates__states__FIN_WAIT2=9.0,
    )
    assert found(facts)[ORPHANED]["evidence"]["growth"] == 9.0
    facts["nettune_tcp"]["rates"]["unowned"]["FIN_WAIT2"] = -1.0
    assert ORPHANED not in found(facts)


@pytest.mark.parametrize(
    ("source", "orphans"),
    [
        # sockstat counts orphans in FIN_WAIT2 with the sockets in TIME_WAIT.
        ({"time_wait__count": 2300, "states__TIME_WAIT": 100}, 2200),
        ({"time_wait__count": 9999, "states__TIME_WAIT": 100}, 4000),
        ({"time_wait__count": 90, "states__TIME_WAIT": 100}, 0),
        ({"time_wait": None, "processes__0__states__FIN_WAIT2": 1500}, 2500),
        ({"time_wait": None, "processes__0__states__FIN_WAIT2": 9000}, 0),
    ],
)
def test_orphans_without_queues(source: dict[str, Any], orphans: int) -> None:
    facts = host(**{"states__FIN_WAIT2": 4000, "queues": None, **source})
    findings = found(facts)
    assert (findings[ORPHANED]["evidence"]["count"] if ORPHANED in findings else 0) == orphans


@pytest.mark.parametrize(
    ("growth", "opened", "lingering", "is_found"),
    [
        # Ten connections per second explain 300 of them within the 30 seconds allowed.
        (2.0, 10.0, 290, True),
        (2.0, 10.1, 290, False),
        (0.0, 10.0, 290, False),
        # Of the 290 that were there 5 seconds ago, 80 % must still be there.
        (2.0, 10.0, 232, True),
        (2.0, 10.0, 231, False),
        (2.0, None, 290, False),
    ],
)
def test_fewer_than_in_use_are_stuck_if_they_outlast_the_turnover(
    growth: float, opened: float | None, lingering: int, is_found: bool
) -> None:
    facts = host(
        states__FIN_WAIT2=300,
        queues__FIN_WAIT2=queue(unowned=0),
        processes__0__states__FIN_WAIT2=300,
        processes__0__lingering={"FIN_WAIT2": lingering},
        processes__0__nofile__soft=65536,
        rates__states__FIN_WAIT2=growth,
        rates__Tcp__ActiveOpens=0.0,
        rates__Tcp__PassiveOpens=opened,
    )
    assert (OWNED in found(facts)) is is_found


@pytest.mark.parametrize(
    ("peer", "suspects"),
    [("127.0.0.1", "close_wait"), ("192.0.2.9", None)],
)
def test_leak_at_the_other_end_on_the_same_host_explains_orphans(peer: str, suspects: str | None) -> None:
    facts = host(
        states__FIN_WAIT2=2000,
        states__TIME_WAIT=0,
        queues__FIN_WAIT2=queue(unowned=2000),
        states__CLOSE_WAIT=2000,
        queues__CLOSE_WAIT=queue(),
        processes__0__states__CLOSE_WAIT=2000,
        processes__0__lingering={"CLOSE_WAIT": 2000},
        peers__FIN_WAIT2=[{"address": peer, "count": 2000}],
        peers__CLOSE_WAIT=[{"address": "127.0.0.1", "count": 2000}],
    )
    assert found(facts)[ORPHANED]["because_of"] == suspects


@pytest.mark.parametrize(
    ("changes", "severity"),
    [
        ({}, None),
        # Their share of the open-file limit.
        ({"soft": 21000}, "warning"),
        ({"soft": 21100}, None),
        ({"soft": 8400}, "critical"),
        ({"soft": 21000, "descriptors": 20000, "more": 2.0}, "critical"),
        ({"soft": 8400, "lingering": 3300}, None),
        # They outlast the connections of 30 seconds.
        ({"opened": 140.0}, "warning"),
        ({"opened": 140.0, "count": 999}, None),
        ({"opened": 140.0, "lingering": 3300}, None),
        # They grow by more than chance.
        ({"more": 39.0}, "warning"),
        ({"more": 38.0}, None),
    ],
)
def test_half_closed_connections_that_stay_at_a_busy_proxy(changes: dict[str, Any], severity: str | None) -> None:
    count, growth = changes.get("count", 4200), changes.get("more", 0.0)
    facts = host(
        states__ESTABLISHED=20000,
        states__FIN_WAIT2=count,
        queues__FIN_WAIT2=queue(unowned=0),
        processes__0__states__FIN_WAIT2=count,
        processes__0__lingering={"FIN_WAIT2": changes.get("lingering", min(count, 4190))},
        processes__0__descriptors=changes.get("descriptors", 5000),
        processes__0__nofile__soft=changes.get("soft", 1048576),
        rates__states__FIN_WAIT2=growth,
        rates__processes__0__descriptors=growth,
        rates__processes__0__states__FIN_WAIT2=growth,
        rates__Tcp__InSegs=90000.0,
        rates__Tcp__PassiveOpens=changes.get("opened", 1000.0),
    )
    assert found(facts).get(OWNED, {}).get("severity") == severity
