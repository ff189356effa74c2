# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the kept results say, asked by name. Nothing is a number that was not measured: then it is None."""

from __future__ import annotations

from typing import Any

from .paired import Ratio, Rounds, difference, ratio, slope, typical

Results = dict[str, Any]
Entry = dict[str, Any]


def usual(results: Results) -> dict[int, Entry]:
    """{number of sockets: what was measured over the usual mix}."""
    entries = [entry for entry in results.get("counting", []) if entry["mix"] == "web"]
    return {entry["size"]: entry for entry in sorted(entries, key=lambda entry: entry["size"])}


def others(results: Results) -> list[Entry]:
    """What was measured over other mixes, and from an empty namespace beside a full one."""
    beside = [entry for entry in results.get("counting", []) if entry["mix"] != "web"]
    return [*results.get("mixes", []), *beside]


def column(entry: Entry, what: str) -> Rounds:
    """Rounds of {contestant: one figure}: seconds, cpu_seconds, rss_kib or strays."""
    return [{name: row[what] for name, row in line.items() if what in row} for line in entry["rounds"]]


def times(entry: Entry, one: str, other: str, what: str = "seconds") -> Ratio | None:
    """How many times as much `one` took as `other`."""
    return ratio(column(entry, what), one, other)


def mebibytes(entry: Entry, name: str) -> float | None:
    """MiB of the largest resident set."""
    found = typical(column(entry, "rss_kib"), name)
    return None if found is None else found / 1024


def beyond_interpreter(entry: Entry, name: str) -> float | None:
    """MiB of the largest resident set beyond that of the bare interpreter."""
    one, bare = mebibytes(entry, name), mebibytes(entry, "python")
    return None if one is None or bare is None else one - bare


def most_strays(entry: Entry, name: str) -> int | None:
    """The most sockets by which an answer differed from the exact dump's in the same round."""
    return max((row[name] for row in column(entry, "strays") if name in row), default=None)


def slopes(results: Results, name: str, what: str = "seconds") -> float | None:
    """What a socket more costs, in times of what it costs the floor."""
    lines = {}
    for one in (name, "floor"):
        points = {size: typical(column(entry, what), one) for size, entry in usual(results).items()}
        lines[one] = slope({size: value for size, value in points.items() if value is not None})
    return lines[name] / lines["floor"] if lines[name] is not None and lines["floor"] else None


def profile_ratio(
    results: Results, *, hosts: int, ssh: bool, again: bool, pipelining: bool = False, way: str = "loop"
) -> Ratio | None:
    """How many times as long a run for each key, in a loop or tasks, took as one run for all."""
    suffix = " again" if again else ""
    for entry in results.get("profile", []):
        if (entry["hosts"], entry["ssh"], entry["pipelining"]) == (hosts, ssh, pipelining):
            return ratio(entry["rounds"], way + suffix, "ours" + suffix)
    return None


def module_milliseconds(results: Results, *, counting: bool) -> Ratio | None:
    """What the module costs beyond one that does nothing; without `counting` also beyond that, interpreter apart."""
    rounds = [
        {"module": row["tcp_facts"] - (0 if counting else row["counts"] - row["python"]), "trivial": row["ping"]}
        for row in results.get("module", {}).get("rounds", [])
    ]
    found = difference(rounds, "module", "trivial")
    return found and Ratio(found.median * 1000, found.low * 1000, found.high * 1000, found.pairs)


def shipped(results: Results, module: str, what: str) -> float | None:
    """How many times as much is shipped for a module as for one that does nothing: bytes or files."""
    payloads = results.get("module", {}).get("payloads", {})
    return payloads[module][what] / payloads["ping"][what] if module in payloads else None
