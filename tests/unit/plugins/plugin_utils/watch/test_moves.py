# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats import tcp_state
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch import moves
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch.moves import Move


def result(seconds: float = 10, **series: list[int]) -> dict[str, Any]:
    length = max(map(len, series.values()), default=0)
    rows = [
        {state: series[state][number] if state in series else 1 for state in tcp_state.NAMES}
        for number in range(length)
    ]
    return {"series": rows, "seconds": seconds}


def test_the_state_that_moved_most_comes_first() -> None:
    found = moves.of_host(result(LAST_ACK=[5, 6, 7], ESTABLISHED=[90, 50, 80], CLOSE=[3, 3, 3]))
    assert found == [Move("ESTABLISHED", [90, 50, 80], -1.0), Move("LAST_ACK", [5, 6, 7], 0.2)]


@pytest.mark.parametrize("found", [result(), result(seconds=0, CLOSE=[4])])
def test_nothing_moves_in_less_than_two_samples(found: dict[str, Any]) -> None:
    assert moves.of_host(found) == []


def test_without_time_there_is_no_rate() -> None:
    assert moves.of_host(result(seconds=0, CLOSE=[4, 5])) == [Move("CLOSE", [4, 5], None)]


@pytest.mark.parametrize(
    ("values", "direction"), [([1, 5, 9], 1), ([9, 8, 1], -1), ([5, 9, 5], 0), ([5, 9, 6], 0), ([1, 9, 5], 1)]
)
def test_a_direction_takes_half_of_the_movement(values: list[int], direction: int) -> None:
    assert Move("CLOSE", values, 0.0).direction == direction


def test_hosts_move_alike_whatever_moved_most() -> None:
    first = moves.of_host(result(LAST_ACK=[5, 6, 7], ESTABLISHED=[90, 50, 10]))
    second = moves.of_host(result(LAST_ACK=[10, 60, 70], ESTABLISHED=[9, 5, 1]))
    third = moves.of_host(result(LAST_ACK=[70, 60, 10], ESTABLISHED=[9, 5, 1]))
    assert moves.picture(first) == moves.picture(second) != moves.picture(third)


def test_moves_of_several_hosts_are_added_up() -> None:
    hosts = [moves.of_host(result(LAST_ACK=[5, 6, 7])), moves.of_host(result(LAST_ACK=[10, 20, 30, 40, 50, 60]))]
    assert moves.together(hosts) == [Move("LAST_ACK", [15, 41.0, 67], 5.2)]
