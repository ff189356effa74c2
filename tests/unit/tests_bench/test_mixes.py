# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The composition of populations."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.tests.bench.mixes import MIXES, orders


def sockets(asked, **what):
    return sum(order.sockets for order in asked if what.items() <= order._asdict().items())


def test_the_usual_mix():
    asked = orders("web", 100_000, most=20_000)
    assert sockets(asked) == 100_000
    assert sockets(asked, kind="established") == 70_000
    assert sockets(asked, kind="time_wait") == 20_000
    assert sockets(asked, kind="established", family="ipv6") == 70_000 * 8 // 100
    assert sockets(asked, kind="established", family="mapped") == 70_000 * 6 // 100


@pytest.mark.parametrize("mix", MIXES)
@pytest.mark.parametrize("size", [10_000, 999_999])
def test_the_size_is_about_right(mix, size):
    wanted = size if MIXES[mix].kinds else 0
    assert wanted - 10 <= sockets(orders(mix, size, most=20_000)) <= wanted


@pytest.mark.parametrize("most", [20, 1024, 19_900])
def test_orders_respect_the_descriptor_limit_and_have_their_own_addresses(most):
    asked = orders("web", 10_000, most=most)
    assert max(order.pairs * 2 for order in asked) <= most
    assert [order.place for order in asked] == list(range(len(asked)))


def test_an_unknown_mix():
    with pytest.raises(KeyError, match="wep"):
        orders("wep", 10, most=10)
