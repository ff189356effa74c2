# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What populations are made of: how many pairs of ends of which kind, for a number of sockets and a mix by name."""

from __future__ import annotations

from typing import Iterator, NamedTuple

FLAVOURS = ("ipv4", "ipv6", "mapped", "mptcp")
# How a pair of ends is left, and how many sockets it then counts for.
KINDS = {"established": 2, "half_closed": 2, "close_wait": 1, "time_wait": 1}


class Mix(NamedTuple):
    """Shares of sockets by kind, and of pairs by flavour (the rest is IPv4), in per cent."""

    kinds: dict[str, int]
    flavours: dict[str, int]
    rare: bool = False


MIXES = {
    # half_closed: one end in FIN_WAIT2, the other in CLOSE_WAIT.
    "web": Mix({"established": 70, "time_wait": 20, "half_closed": 10}, {"ipv6": 8, "mapped": 6}, rare=True),
    "close_wait": Mix({"close_wait": 100}, {}),
    "time_wait": Mix({"time_wait": 100}, {}),
    "ipv6": Mix({"established": 70, "time_wait": 20, "half_closed": 10}, {"ipv6": 100}),
    "mptcp": Mix({"established": 100}, {"mptcp": 100}),
    "empty": Mix({}, {}),
}


class Order(NamedTuple):
    """So many pairs, left as their kind says. `place` tells orders apart: each has addresses of its own."""

    place: int
    kind: str
    flavour: str
    pairs: int

    @property
    def sockets(self) -> int:
        """How many sockets are left, listeners apart."""
        return self.pairs * KINDS[self.kind]


def orders(name: str, size: int, *, most: int) -> list[Order]:
    """The orders for about `size` sockets of the mix `name`, none for more than `most` descriptors.

    Raises KeyError where there is no such mix.
    """
    mix = MIXES[name]
    kinds = (Order(0, kind, flavour, pairs) for kind, flavour, pairs in _pairs(mix, size))
    split = [part for order in kinds for part in _split(order, most // 2)]
    return [order._replace(place=place) for place, order in enumerate(split)]


def _pairs(mix: Mix, size: int) -> Iterator[tuple[str, str, int]]:
    for kind, share in mix.kinds.items():
        pairs = size * share // 100 // KINDS[kind]
        special = {flavour: pairs * percent // 100 for flavour, percent in mix.flavours.items()}
        for flavour, number in {"ipv4": pairs - sum(special.values()), **special}.items():
            if number:
                yield kind, flavour, number


def _split(order: Order, most: int) -> Iterator[Order]:
    """As many orders as it takes, of about the same size."""
    parts = -(-order.pairs // most)
    for part in range(parts):
        yield order._replace(pairs=order.pairs * (part + 1) // parts - order.pairs * part // parts)
