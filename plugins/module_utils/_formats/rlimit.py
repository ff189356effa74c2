# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A limit on open files, RLIMIT_NOFILE of setrlimit(2): a soft and a hard number of descriptors."""

from __future__ import annotations

from typing import Any, NamedTuple

INFINITY = (1 << 64) - 1
# The highest value fs.nr_open takes: INT_MAX rounded down to a multiple of 64 (fs/file.c, sysctl_nr_open_max).
HIGHEST = 0x7FFFFFC0


class Limit(NamedTuple):
    """Both numbers are counts of descriptors; INFINITY stands for RLIM_INFINITY."""

    soft: int
    hard: int

    def __str__(self) -> str:
        return f"{_text(self.soft)}:{_text(self.hard)}"


def at_least(limit: Limit, floor: Limit | None) -> Limit:
    """The limit with each part raised to the floor where it is below it; no floor leaves it as it is."""
    if floor is None:
        return limit
    return Limit(max(limit.soft, floor.soft), max(limit.hard, floor.hard))


def reaches(limit: Limit, floor: Limit) -> bool:
    """Whether both parts are at or above the floor."""
    return at_least(limit, floor) == limit


def at_most(limit: Limit, ceiling: int) -> Limit:
    """The limit with neither part above the ceiling."""
    return Limit(min(limit.soft, ceiling), min(limit.hard, ceiling))


def shown(limit: Limit) -> dict[str, Any]:
    """The limit as a result shows it."""
    return {"soft": limit.soft, "hard": limit.hard}


def _text(number: int) -> str:
    return "infinity" if number >= INFINITY else str(number)
