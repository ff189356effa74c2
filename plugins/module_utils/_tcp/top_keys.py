# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The most frequent keys of a stream in bounded memory (Misra and Gries, Finding repeated elements, 1982)."""

from __future__ import annotations

from collections import defaultdict
from heapq import nsmallest

# Distinct keys in memory; each takes some 200 bytes.
LIMIT = 1 << 14


class TopKeys:
    """Counts keys in `tables`, one for each of a few groups such as the states.

    Counts are exact up to LIMIT distinct keys in all groups. Beyond that, a count of a group may be too low by at most
    `error[group]`, and keys with a lower count may be missing. No count is too high.
    """

    def __init__(self) -> None:
        self.tables: defaultdict[int, defaultdict[bytes, int]] = defaultdict(lambda: defaultdict(int))
        self.error: defaultdict[int, int] = defaultdict(int)

    def trim(self) -> None:
        """Drop the rarest keys if there are more than LIMIT. Call this regularly while counting."""
        while sum(map(len, self.tables.values())) > LIMIT:
            group = max(self.tables, key=lambda group: len(self.tables[group]))
            self._halve(group)

    def _halve(self, group: int) -> None:
        table = self.tables[group]
        median = sorted(table.values())[len(table) // 2]
        self.error[group] += median
        self.tables[group] = defaultdict(int, {key: count - median for key, count in table.items() if count > median})

    def inexact(self) -> str:
        """Return the reason why counts are not exact, or ""."""
        most = max(self.error.values(), default=0)
        return (
            f"more than {LIMIT} different: counts may be too low by up to {most}, and rarer ones missing"
            if most
            else ""
        )


def largest(counts: dict, top: int) -> list[tuple]:
    """Return the `top` items with the largest counts; equal counts are ordered by key."""
    return nsmallest(top, counts.items(), key=lambda item: (-item[1], item[0]))
