# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The composition of populations: numbers of connections by kind and family."""

from __future__ import annotations

from typing import Iterator, NamedTuple

# How both ends of a connection are left, and how many sockets then remain.
KINDS = {"established": 2, "half_closed": 2, "close_wait": 1, "time_wait": 1}


class Mix(NamedTuple):
    """Percentages of sockets by kind, and of connections by family (the rest is IPv4); `rare` adds all other states."""

    kinds: dict[str, int]
    families: dict[str, int]
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
    """A number of connections of one kind and family. Each order has its own addresses, chosen by `place`."""

    place: int
    kind: str
    family: str
    pairs: int

    @property
    def sockets(self) -> int:
        """The number of sockets that remain, without listeners."""
        return self.pairs * KINDS[self.kind]


def orders(name: str, size: int, *, most: int) -> list[Order]:
    """Return the orders for about `size` sockets of the mix `name`, each with at most `most` descriptors.

    Raises KeyError for an unknown mix.
    """
    mix = MIXES[name]
    whole = (Order(0, kind, family, pairs) for kind, family, pairs in _pairs(mix, size))
    split = [part for order in whole for part in _split(order, most // 2)]
    return [order._replace(place=place) for place, order in enumerate(split)]


def _pairs(mix: Mix, size: int) -> Iterator[tuple[str, str, int]]:
    for kind, share in mix.kinds.items():
        pairs = size * share // 100 // KINDS[kind]
        special = {family: pairs * percent // 100 for family, percent in mix.families.items()}
        for family, number in {"ipv4": pairs - sum(special.values()), **special}.items():
            if number:
                yield kind, family, number


def _split(order: Order, most: int) -> Iterator[Order]:
    """Split an order into as few orders as possible, of about the same size."""
    parts = -(-order.pairs // most)
    for part in range(parts):
        yield order._replace(pairs=order.pairs * (part + 1) // parts - order.pairs * part // parts)
