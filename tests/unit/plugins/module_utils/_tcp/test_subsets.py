# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.tcp_state import ALL, LISTEN
from ansible_collections.nettune.tcp.plugins.module_utils._tcp import subsets
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.subsets import (
    BREAKDOWNS,
    DEFAULT,
    FAST,
    NAMES,
    SUBSETS,
    chosen,
    files_of,
    states_of,
)

RARE, WITH_TIME_WAIT, LISTENING = 0xFBC, 0xFFC, 1 << LISTEN


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (DEFAULT, set(DEFAULT)),
        (["all"], set(NAMES)),
        (["all", "!families"], set(NAMES) - {"families"}),
        (["!conntrack"], set(DEFAULT) - {"conntrack"}),
        (["!conntrack", "conntrack"], set()),
        (["min"], {"min"}),
        (["!all"], set()),
        (["!all", "min", "families"], {"min", "families"}),
        ([], set(DEFAULT)),
    ],
)
def test_chosen_subsets(names, expected):
    assert chosen(names) == expected


@pytest.mark.parametrize(
    ("subset", "expected"),
    [
        (set(), (0, 0)),
        ({"counters", "memory", "conntrack"}, (0, 0)),
        ({"listeners"}, (LISTENING, LISTENING)),
        ({"min"}, (ALL, RARE)),
        ({"min", "listeners"}, (ALL, RARE)),
        ({"families"}, (ALL, WITH_TIME_WAIT)),
        ({"min", "families"}, (ALL, WITH_TIME_WAIT)),
        ({"min", "peers"}, (ALL, ALL)),
    ],
)
def test_states_to_count_and_to_walk(subset, expected):
    assert states_of(subset) == expected


def test_a_subset_walks_only_states_that_it_counts():
    assert all(row.walked | row.counted == row.counted for row in SUBSETS)


def test_names_and_facts_are_unique():
    facts = [fact for row in SUBSETS for fact in row.facts]
    assert len(set(NAMES)) == len(NAMES)
    assert len(set(facts)) == len(facts) == len(subsets.SUBSET_OF_FACT)


def test_breakdowns_are_neither_default_nor_fast():
    assert {"ports", "peers", "ephemeral", "queues", "processes"} == BREAKDOWNS
    assert not BREAKDOWNS & {*FAST, *DEFAULT}


def test_default_subsets_are_fast():
    assert set(DEFAULT) <= FAST


def test_files_are_listed_once():
    files = files_of(set(NAMES))
    assert len(set(files)) == len(files)
    assert files_of({"min", "listeners"}) == []
