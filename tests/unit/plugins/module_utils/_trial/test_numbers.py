# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._trial import numbers as trial_numbers
from ansible_collections.nettune.tcp.plugins.module_utils._trial.numbers import Reading

FACTS = {
    "states": {"LAST_ACK": 30, "ESTABLISHED": 7},
    "total": 37,
    "counters": {"Tcp": {"RetransSegs": 100}, "TcpExt": {"ListenDrops": 5, "PAWSActive": None}},
    "rates": None,
    "orphans": {"count": 3, "max": 100},
    "conntrack": None,
    "source": "netlink",
    "partial": [{"what": "conntrack", "reason": "it is absent here"}],
}


def grown(**counters: int) -> dict[str, Any]:
    return {**FACTS, "states": {"LAST_ACK": 34, "ESTABLISHED": 7}, "counters": {"Tcp": counters}}


def test_facts_are_numbers_by_path() -> None:
    numbers = trial_numbers.numbers_of(Reading(FACTS, 1.0), None)
    assert numbers["states.LAST_ACK"] == 30
    assert numbers["orphans.max"] == 100
    assert numbers["conntrack"] is None
    assert numbers["rates.Tcp.RetransSegs"] is None
    assert not {path for path in numbers if path.startswith(("counters", "source", "partial"))}


def test_rates_are_growth_per_second() -> None:
    numbers = trial_numbers.numbers_of(Reading(grown(RetransSegs=110), 6.0), Reading(FACTS, 2.0))
    assert numbers["rates.Tcp.RetransSegs"] == 2.5
    assert numbers["rates.states.LAST_ACK"] == 1.0


def test_no_rate_without_time_or_without_a_counter() -> None:
    at_once = trial_numbers.numbers_of(Reading(grown(RetransSegs=110), 2.0), Reading(FACTS, 2.0))
    assert at_once["rates.Tcp.RetransSegs"] is None
    new = trial_numbers.numbers_of(Reading(grown(New=1), 3.0), Reading(FACTS, 2.0))
    assert new["rates.Tcp.New"] is None


@pytest.mark.parametrize(
    ("paths", "subset"),
    [
        (["states.LAST_ACK", "total"], {"min"}),
        (["by_family.ipv6.total"], {"families"}),
        (["rates.TcpExt.ListenDrops"], {"counters"}),
        (["rates.states.LAST_ACK"], {"counters", "min"}),
        (["memory.pages", "orphans.count", "time_wait.count"], {"memory"}),
        (["conntrack.count"], {"conntrack"}),
    ],
)
def test_only_the_needed_subsets_are_gathered(paths: list[str], subset: set[str]) -> None:
    assert trial_numbers.subset_of(paths) == subset


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("state.LAST_ACK", "did you mean states.LAST_ACK?"),
        ("counters.TcpExt.ListenDrops", "only ever grows; its growth per second is rates.TcpExt.ListenDrops"),
        ("processes", "is not one of the TCP facts states, total"),
        ("xyz", "is not one of the TCP facts"),
    ],
)
def test_a_fact_that_is_not_a_number_is_refused(path: str, message: str) -> None:
    with pytest.raises(InvalidOption, match=message.replace("?", "\\?")):
        trial_numbers.subset_of([path])


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("states.LASTACK", "did you mean states.LAST_ACK?"),
        ("states.last_ack", "did you mean states.LAST_ACK?"),
        ("rates.Tcp.ListenDrops", "did you mean rates.TcpExt.ListenDrops?"),
        ("rates.ListenDrops", "did you mean rates.TcpExt.ListenDrops?"),
        ("states", "states is not a number of the TCP facts"),
        ("rates.TcpExt.PAWSActive", "rates.TcpExt.PAWSActive is not available on this host"),
        ("conntrack", "conntrack is not available on this host: it is absent here"),
    ],
)
def test_an_unknown_path_is_refused_with_the_nearest(path: str, message: str) -> None:
    known = trial_numbers.numbers_of(Reading(FACTS, 1.0), Reading(FACTS, 0.0))
    trial_numbers.check(["states.LAST_ACK", "rates.TcpExt.ListenDrops"], known)
    with pytest.raises(InvalidOption) as caught:
        trial_numbers.check([path], known, FACTS["partial"])
    assert message in str(caught.value)
