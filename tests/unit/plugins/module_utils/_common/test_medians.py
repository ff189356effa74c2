# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common import medians


@pytest.mark.parametrize(
    ("values", "median", "sigma"),
    [
        ([5.0], 5.0, 0.0),
        ([1.0, 3.0], 2.0, 1.4826),
        ([1.0, 2.0, 3.0], 2.0, 1.4826),
        ([3.0, 1.0, 2.0, 1000.0], 2.5, 1.4826),
        ([10.0, 10.0, 10.0, 99.0], 10.0, 0.0),
        ([-4.0, -2.0, 0.0, 2.0, 4.0], 0.0, 2 * 1.4826),
    ],
)
def test_the_middle_and_how_far_from_it(values: list[float], median: float, sigma: float) -> None:
    assert medians.median(values) == median
    assert medians.sigma(medians.deviations(values)) == pytest.approx(sigma)


def test_sigma_of_no_deviations_is_0() -> None:
    assert medians.sigma([]) == 0.0
