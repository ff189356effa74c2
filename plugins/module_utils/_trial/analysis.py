# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each candidate did, held against what the baseline does of itself.

A candidate's window stands between two windows of the old value. It is expected to show what lies midway between them,
so that a load which rises or falls evenly is no effect. What it shows beyond that counts only where it is more than the
noise, which is the largest of
  - three standard deviations of single readings, told from median absolute deviations, which wild readings do not move;
  - what the baseline itself has moved by from one side to the other;
  - a fiftieth of what is expected, since readings that never move say little of what they would do in an hour.
Readings follow each other and are not independent, so no credit is taken for their number.
"""

from __future__ import annotations

from typing import NamedTuple, Sequence

from .._common import medians
from .request import BASELINE, CANDIDATE, MINIMISE

BETTER, WORSE, SAME, UNKNOWN = "better", "worse", "no difference", "unknown"
_SIGMAS = 3.0
_LEAST_SHARE, _MOVING_SHARE = 0.02, 0.1
_FEWEST = 3


class Window(NamedTuple):
    """The readings that counted of one phase. role: BASELINE or CANDIDATE."""

    role: str
    value: str
    readings: Sequence[float]


class Effect(NamedTuple):
    """What one candidate did. expected: what the baselines beside it let expect. effect: median less expected.

    noise: how much of a difference proves nothing. moving: the window was not settled. drift: of the baseline.
    All None and `verdict` UNKNOWN where there were too few readings.
    """

    candidate: str
    verdict: str
    median: float | None = None
    expected: float | None = None
    effect: float | None = None
    noise: float | None = None
    spread: float = 0.0
    drift: float = 0.0
    moving: bool = False


def effects(windows: Sequence[Window], aim: str) -> list[Effect]:
    """One effect for each candidate's window, in their order. aim: MINIMISE or MAXIMISE."""
    noise = _noise_of(windows)
    return [_effect(windows, at, noise, aim) for at, one in enumerate(windows) if one.role == CANDIDATE]


def ranking(found: Sequence[Effect], aim: str) -> list[Effect]:
    """Those that could be judged, the best first.

    A load that doubles doubles what piles up, whatever the candidate; so effects are compared as shares of what was
    expected of each, unless that is nothing.
    """
    known = [one for one in found if one.effect is not None]
    return sorted(known, key=lambda one: -_gain(one, aim) / _unit(one, known))


def best(found: Sequence[Effect], aim: str) -> Effect | None:
    """The candidate with the best effect of those that are better than the baseline; None where none is."""
    return next((one for one in ranking(found, aim) if one.verdict == BETTER), None)


def as_good(found: Sequence[Effect], aim: str) -> list[Effect]:
    """Candidates that the noise does not tell from the best one."""
    first = best(found, aim)
    if first is None:
        return []
    gains = {one.candidate: _gain(one, aim) / _unit(one, found) for one in found if one.verdict == BETTER}
    spreads = {one.candidate: one.spread / _unit(one, found) for one in found if one.verdict == BETTER}

    def is_alike(name: str) -> bool:
        noise = _SIGMAS * max(spreads[name], spreads[first.candidate])
        return name != first.candidate and gains[first.candidate] - gains[name] <= noise

    return [one for one in found if one.candidate in gains and is_alike(one.candidate)]


def enough(readings: Sequence[float]) -> bool:
    """Whether a median and a spread can be told."""
    return len(readings) >= _FEWEST


def _noise_of(windows: Sequence[Window]) -> float:
    """The standard deviation of single readings while the old value was in force, each about its window's median."""
    quiet = (one.readings for one in windows if one.role == BASELINE and enough(one.readings))
    return medians.sigma([distance for readings in quiet for distance in medians.deviations(readings)])


def _effect(windows: Sequence[Window], at: int, noise: float, aim: str) -> Effect:
    window = windows[at]
    beside = [windows[other] for other in (at - 1, at + 1) if 0 <= other < len(windows)]
    baselines = [medians.median(one.readings) for one in beside if enough(one.readings)]
    if not baselines or not enough(window.readings):
        return Effect(window.value, UNKNOWN)
    shown, expected = medians.median(window.readings), sum(baselines) / len(baselines)
    spread, drift = medians.sigma(medians.deviations(window.readings)), max(baselines) - min(baselines)
    limit = max(_SIGMAS * max(noise, spread), drift, _LEAST_SHARE * abs(expected))
    moving = _moved(window.readings) > max(_SIGMAS * noise, _MOVING_SHARE * abs(expected))
    effect = shown - expected
    one = Effect(window.value, SAME, shown, expected, effect, limit, spread, drift, moving)
    if abs(effect) <= limit:
        return one
    return one._replace(verdict=BETTER if _gain(one, aim) > 0 else WORSE)


def _moved(readings: Sequence[float]) -> float:
    """By how much the second half of a window differs from the first."""
    half = len(readings) // 2
    return abs(medians.median(readings[-half:]) - medians.median(readings[:half]))


def _unit(one: Effect, found: Sequence[Effect]) -> float:
    """What an effect is measured in: what was expected, where something was of every candidate."""
    known = [other.expected or 0.0 for other in found if other.effect is not None]
    return (one.expected or 1.0) if min(known) > 0 else 1.0


def _gain(one: Effect, aim: str) -> float:
    effect = one.effect or 0.0
    return -effect if aim == MINIMISE else effect
