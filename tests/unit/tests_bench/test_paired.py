# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Statistics of contestants that ran in turns."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.tests.bench.paired import Ratio, difference, ratio, slope, typical

# In the second round the machine was busy, and in the last one b did not run.
ROUNDS = [{"a": 3.0, "b": 1.0}, {"a": 40.0, "b": 10.0}, {"a": 5.0, "b": 1.0}, {"a": 900.0}]


def test_a_ratio_is_taken_within_each_round():
    assert ratio(ROUNDS, "a", "b") == Ratio(median=4.0, low=3.5, high=4.5, pairs=3)


def test_a_difference_is_taken_within_each_round():
    assert difference(ROUNDS, "a", "b") == Ratio(median=4.0, low=3.0, high=17.0, pairs=3)


@pytest.mark.parametrize("rounds", [[], [{"a": 1.0}], [{"a": 1.0}, {"b": 1.0}]])
def test_without_a_common_round_there_is_no_ratio(rounds):
    assert ratio(rounds, "a", "b") is None
    assert difference(rounds, "a", "b") is None


def test_what_took_nothing_is_no_measure():
    assert ratio([{"a": 1.0, "b": 0.0}], "a", "b") is None


def test_one_round_has_no_spread():
    assert ratio([{"a": 2.0, "b": 4.0}], "a", "b") == Ratio(0.5, 0.5, 0.5, 1)


def test_typical_is_the_median_of_the_rounds_it_ran_in():
    assert typical(ROUNDS, "b") == 1.0
    assert typical(ROUNDS, "c") is None


@pytest.mark.parametrize(
    ("points", "expected"), [({10: 1.0, 20: 3.0}, 0.2), ({1: 5.0, 2: 5.0, 3: 5.0}, 0.0), ({10: 1.0}, None), ({}, None)]
)
def test_slope(points, expected):
    assert slope(points) == (expected if expected is None else pytest.approx(expected))
