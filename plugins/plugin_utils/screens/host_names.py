# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of hosts in natural order and in short form."""

from __future__ import annotations

import re
from typing import Any, Iterable

_PARTS = re.compile(r"\d+|\D+")
_NUMBER = re.compile(r"\d+")


def natural(name: str) -> list[tuple[int, Any]]:
    """Return a sort key by which web2 comes before web10.

    >>> sorted(["web10", "web2", "db1"], key=natural)
    ['db1', 'web2', 'web10']
    """
    return [(0, int(part)) if part.isdecimal() else (1, part) for part in _PARTS.findall(name)]


def short(names: Iterable[str]) -> str:
    """Return the names in the notation of Ansible's inventories, in natural order.

    Three or more names that differ in one number, counting up, share an entry. Leading zeros are kept.

    >>> short(["web3", "web1", "web2", "db1"])
    'db1, web[1-3]'
    >>> short(["web08.example.com", "web09.example.com", "web10.example.com"])
    'web[08-10].example.com'
    """
    ordered = sorted(set(names), key=lambda name: (natural(name), name))
    entries: list[list[str]] = []
    for name in ordered:
        if entries and _follows(entries[-1][-1], name) and _same_place(entries[-1], name):
            entries[-1].append(name)
        else:
            entries.append([name])
    return ", ".join(map(_entry, entries))


def _differing(first: str, second: str) -> tuple[int, re.Match[str], re.Match[str]] | None:
    """Return which number is the only difference of two names, and the two numbers; None if they differ otherwise."""
    if _NUMBER.sub("0", first) != _NUMBER.sub("0", second):
        return None
    pairs = list(zip(_NUMBER.finditer(first), _NUMBER.finditer(second)))
    different = [(place, *pair) for place, pair in enumerate(pairs) if pair[0][0] != pair[1][0]]
    return different[0] if len(different) == 1 else None


def _follows(first: str, second: str) -> bool:
    found = _differing(first, second)
    if not found:
        return False
    low, high = found[1][0], found[2][0]
    padded = low.startswith("0") or high.startswith("0")
    return int(high) == int(low) + 1 and (len(low) == len(high) or not padded)


def _same_place(entry: list[str], name: str) -> bool:
    """Return whether the number that counts up in `entry` is also the one that differs in `name`."""
    if len(entry) == 1:
        return True
    before, now = _differing(entry[0], entry[-1]), _differing(entry[-1], name)
    return bool(before and now and before[0] == now[0])


def _entry(names: list[str]) -> str:
    found = _differing(names[0], names[-1])
    if len(names) < 3 or not found:
        return ", ".join(names)
    _place, low, high = found
    return f"{names[0][: low.start()]}[{low[0]}-{high[0]}]{names[0][low.end() :]}"
