# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples about sockets: by state, by listening port, by peer and by destination."""

from __future__ import annotations

from typing import Any, Callable, Iterator, Mapping

from .metric import Host, Sample


def states(host: Host) -> Iterator[Sample]:
    """Yield the number of sockets by state."""
    for state, count in (host.facts.get("states") or {}).items():
        yield Sample(count, (state,))


def ports(host: Host) -> Iterator[Sample]:
    """Yield the number of sockets by port that is listened on, and by state that has any."""
    listened = {row.get("port") for row in host.facts.rows("listeners")}
    for row in host.facts.rows("ports"):
        if row.get("port") in listened:
            yield from (
                Sample(count, (row["port"], state)) for state, count in (row.get("states") or {}).items() if count
            )


def listeners(field: str) -> Callable[[Host], Iterator[Sample]]:
    """Return a reader of a field of the listeners. With SO_REUSEPORT several have the same address and port."""

    def read(host: Host) -> Iterator[Sample]:
        # The fullest accept queue first, so that it is the one that counts.
        for row in sorted(host.facts.rows("listeners"), key=_fullness, reverse=True):
            yield Sample(row.get(field), (row.get("address"), row.get("port")))

    return read


def peers(host: Host) -> Iterator[Sample]:
    """Yield the number of sockets of the peers with the most sockets in each state."""
    for state, rows in (host.facts.get("peers") or {}).items():
        busiest = sorted(rows or (), key=lambda row: -(row.get("count") or 0))[: host.peers]
        yield from (Sample(row.get("count"), (state, row.get("address"))) for row in busiest)


def destinations(field: str) -> Callable[[Host], Iterator[Sample]]:
    """Return a reader of a field of the destinations that use most ports."""

    def read(host: Host) -> Iterator[Sample]:
        for row in host.facts.rows("ephemeral", "busiest"):
            yield Sample(row.get(field), (row.get("source"), row.get("destination"), row.get("port")))

    return read


def _fullness(row: Mapping[str, Any]) -> tuple[float, float]:
    queued = row.get("queued") or 0
    return queued / max(row.get("backlog") or 0, 1), queued
