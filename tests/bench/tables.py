# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of Markdown, and figures as people read them."""

from __future__ import annotations

from typing import Sequence

from .paired import Ratio

NOTHING = "–"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of Markdown; the first column is text, all others are figures. Bars in a cell are escaped."""
    if any(len(row) != len(head) for row in rows):
        raise ValueError(f"a row has not as many cells as the head, which has {len(head)}")
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def figure(value: float | None) -> str:
    """Two or three significant figures: 0.24, 1.1, 12, 109."""
    if value is None:
        return NOTHING
    if abs(value) < 0.995:
        return f"{value:.2f}"
    return f"{value:.1f}" if abs(value) < 9.95 else f"{value:.0f}"


def precise(value: float | None) -> str:
    """Two figures behind the point, for what is held against a bound."""
    return NOTHING if value is None else f"{value:.2f}"


def spread(ratio: Ratio | None) -> str:
    """The median and the quartiles: `1.12 (1.09 to 1.14)`."""
    if ratio is None:
        return NOTHING
    return f"{precise(ratio.median)} ({precise(ratio.low)} to {precise(ratio.high)})"


def size(number: int) -> str:
    """Sockets: 10k, 1M."""
    for unit, letter in ((1_000_000, "M"), (1_000, "k")):
        if number >= unit and number % unit == 0:
            return f"{number // unit}{letter}"
    return str(number)
