# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The open-file limit, RLIMIT_NOFILE of setrlimit(2): a soft and a hard number of descriptors."""

from __future__ import annotations

from typing import Any, NamedTuple

INFINITY = (1 << 64) - 1
# The maximum of fs.nr_open: INT_MAX rounded down to a multiple of 64 (fs/file.c, sysctl_nr_open_max).
HIGHEST = 0x7FFFFFC0
# Those of INFINITY in base 2.
_MOST_DIGITS = 64


class Limit(NamedTuple):
    """Numbers of descriptors. INFINITY is RLIM_INFINITY."""

    soft: int
    hard: int

    def __str__(self) -> str:
        return f"{_text(self.soft)}:{_text(self.hard)}"


def at_least(limit: Limit, floor: Limit | None) -> Limit:
    """Return the limit with each part raised to the floor, if there is one."""
    if floor is None:
        return limit
    return Limit(max(limit.soft, floor.soft), max(limit.hard, floor.hard))


def reaches(limit: Limit, floor: Limit) -> bool:
    """Return whether both parts are at or above the floor."""
    return at_least(limit, floor) == limit


def at_most(limit: Limit, ceiling: int) -> Limit:
    """Return the limit with each part lowered to the ceiling."""
    return Limit(min(limit.soft, ceiling), min(limit.hard, ceiling))


def finite(limit: Limit, *, nr_open: int) -> Limit:
    """Return the limit with fs.nr_open in place of infinity, as the kernel grants it."""
    return Limit(*(nr_open if number >= INFINITY else number for number in limit))


def shown(limit: Limit) -> dict[str, Any]:
    """Return the limit as a dictionary, for results."""
    return {"soft": limit.soft, "hard": limit.hard}


def bounded_number(digits: str, base: int = 10) -> int:
    """Return the number of these digits, at most INFINITY. Python is slow to read a million digits, or refuses."""
    significant = digits.lstrip("0")
    return INFINITY if len(significant) > _MOST_DIGITS else min(int(significant or "0", base), INFINITY)


def _text(count: int) -> str:
    return "infinity" if count >= INFINITY else str(count)
