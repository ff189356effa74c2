# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The goals of the benchmarks, compared with the results."""

from __future__ import annotations

from typing import Iterator, NamedTuple

from . import figures
from .figures import Entry, Ratio, Results

_MILLION = 1_000_000
_HALF_A_MILLION = 500_000
# Hosts, by ssh, second run, and how many times as long one run per parameter must take at least.
_PROFILE_BOUNDS = ((1, False, False, 8), (1, False, True, 6), (20, True, False, 15), (20, True, True, 15))


class Goal(NamedTuple):
    """`bound` is the upper bound, with `least` the lower one; `value` is None if it was not measured."""

    what: str
    bound: float
    unit: str
    value: float | None
    least: bool = False

    @property
    def verdict(self) -> str:
        """Whether the goal is reached, missed, or not measured."""
        if self.value is None:
            return "not measured"
        # Compared as printed, with two decimals.
        value = round(self.value, 2)
        return "reached" if (value >= self.bound if self.least else value <= self.bound) else "**missed**"


def goals(results: Results) -> list[Goal]:
    """Return all goals."""
    return [*_counting(results), *_memory(results), *_churn(results), *_module(results), *_profile(results)]


def _counting(results: Results) -> Iterator[Goal]:
    entries = figures.usual(results)
    million, half = entries.get(_MILLION), entries.get(_HALF_A_MILLION)
    yield _floor("counts, 1M sockets", million, "counts", 0.25)
    yield _faster("counts, 1M: `ss -tan`, awk takes", million, "ss", "counts", 8)
    yield _faster("counts, 1M: psutil takes", million, "psutil", "counts", 50)
    yield _faster("counts by Python 3.8, 1M: `ss -tan`, awk takes", million, "ss", "counts 3.8", 7)
    for size, entry in (("500k", half), ("1M", million)):
        yield _floor(f"exact, {size}", entry, "exact", 1.10)
        yield _faster(f"exact, {size}: `ss -tan`, awk takes", entry, "ss", "exact", 2)
    yield _floor("state × peer, 1M", million, "peers", 1.2)
    yield _floor("state × port, 1M", million, "ports", 1.2)
    yield _floor("state × peer and state × port in one walk, 1M", million, "peers+ports", 1.2)


def _memory(results: Results) -> Iterator[Goal]:
    entries = figures.usual(results).values()
    for what, name, bound in (
        ("counts", "counts", 4),
        ("state × peer", "peers", 15),
        ("state × port", "ports", 15),
        ("both in one walk", "peers+ports", 15),
    ):
        found = [figures.beyond_interpreter(entry, name) for entry in entries]
        value = max((one for one in found if one is not None), default=None)
        yield Goal(f"memory beyond the interpreter, {what}, any size", bound, " MiB", value)


def _churn(results: Results) -> Iterator[Goal]:
    auto = results.get("churning", {}).get("ways", {}).get("auto")
    for state in ("established", "time_wait"):
        value = auto[state]["most"] if auto else None
        yield Goal(f"{state.upper()} while connections come and go, off by at most", 5, " sockets", value)


def _module(results: Results) -> Iterator[Goal]:
    milliseconds = _median(figures.module_milliseconds(results, counting=False))
    yield Goal("the module beyond a trivial one and counting", 15, " ms", milliseconds)
    for what in ("bytes", "files"):
        value = figures.shipped(results, "tcp_facts", what)
        yield Goal(f"{what} shipped for tcp_facts, of those for a trivial module", 1.15, " ×", value)


def _profile(results: Results) -> Iterator[Goal]:
    for hosts, ssh, again, bound in _PROFILE_BOUNDS:
        where = f"{hosts} hosts by ssh" if ssh else "locally"
        value = _median(figures.profile_ratio(results, hosts=hosts, ssh=ssh, again=again))
        run = "second run" if again else "changing run"
        yield Goal(f"25 parameters, {where}, {run}: a loop takes", bound, " ×", value, least=True)


def _floor(what: str, entry: Entry | None, name: str, bound: float) -> Goal:
    return Goal(what, bound, " × floor", _median(entry and figures.times(entry, name, "floor")))


def _faster(what: str, entry: Entry | None, slow: str, fast: str, bound: float) -> Goal:
    return Goal(what, bound, " ×", _median(entry and figures.times(entry, slow, fast)), least=True)


def _median(value: Ratio | None) -> float | None:
    return value.median if value else None
