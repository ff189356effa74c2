# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Medians, and measures of spread that a few outliers do not affect."""

from __future__ import annotations

from typing import Sequence

# The standard deviation of a normal distribution in median absolute deviations: 1 / 0.6745.
_SIGMA_OF_MAD = 1.4826


def median(values: Sequence[float]) -> float:
    """Return the middle value, or the mean of the two in the middle. values: at least one."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def deviations(values: Sequence[float]) -> list[float]:
    """Return the distance of each value from the median of all."""
    centre = median(values)
    return [abs(value - centre) for value in values]


def sigma(distances: Sequence[float]) -> float:
    """Return the standard deviation estimated from absolute deviations; 0 for none."""
    return _SIGMA_OF_MAD * median(distances) if distances else 0.0
