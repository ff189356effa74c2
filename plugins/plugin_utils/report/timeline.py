# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The timeline of a host: a watch or trial as series of a few points, with marks where a value was changed."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, Sequence

from ...module_utils._formats.tcp_state import NAMES

# Points of all timelines together, and of one.
_ALL, _MOST, _LEAST = 400_000, 240, 8
# Series of a host: those that move most.
_SERIES = 6
# Marks of all timelines together, and of one.
_ALL_MARKS, _MOST_MARKS, _LEAST_MARKS = 20_000, 200, 4


def timeline(samples: Mapping[str, Any], names: Sequence[str] = NAMES) -> dict[str, Any]:
    """Return {start, seconds: [...], series: {state: [...]}, marks: [{seconds, what, before, after}]}.

    samples: the same, with any number of samples and series. The `marks` may be absent. Each mark belongs to the sample
    that found the new value. names: of the series that may be shown.
    """
    series = {name: samples["series"][name] for name in names if name in samples["series"]}
    moving = [name for name in series if _spread(series[name]) > 0] or list(series)[:1]
    chosen = sorted(moving, key=lambda name: -_spread(series[name]))[:_SERIES]
    found = {
        "start": samples.get("start"),
        "seconds": [_short(float(each)) for each in samples["seconds"]],
        "series": {name: list(series[name]) for name in chosen},
        "marks": [{**mark, "seconds": _short(float(mark["seconds"]))} for mark in samples.get("marks") or ()],
    }
    return _thinned(found, _MOST)


def thin(hosts: Iterable[dict[str, Any]]) -> None:
    """Shorten the timelines of the hosts so that all of them together stay within the size of a page.

    Each gets `more_marks`, the number of its marks that were left out: the last ones.
    """
    found = [host for host in hosts if "timeline" in host]
    points = max(_LEAST, min(_MOST, _ALL // (_SERIES * max(len(found), 1))))
    marks = max(_LEAST_MARKS, min(_MOST_MARKS, _ALL_MARKS // max(len(found), 1)))
    for host in found:
        host["timeline"] = _thinned(host["timeline"], points)
        host["timeline"]["more_marks"] = max(0, len(host["timeline"]["marks"]) - marks)
        del host["timeline"]["marks"][marks:]


def _thinned(found: dict[str, Any], points: int) -> dict[str, Any]:
    """Return a timeline of at most so many points.

    Of samples that become one point the highest count is kept, so that a short peak does not disappear.
    """
    slices = _slices(len(found["seconds"]), points)
    series = {name: [_highest(values[one]) for one in slices] for name, values in found["series"].items()}
    return {**found, "seconds": [found["seconds"][one.start] for one in slices], "series": series}


def _spread(values: Iterable[Any]) -> float:
    known = [value for value in values if value is not None]
    return max(known) - min(known) if known else -1


def _slices(number: int, points: int) -> list[slice]:
    """Return the slices of so many samples that become a point each."""
    count = min(number, points)
    bounds = [number * each // count for each in range(count + 1)] if count else []
    return [slice(first, last) for first, last in zip(bounds, bounds[1:])]


def _highest(values: Sequence[Any]) -> Any:
    return max((value for value in values if value is not None), default=None)


def _short(value: float) -> float:
    return int(value) if value.is_integer() else round(value, 1)
