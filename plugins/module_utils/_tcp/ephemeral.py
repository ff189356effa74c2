# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collect the ephemeral ports in use, by destination and by source; see collectors.py."""

from __future__ import annotations

from .._formats.inet_diag import AF_INET, AF_INET6, address_text, unmapped
from .._formats.tcp_state import LISTEN, SYN_SENT, TIME_WAIT
from .collectors import PORTS, Collector
from .top_keys import TopKeys, largest

# The states are counted in these groups.
_OPEN, _WAITING, _REQUESTED = range(3)
_GROUPS = bytes({TIME_WAIT: _WAITING, SYN_SENT: _REQUESTED}.get(state, _OPEN) for state in range(256))
# The ports of at most so many source addresses are counted; each takes 64 KiB.
_SOURCES = 64


class Ephemeral(Collector):
    """Ephemeral ports in use for each source, destination and destination port, without those of listeners."""

    def __init__(self, first: int, last: int) -> None:
        self._range = range(first, last + 1)
        self._listening: set[int] = set()
        self._keys = TopKeys()
        # By family and source address: the number of sockets of each port, at most 255.
        self._ports: dict[int, dict[bytes, bytearray]] = {AF_INET: {}, AF_INET6: {}}

    def add(self, chunk: bytes, offsets: list[int] | range) -> None:
        tables, ports, listening, sources = self._keys.tables, self._range, self._listening, self._ports
        for offset in offsets:
            port = chunk[offset + 20] << 8 | chunk[offset + 21]
            if chunk[offset + 17] == LISTEN:
                listening.add(port)
            elif port in ports and port not in listening:
                group, family = _GROUPS[chunk[offset + 17]], chunk[offset + 16]
                start, end = offset + 22, offset + 56
                tables[group << 8 | family][chunk[start:end]] += 1
                start, end = offset + 24, offset + 40
                source = chunk[start:end]
                try:
                    sources[family][source][port] += 1  # errors are handled below, which is faster than tests
                except KeyError:
                    self._add_source(family, source, port)
                except ValueError:
                    pass
        self._keys.trim()

    def _add_source(self, family: int, source: bytes, port: int) -> None:
        if sum(map(len, self._ports.values())) < _SOURCES:
            self._ports[family][source] = bytearray(PORTS)
            self._ports[family][source][port] = 1

    def fact(self, top: int, *, available: int) -> dict[str, list[dict]]:
        """Return {busiest, sources, unanswered}, each with the rows that use most ports first.

        busiest: {source, destination, port, used, ratio, time_wait}. ratio: used ports by `available` ones. time_wait:
        how many of the used ports are in TIME_WAIT. sources: {source, ports, sockets, ratio}, the different ports in
        use for each source, and how many sockets use them. unanswered: {source, destination, port, count} of the
        sockets in SYN_SENT.
        """
        counts, waiting, requested = self._counts(), self._counts(_WAITING), self._counts(_REQUESTED)
        self.inexact = self._keys.inexact()
        busiest = [
            {
                **_pair_of(key),
                "used": used,
                "ratio": _ratio(used, available),
                "time_wait": waiting.get(key, 0),
            }
            for key, used in largest(counts, top)
        ]
        unanswered = [{**_pair_of(key), "count": count} for key, count in largest(requested, top)]
        return {"busiest": busiest, "sources": self._sources(top, available), "unanswered": unanswered}

    def _counts(self, only: int | None = None) -> dict[tuple[bytes, bool], int]:
        """Return the number of sockets by the key that _unmapped_pair() returns, of all groups or only one."""
        counts: dict[tuple[bytes, bool], int] = {}
        for group, table in self._keys.tables.items():
            if only in (None, group >> 8):
                for raw, count in table.items():
                    key = _unmapped_pair(raw, ipv6=group & 255 == AF_INET6)
                    counts[key] = counts.get(key, 0) + count
        return counts

    def _sources(self, top: int, available: int) -> list[dict]:
        tables: dict[tuple[bytes, bool], list[bytearray]] = {}
        for family, sources in self._ports.items():
            for source, used in sources.items():
                # An address mapped into IPv6 is the same source.
                tables.setdefault(unmapped(source, ipv6=family == AF_INET6), []).append(used)
        numbers = {key: _different(used) for key, used in tables.items()}
        return [
            {
                "source": address_text(raw, ipv6=ipv6),
                "ports": number,
                "sockets": sum(map(sum, tables[raw, ipv6])),
                "ratio": _ratio(number, available),
            }
            for (raw, ipv6), number in largest(numbers, top)
        ]


def _different(tables: list[bytearray]) -> int:
    """Return the number of ports that are in use in any of the tables."""
    # Counting zeros takes a hundredth of the time of looking at each port.
    return PORTS - tables[0].count(0) if len(tables) == 1 else sum(map(any, zip(*tables)))


def _ratio(used: int, available: int) -> float | None:
    return round(used / available, 4) if available else None


def _pair_of(key: tuple[bytes, bool]) -> dict:
    """Return {source, destination, port} of a key that _unmapped_pair() returned."""
    raw, ipv6 = key
    return {
        "source": address_text(raw[2:18], ipv6=ipv6),
        "destination": address_text(raw[18:], ipv6=ipv6),
        "port": raw[0] << 8 | raw[1],
    }


def _unmapped_pair(raw: bytes, *, ipv6: bool) -> tuple[bytes, bool]:
    """Return what inet_diag.unmapped() does, for a port and two addresses; both are of the same kind."""
    destination, still_ipv6 = unmapped(raw[18:], ipv6=ipv6)
    if ipv6 == still_ipv6:
        return raw, ipv6
    return raw[:2] + unmapped(raw[2:18], ipv6=True)[0] + destination, False
