# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common import robust_statistics


@pytest.mark.parametrize(
    ("values", "median", "standard_deviation"),
    [
        ([5.0], 5.0, 0.0),
        ([1.0, 3.0], 2.0, 1.4826),
        ([1.0, 2.0, 3.0], 2.0, 1.4826),
        ([3.0, 1.0, 2.0, 1000.0], 2.5, 1.4826),
        ([10.0, 10.0, 10.0, 99.0], 10.0, 0.0),
        ([-4.0, -2.0, 0.0, 2.0, 4.0], 0.0, 2 * 1.4826),
    ],
)
def test_median_and_standard_deviation(values: list[float], median: float, standard_deviation: float) -> None:
    assert robust_statistics.median(values) == median
    found = robust_statistics.standard_deviation(robust_statistics.deviations(values))
    assert found == pytest.approx(standard_deviation)


def test_standard_deviation_of_no_deviations_is_0() -> None:
    assert robust_statistics.standard_deviation([]) == 0.0


def test_no_values_have_no_median() -> None:
    with pytest.raises(IndexError):
        robust_statistics.median([])
