# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge a manual tuning session: something was changed at each step, and sockets were counted after it.

The session never returned to the old value, so a step can only be compared with the one before it. The noise is
estimated from the other steps: most changes of most sessions have no effect, so the median step shows the noise. Counts
are compared by factors. A step that changed two values at once is inconclusive.
"""

from __future__ import annotations

import math
from typing import Any, Mapping, NamedTuple, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._common import robust_statistics, text
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput

START, MATTERED, WITHIN, INCONCLUSIVE = "start", "mattered", "within the noise", "inconclusive"
_SIGMAS = 3.0
_MIN_STEPS = 4
_COLUMNS = ("CHANGED", "AFTER", "MOVED", "VERDICT")


class Step(NamedTuple):
    """changed: new values by name, empty in the first step. readings: one or more counts after the change."""

    changed: Mapping[str, str]
    readings: Sequence[float]


class Judged(NamedTuple):
    """before, after: medians. factor: after / before. verdict: one of the constants above."""

    step: Step
    before: float | None
    after: float
    factor: float
    verdict: str


def parse(rows: Any) -> list[Step]:
    """Parse rows of {changed: {name: value}, readings: [counts]}. Raises MalformedInput naming the row."""
    if not isinstance(rows, list) or len(rows) < _MIN_STEPS:
        raise MalformedInput(f"a session is a list of {_MIN_STEPS} or more steps, and the first one changes nothing")
    return [_step(number, row) for number, row in enumerate(rows, start=1)]


def judge(steps: Sequence[Step]) -> tuple[list[Judged], float]:
    """Return the verdict on each step, and the factor by which a step must change the count to exceed the noise."""
    after_each = [robust_statistics.median(step.readings) for step in steps]
    # One is added so that a count of 0 has a logarithm.
    moves = [math.log((after + 1) / (before + 1)) for before, after in zip(after_each, after_each[1:])]
    limit = _SIGMAS * robust_statistics.standard_deviation([abs(move) for move in moves])
    first = Judged(steps[0], None, after_each[0], 1.0, START)
    rest = [
        Judged(step, before, after, math.exp(move), _verdict(step, move, limit))
        for step, before, after, move in zip(steps[1:], after_each, after_each[1:], moves)
    ]
    return [first, *rest], math.exp(limit)


def mattered(judged: Sequence[Judged]) -> list[str]:
    """Return the names that moved the count beyond the noise when changed alone, each once."""
    return list(dict.fromkeys(name for one in judged if one.verdict == MATTERED for name in one.step.changed))


def result(steps: Sequence[Step]) -> dict[str, Any]:
    """Return the result of the filter judge_steps."""
    judged, limit = judge(steps)
    return {
        "verdict": _sentence(judged),
        "mattered": mattered(judged),
        "factor": round(limit, 3),
        "steps": [_row(one) for one in judged],
        "table": text.lines(_COLUMNS, [_cells(one, limit) for one in judged]),
    }


def _sentence(judged: Sequence[Judged]) -> str:
    names = mattered(judged)
    mixed = sum(one.verdict == INCONCLUSIVE for one in judged)
    sentence = f"{' and '.join(names)} mattered" if names else "nothing that was changed alone mattered"
    return sentence + (f"; steps that changed several values at once are inconclusive ({mixed})" if mixed else "")


def _row(one: Judged) -> dict[str, Any]:
    numbers = {"before": one.before, "after": one.after, "factor": round(one.factor, 3)}
    return {"changed": dict(one.step.changed), **numbers, "verdict": one.verdict}


def _cells(one: Judged, limit: float) -> tuple[str, ...]:
    what = ", ".join(f"{name}={value}" for name, value in one.step.changed.items()) or "-"
    moved = "-" if one.before is None else f"{one.factor - 1:+.0%}"
    explained = {
        MATTERED: f"{MATTERED}: more than the noise, a factor of {limit:.2g}",
        INCONCLUSIVE: f"{INCONCLUSIVE}: {len(one.step.changed)} changes at once",
    }
    return (what, f"{one.after:g}", moved, explained.get(one.verdict, one.verdict))


def _verdict(step: Step, move: float, limit: float) -> str:
    if len(step.changed) != 1:
        return INCONCLUSIVE
    return MATTERED if abs(move) > limit else WITHIN


def _step(number: int, row: Any) -> Step:
    place = f"step {number} of the session"
    if not isinstance(row, Mapping) or set(row) != {"changed", "readings"}:
        raise MalformedInput(f"{place} is not {{changed: {{name: value}}, readings: [counts]}}: {row!r}")
    changed, readings = row["changed"] or {}, row["readings"]
    if not isinstance(changed, Mapping) or bool(changed) == (number == 1):
        raise MalformedInput(
            f"{place}: changed is {changed!r}; it must be the changed values, and empty in the first step only"
        )
    readings = readings if isinstance(readings, list) else [readings]
    if not readings or not all(_is_count(value) for value in readings):
        raise MalformedInput(f"{place}: readings is {row['readings']!r}; it must be one or more counts, 0 or more")
    return Step({str(name): str(value) for name, value in changed.items()}, [float(value) for value in readings])


def _is_count(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < math.inf
