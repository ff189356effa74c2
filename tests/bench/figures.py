# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures from the stored results, by name; None if something was not measured.

Programs run in turns (A B C, A B C, …). Something that slows the machine down for a while affects all of a round
alike, so ratios are taken within each round, and then their median. Rounds without one of the two do not count.
"""

from __future__ import annotations

import statistics
from typing import Any, Mapping, NamedTuple, Sequence

Results = dict[str, Any]
Entry = dict[str, Any]
# One value for each program that ran in a round.
Rounds = Sequence[Mapping[str, float]]


class Ratio(NamedTuple):
    """The median of paired ratios or differences, the quartiles around it, and the number of pairs."""

    median: float
    low: float
    high: float
    pairs: int


def ratio(rounds: Rounds, one: str, other: str) -> Ratio | None:
    """Return how many times as much `one` took as `other`."""
    return _spread([row[one] / row[other] for row in rounds if one in row and row.get(other)])


def difference(rounds: Rounds, one: str, other: str) -> Ratio | None:
    """Return how much more `one` took than `other`."""
    return _spread([row[one] - row[other] for row in rounds if one in row and other in row])


def _spread(values: list[float]) -> Ratio | None:
    if not values:
        return None
    low, _median, high = statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3
    return Ratio(statistics.median(values), low, high, len(values))


def typical(rounds: Rounds, one: str) -> float | None:
    """Return the median of what `one` took."""
    values = [row[one] for row in rounds if one in row]
    return statistics.median(values) if values else None


def slope(points: Mapping[int, float]) -> float | None:
    """Return how much a value grows per unit of its key (least squares), None for fewer than two points."""
    if len(points) < 2:
        return None
    return statistics.linear_regression(list(points), list(points.values())).slope


def usual(results: Results) -> dict[int, Entry]:
    """Return {number of sockets: entry} of the usual mix."""
    entries = [entry for entry in results.get("counting", []) if entry["mix"] == "web"]
    return {entry["size"]: entry for entry in sorted(entries, key=lambda entry: entry["size"])}


def others(results: Results) -> list[Entry]:
    """Return the entries of other mixes, and of an empty namespace beside a full one."""
    beside = [entry for entry in results.get("counting", []) if entry["mix"] != "web"]
    return [*results.get("mixes", []), *beside]


def column(entry: Entry, what: str) -> Rounds:
    """Return the rounds of one figure: seconds, cpu_seconds, rss_kib or count_difference."""
    return [{name: row[what] for name, row in line.items() if what in row} for line in entry["rounds"]]


def times(entry: Entry, one: str, other: str, what: str = "seconds") -> Ratio | None:
    """Return how many times as much `one` took as `other`."""
    return ratio(column(entry, what), one, other)


def mebibytes(entry: Entry, name: str) -> float | None:
    """Return the largest resident set in MiB."""
    found = typical(column(entry, "rss_kib"), name)
    return None if found is None else found / 1024


def beyond_interpreter(entry: Entry, name: str) -> float | None:
    """Return by how many MiB the largest resident set exceeds that of the bare interpreter."""
    one, bare = mebibytes(entry, name), mebibytes(entry, "python")
    return None if one is None or bare is None else one - bare


def largest_count_difference(entry: Entry, name: str) -> int | None:
    """Return the most sockets by which an answer differed from that of the exact dump in the same round."""
    return max((row[name] for row in column(entry, "count_difference") if name in row), default=None)


def slopes(results: Results, name: str, what: str = "seconds") -> float | None:
    """Return the cost of one more socket, as a multiple of the floor's."""
    lines = {}
    for one in (name, "floor"):
        points = {size: typical(column(entry, what), one) for size, entry in usual(results).items()}
        lines[one] = slope({size: value for size, value in points.items() if value is not None})
    return lines[name] / lines["floor"] if lines[name] is not None and lines["floor"] else None


def profile_ratio(
    results: Results, *, hosts: int, ssh: bool, again: bool, pipelining: bool = False, way: str = "loop"
) -> Ratio | None:
    """Return how many times as long one run per key (`way`: loop or tasks) took as one run for all keys."""
    suffix = " again" if again else ""
    for entry in results.get("profile", []):
        if (entry["hosts"], entry["ssh"], entry["pipelining"]) == (hosts, ssh, pipelining):
            return ratio(entry["rounds"], way + suffix, "ours" + suffix)
    return None


def module_milliseconds(results: Results, *, counting: bool) -> Ratio | None:
    """Return how much longer the module takes than a trivial one; without `counting`, minus the time of counting."""
    rounds = [
        {"module": row["tcp_facts"] - (0 if counting else row["counts"] - row["python"]), "trivial": row["ping"]}
        for row in results.get("module", {}).get("rounds", [])
    ]
    found = difference(rounds, "module", "trivial")
    return found and Ratio(found.median * 1000, found.low * 1000, found.high * 1000, found.pairs)


def shipped(results: Results, module: str, what: str) -> float | None:
    """Return how many times as many bytes or files are shipped for a module as for a trivial one."""
    payloads = results.get("module", {}).get("payloads", {})
    return payloads[module][what] / payloads["ping"][what] if module in payloads else None
