# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw a series of numbers as one line of text, and the rate at which it changes."""

from __future__ import annotations

import locale
from typing import Sequence

BLOCKS, ASCII = "▁▂▃▄▅▆▇█", "_.-:=+*#"


def characters() -> str:
    """Return the characters to draw with, the lowest first; ASCII unless the locale is UTF-8."""
    encoding = locale.getpreferredencoding(False).lower().replace("-", "")
    return BLOCKS if encoding == "utf8" else ASCII


def draw(values: Sequence[float], *, width: int, levels: str = BLOCKS) -> str:
    """Return the values as characters of `levels`, scaled from their least to their greatest.

    If there are more than `width` values, each character stands for the mean of several.

    >>> draw([0, 10, 20, 70], width=8)
    '▁▂▃█'
    """
    shown = means(values, width)
    low, high = min(shown, default=0), max(shown, default=0)
    scale = (len(levels) - 1) / (high - low) if high > low else 0
    return "".join(levels[round((value - low) * scale)] for value in shown)


def rate(change: float, seconds: float) -> str:
    """Return a change per second, minute or hour as text; an empty text if no time has passed.

    >>> rate(122, 5), rate(-1, 60), rate(-1400, 1), rate(0, 1)
    ('+24.4/s', '-1.0/min', '-1400/s', '0/s')
    """
    if seconds <= 0:
        return ""
    if not change:
        return "0/s"
    units = (("s", 1), ("min", 60), ("h", 3600))
    unit, length = next((unit for unit in units if abs(change / seconds) * unit[1] >= 0.1), units[-1])
    found = change / seconds * length
    return f"{found:+.{1 if abs(found) < 99.95 else 0}f}/{unit}"


def means(values: Sequence[float], number: int) -> list[float]:
    """Return at most `number` values: the means of parts of equal length."""
    if len(values) <= number:
        return list(values)
    ends = [round(len(values) * part / number) for part in range(number + 1)]
    parts = [values[start:end] for start, end in zip(ends, ends[1:])]
    return [sum(part) / len(part) for part in parts]
