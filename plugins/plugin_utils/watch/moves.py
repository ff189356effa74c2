# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The states that moved during a watch, on one host or on several together."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, NamedTuple, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._formats import tcp_state
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch import sparkline


class Move(NamedTuple):
    """How the number of sockets in a state changed. values: of each sample. per_second: from the first to the last."""

    state: str
    values: Sequence[float]
    per_second: float | None

    @property
    def height(self) -> float:
        """Return the difference between the greatest and the least value."""
        return max(self.values) - min(self.values)

    @property
    def direction(self) -> int:
        """Return 1 or -1 if most of the movement is up or down, or 0 if it went there and back."""
        change = self.values[-1] - self.values[0]
        return (change > 0) - (change < 0) if 2 * abs(change) >= self.height else 0


def of_host(result: Mapping[str, Any]) -> list[Move]:
    """Return the states that moved, from the result of tcp_watch; the one that moved most comes first."""
    series, seconds = result["series"], result["seconds"]
    moves = []
    for state in tcp_state.NAMES if series else ():
        values = [sample[state] for sample in series]
        if max(values) > min(values):
            moves.append(Move(state, values, (values[-1] - values[0]) / seconds if seconds > 0 else None))
    return sorted(moves, key=lambda move: -move.height)


def picture(moves: Iterable[Move]) -> tuple[Any, ...]:
    """Return what hosts have in common whose states moved alike."""
    return tuple(sorted((move.state, move.direction) for move in moves))


def together(hosts: Sequence[Sequence[Move]]) -> list[Move]:
    """Return the moves of several hosts with the same picture, added up."""
    return [_sum([next(move for move in moves if move.state == first.state) for moves in hosts]) for first in hosts[0]]


def _sum(moves: Sequence[Move]) -> Move:
    """Add up the moves of one state. Series of unlike length are shortened to the shortest."""
    length = min(len(move.values) for move in moves)
    columns = zip(*(sparkline.means(move.values, length) for move in moves))
    rates = [move.per_second for move in moves if move.per_second is not None]
    # The means at the ends are replaced, so that the first and the last value are exact.
    values = [float(sum(column)) for column in columns]
    values[0], values[-1] = sum(move.values[0] for move in moves), sum(move.values[-1] for move in moves)
    return Move(moves[0].state, values, sum(rates) if rates else None)
