# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import struct

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
def test_names_are_in_the_order_of_the_kernels_numbers(number, name):
    counts = [0] * 12
    counts[number] = 7
    assert tcp_state.by_name(counts)[name] == 7


def test_all_eleven_states_are_always_present():
    assert tcp_state.by_name([0] * 12) == dict.fromkeys(tcp_state.NAMES, 0)
    assert len(tcp_state.NAMES) == 11


@pytest.mark.parametrize("bit", [0, 12, 13])
def test_the_mask_has_no_duplicates_and_no_bound_sockets(bit):
    assert not tcp_state.ALL >> bit & 1


def info(state=7, acknowledged=0, received=0, segments_out=0, segments_in=0, size=232):
    head = bytes((state,)).ljust(120, b"\0")
    return (head + struct.pack("=QQII", acknowledged, received, segments_out, segments_in)).ljust(size, b"\0")[:size]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"received": 1}, True, id="its peer had closed"),
        pytest.param({"acknowledged": 1}, True, id="it had connected"),
        pytest.param({"segments_in": 2}, True, id="accepted, then reset"),
        pytest.param({}, False, id="never connected"),
        pytest.param({"segments_out": 1, "segments_in": 1}, False, id="refused"),
        pytest.param({"segments_out": 7}, False, id="never answered"),
        pytest.param({"state": 1, "received": 9}, False, id="established"),
        pytest.param({"state": 8, "received": 9}, False, id="close_wait"),
        pytest.param({"received": 9, "size": 104}, False, id="an old kernel's shorter answer"),
    ],
)
def test_ghosts(fields, expected):
    assert tcp_state.is_ghost(info(**fields)) == expected
