# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Medians, and measures of spread that a few outliers do not affect."""

from __future__ import annotations

from typing import Sequence

# The standard deviation of a normal distribution in median absolute deviations: 1 / 0.6745.
_STANDARD_DEVIATION_OF_MAD = 1.4826


def median(values: Sequence[float]) -> float:
    """Return the middle value, or the mean of the two in the middle. Raises IndexError for no values."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def deviations(values: Sequence[float]) -> list[float]:
    """Return the absolute deviation of each value from the median of all. Raises IndexError for no values."""
    centre = median(values)
    return [abs(value - centre) for value in values]


def standard_deviation(absolute_deviations: Sequence[float]) -> float:
    """Return the standard deviation estimated from what deviations() returns, for one or more series; 0 for none."""
    return _STANDARD_DEVIATION_OF_MAD * median(absolute_deviations) if absolute_deviations else 0.0
