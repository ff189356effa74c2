# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import Parameter

BYTE = Parameter("net.ipv4.tcp_sack", low=-(2**31), high=2**31 - 1, tightened=("5.13", 0, 255))


@pytest.mark.parametrize(
    ("release", "bounds"),
    [
        ("4.18.0-553.el8_10.x86_64", (-(2**31), 2**31 - 1)),
        ("5.4.0", (-(2**31), 2**31 - 1)),
        ("5.12.19", (-(2**31), 2**31 - 1)),
        ("5.13", (0, 255)),
        ("5.13.0-rc1", (0, 255)),
        ("6.1.0-18-amd64", (0, 255)),
        ("10.0", (0, 255)),
        ("", (-(2**31), 2**31 - 1)),
        ("mainline", (-(2**31), 2**31 - 1)),
    ],
)
def test_bounds_of_a_kernel(release: str, bounds: tuple[int, int]) -> None:
    row = BYTE.on(release)
    assert (row.low, row.high) == bounds
    assert row.name == BYTE.name


def test_a_row_that_never_changed_is_the_same_on_every_kernel() -> None:
    row = Parameter("net.ipv4.tcp_syn_retries", low=1, high=127)
    assert row.on("4.18.0") is row.on("6.18.0") is row
