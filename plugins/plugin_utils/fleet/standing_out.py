# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of a host's TCP states stand out: there are more of them than a busy host ordinarily has."""

from __future__ import annotations

from typing import Mapping, NamedTuple


class Bound(NamedTuple):
    """A state stands out from `few` sockets on where they are `percent` of the host's, and from `many` on anyway."""

    few: int
    percent: int
    many: int


# What a host is there for; however many there are, that is no news.
_USUAL = ("ESTABLISHED", "LISTEN")
_BOUNDS = {
    # Each connection that a host closes first is in TIME_WAIT for a minute; 28,232 ports are to be had by default.
    "TIME_WAIT": Bound(few=100, percent=50, many=20000),
    # ... and in FIN_WAIT2 until the other side closes, too.
    "FIN_WAIT2": Bound(few=10, percent=10, many=5000),
}
# Passed through in a moment, unless somebody does not answer, accept or close.
_PASSING = Bound(few=10, percent=5, many=1000)


def standing_out(states: Mapping[str, int]) -> dict[str, int]:
    """Of the sockets in each state those of the states that stand out, the largest number first."""
    total = sum(states.values())
    found = [name for name, count in states.items() if name not in _USUAL and _stands_out(name, count, total)]
    return {name: states[name] for name in sorted(found, key=lambda name: (-states[name], name))}


def _stands_out(name: str, count: int, total: int) -> bool:
    bound = _BOUNDS.get(name, _PASSING)
    return count >= bound.many or (count >= bound.few and count * 100 >= bound.percent * total)
