# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of the runs on fleets: ratios to a trivial run, growth per host, projections, and the goals."""

from __future__ import annotations

from statistics import linear_regression
from typing import Any, Iterator, NamedTuple

from ..figures import Rounds, ratio, slope, typical
from ..goals import Goal
from .ways import TRIVIAL

PROJECTED = 5000
_KIB, _MB = 1024, 1_000_000
Found = dict[str, Any]


class Line(NamedTuple):
    """A value as a function of the number of hosts: `fixed` + `per_host` × hosts."""

    fixed: float
    per_host: float

    def at(self, hosts: int) -> float:
        """Return the value for a number of hosts."""
        return self.fixed + self.per_host * hosts


def entries(found: Found) -> dict[int, Found]:
    """Return {number of hosts: entry}, the smallest first."""
    return {int(number): entry for number, entry in sorted(found.get("sizes", {}).items(), key=lambda one: int(one[0]))}


def column(entry: Found, what: str) -> Rounds:
    """Return the rounds of one figure of a Cost; "processor" is that of the controller and all hosts."""
    return [{name: _value(cost, what) for name, cost in row.items()} for row in entry["rounds"]]


def _value(cost: dict[str, float], what: str) -> float:
    return cost["controller_cpu"] + cost["hosts_cpu"] if what == "processor" else cost[what]


def to_trivial(found: Found, hosts: int, way: str, what: str) -> float | None:
    """Return how many times as much a way took as the trivial one, in the median of the rounds."""
    entry = entries(found).get(hosts)
    one = entry and ratio(column(entry, what), way, TRIVIAL)
    return one.median if one else None


def line(found: Found, way: str, what: str) -> Line | None:
    """Return the line of least squares through all sizes, None for fewer than two."""
    typicals = {hosts: typical(column(entry, what), way) for hosts, entry in entries(found).items()}
    points = {hosts: value for hosts, value in typicals.items() if value is not None}
    if slope(points) is None:
        return None
    fitted = linear_regression(list(points), list(points.values()))
    return Line(fitted.intercept, fitted.slope)


def missed_by(found: Found, way: str, what: str) -> tuple[int, float] | None:
    """Return the largest size, and its value as a multiple of the projection from all smaller sizes."""
    sizes = found.get("sizes", {})
    measured = [hosts for hosts, entry in entries(found).items() if any(way in row for row in entry["rounds"])]
    if len(measured) < 3:
        return None
    largest = measured[-1]
    smaller = line({"sizes": {number: entry for number, entry in sizes.items() if int(number) != largest}}, way, what)
    value = typical(column(entries(found)[largest], what), way)
    return (largest, value / smaller.at(largest)) if smaller and value else None


def goals(found: Found) -> Iterator[Goal]:
    """Yield the goals."""
    for way, bound, sizes in (("tcp_facts", 1.05, (50, 200)), ("facts", 1.05, (50, 200))):
        for hosts in sizes:
            yield Goal(f"{_NAMES[way]}, {hosts} hosts", bound, " × `ping`", to_trivial(found, hosts, way, "processor"))
    for way, bound in (("tune again", 4), ("verify", 2)):
        yield Goal(f"{_NAMES[way]}, 50 hosts", bound, " × `ping`", to_trivial(found, 50, way, "processor"))
    memory = line(found, "facts", "main_kib")
    grown = memory and memory.per_host * _KIB / 1000
    yield Goal("controller's memory for one more host, `facts.yml`", 60, " kB", grown)
    one = found.get("recorded", {}).get("runs", {}).get("report")
    what = f"report of {PROJECTED:,} recorded hosts"
    yield Goal(f"{what}, processor time", 20, " s", one and one["cpu_seconds"])
    yield Goal(f"{what}, memory", 600, " MB", one and one["rss_kib"] * _KIB / _MB)
    yield Goal(f"{what}, page", 10, " MB", one and one["bytes"] / _MB)


_NAMES = {
    "tcp_facts": "`tcp_facts`, one task",
    "facts": "`facts.yml`",
    "tune again": "`tune-web.yml`, second run",
    "verify": "`verify.yml`",
}
