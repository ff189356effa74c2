# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Statistics of contestants that ran in turns: A B C, A B C, and so on.

What disturbs a machine for a while disturbs all of a round alike, so a ratio is taken within each round, and of the
ratios the median. A round in which one of the two did not run counts for nothing.
"""

from __future__ import annotations

import statistics
from typing import Mapping, NamedTuple, Sequence

# Rounds of one value for each contestant that ran in it.
Rounds = Sequence[Mapping[str, float]]


class Ratio(NamedTuple):
    """The median of paired ratios, the quartiles around it, and how many pairs there were."""

    median: float
    low: float
    high: float
    pairs: int


def ratio(rounds: Rounds, one: str, other: str) -> Ratio | None:
    """How many times as much `one` took as `other`; None where they never ran in the same round."""
    return _spread([row[one] / row[other] for row in rounds if one in row and row.get(other)])


def difference(rounds: Rounds, one: str, other: str) -> Ratio | None:
    """By how much `one` took more than `other`, likewise."""
    return _spread([row[one] - row[other] for row in rounds if one in row and other in row])


def typical(rounds: Rounds, one: str) -> float | None:
    """The median of what `one` took; None where it never ran."""
    values = [row[one] for row in rounds if one in row]
    return statistics.median(values) if values else None


def slope(points: Mapping[int, float]) -> float | None:
    """By how much a value grows with each unit of its key: the least squares' line. None for fewer than two points."""
    if len(points) < 2:
        return None
    return statistics.linear_regression(list(points), list(points.values())).slope


def _spread(values: list[float]) -> Ratio | None:
    if not values:
        return None
    low, _median, high = statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3
    return Ratio(statistics.median(values), low, high, len(values))
