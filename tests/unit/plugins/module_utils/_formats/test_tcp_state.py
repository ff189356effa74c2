# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats import tcp_state


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (1, "ESTABLISHED"),
        (3, "SYN_RECV"),
        (5, "FIN_WAIT2"),
        (6, "TIME_WAIT"),
        (8, "CLOSE_WAIT"),
        (10, "LISTEN"),
        (11, "CLOSING"),
    ],
)
def test_numbers_are_the_kernels(number, name):
    counts = [0] * 12
    counts[number] = 7
    assert tcp_state.by_name(counts)[name] == 7


def test_all_eleven_are_always_there():
    assert tcp_state.by_name([0] * 12) == dict.fromkeys(tcp_state.NAMES, 0)
    assert len(tcp_state.NAMES) == 11


@pytest.mark.parametrize("bit", [0, 12, 13])
def test_masks_ask_for_nothing_twice_and_for_no_bound_sockets(bit):
    assert not tcp_state.ALL >> bit & 1


def test_the_rare_states_are_all_but_two():
    assert tcp_state.ALL - tcp_state.RARE == 1 << tcp_state.ESTABLISHED | 1 << tcp_state.TIME_WAIT
