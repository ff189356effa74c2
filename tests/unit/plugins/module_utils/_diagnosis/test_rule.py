# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.rule import (
    is_shrinking,
    percent,
    severity_of,
    worst,
)

BOUNDS = {"warning": 70, "critical": 90, "growing": 10}


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        *[(1, 3, 33.3), (6, 5, 120.0), (None, 5, None), (5, None, None), (5, 0, None)],
        # Rounded, but not to all or nothing.
        *[(65536, 65536, 100.0), (65524, 65536, 99.9), (1, 65536, 0.1), (0, 65536, 0.0)],
    ],
)
def test_percent(part, whole, expected):
    assert percent(part, whole) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(None, None), (69.9, None), (70, "warning"), (90, "critical"), (1000, "critical")]
)
def test_severity_of(value, expected):
    assert severity_of(value, BOUNDS) == expected


def test_worst():
    assert worst("info", None, "critical", "warning") == "critical"
    assert worst(None, None) is None


@pytest.mark.parametrize(
    ("count", "growth", "expected"), [(100, -1.1, True), (100, -1, False), (100, 1, False), (100, None, False)]
)
def test_a_number_shrinks_if_it_falls_by_more_than_1_percent_per_second(count, growth, expected):
    assert is_shrinking(count, growth) is expected
