# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables in Markdown, and numbers as their cells show them."""

from __future__ import annotations

from typing import Sequence

from .figures import Ratio
from .goals import Goal

_NO_FIGURE = "–"


def goals_table(found: Sequence[Goal]) -> str:
    """Return the table of goals with what was measured."""
    rows = [
        [goal.what, f"{'≥' if goal.least else '≤'} {goal.bound:g}{goal.unit}", precise(goal.value), goal.verdict]
        for goal in found
    ]
    return table(["goal", "bound", "measured", ""], rows)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table: the first column is text, the others are figures. Bars in a cell are escaped."""
    if any(len(row) != len(head) for row in rows):
        raise ValueError(f"every row needs as many cells as the head, {len(head)}")
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def figure(value: float | None) -> str:
    """Return two or three significant figures: 0.24, 1.1, 12, 109."""
    if value is None:
        return _NO_FIGURE
    if abs(value) < 0.995:
        return f"{value:.2f}"
    return f"{value:.1f}" if abs(value) < 9.95 else f"{value:.0f}"


def precise(value: float | None) -> str:
    """Return two decimals, for a value that is compared with a bound."""
    return _NO_FIGURE if value is None else f"{value:.2f}"


def spread(found: Ratio | None) -> str:
    """Return the median and the quartiles: `1.12 (1.09 to 1.14)`."""
    if found is None:
        return _NO_FIGURE
    return f"{precise(found.median)} ({precise(found.low)} to {precise(found.high)})"


def size(number: int) -> str:
    """Return a number of sockets in short: 10k, 1M."""
    for unit, letter in ((1_000_000, "M"), (1_000, "k")):
        if number >= unit and number % unit == 0:
            return f"{number // unit}{letter}"
    return str(number)


def thousands(number: int) -> str:
    """Return a number with separators: 100,000."""
    return f"{number:,}"
