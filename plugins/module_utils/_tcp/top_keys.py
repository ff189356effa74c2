# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The most frequent keys of a stream in bounded memory, as Misra and Gries count them (Finding repeated elements)."""

from __future__ import annotations

from collections import defaultdict
from heapq import nsmallest

# Distinct keys held at once; some 200 bytes each.
LIMIT = 1 << 14


class TopKeys:
    """Counts keys in tables: one for each of a few groups, such as the states.

    Counts are exact until there are more than LIMIT distinct keys in all. From then on those of a group may be too low,
    by `lacking[group]` at most, and keys rarer than that may be missing; none is too high.
    """

    def __init__(self) -> None:
        self.tables: defaultdict[int, defaultdict[bytes, int]] = defaultdict(lambda: defaultdict(int))
        self.lacking: defaultdict[int, int] = defaultdict(int)

    def trim(self) -> None:
        """Let go of the rarest keys where there are too many; called now and then, between single counts."""
        while sum(map(len, self.tables.values())) > LIMIT:
            group = max(self.tables, key=lambda group: len(self.tables[group]))
            self._halve(group)

    def _halve(self, group: int) -> None:
        table = self.tables[group]
        lost = sorted(table.values())[len(table) // 2]
        self.lacking[group] += lost
        self.tables[group] = defaultdict(int, {key: count - lost for key, count in table.items() if count > lost})

    def lacks(self) -> str:
        """Why counts are not exact, or nothing."""
        most = max(self.lacking.values(), default=0)
        return (
            f"more than {LIMIT} different: counts may be too low by up to {most}, and rarer ones missing"
            if most
            else ""
        )


def largest(counts: dict, top: int) -> list[tuple]:
    """The `top` items with the largest counts, equal ones in the order of their keys."""
    return nsmallest(top, counts.items(), key=lambda item: (-item[1], item[0]))
