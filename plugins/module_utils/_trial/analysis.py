# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The effect of each candidate, compared with the noise of the baseline.

A candidate's window lies between two windows of the old value. Its expected value is midway between them, so that a
load that rises or falls steadily is no effect. A difference from the expected value counts only if it exceeds the
noise, the largest of
  - three standard deviations of single readings, estimated from median absolute deviations, which ignore outliers;
  - the difference between the two windows of the old value;
  - 2 % of the expected value, as readings that never change say little about the next hour.
Consecutive readings are not independent, so more of them do not reduce the noise.
"""

from __future__ import annotations

from typing import NamedTuple, Sequence

from .._common import robust_statistics
from .request import BASELINE, CANDIDATE, MINIMISE

BETTER, WORSE, SAME, UNKNOWN = "better", "worse", "no difference", "unknown"
_STANDARD_DEVIATIONS = 3.0
_MIN_SHARE, _MOVING_SHARE = 0.02, 0.1
_MIN_READINGS = 3


class Window(NamedTuple):
    """The readings of one phase, after its settling time. role: BASELINE or CANDIDATE."""

    role: str
    value: str
    readings: Sequence[float]


class Effect(NamedTuple):
    """The effect of one candidate. expected: by the baselines next to it. effect: median minus expected.

    noise: differences up to this prove nothing. spread: of the readings. drift: of the baseline. moving: the readings
    had not settled. With too few readings the verdict is UNKNOWN and the numbers are None.
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
    """Return the effect of each candidate's window, in their order. aim: MINIMISE or MAXIMISE."""
    noise = _noise_of(windows)
    return [_effect(windows, at, noise, aim) for at, one in enumerate(windows) if one.role == CANDIDATE]


def ranking(found: Sequence[Effect], aim: str) -> list[Effect]:
    """Return the effects that are known, the best first.

    Effects are compared as shares of their expected value, unless that is 0: when the load doubles, the counts double.
    """
    known = [one for one in found if one.effect is not None]
    return sorted(known, key=lambda one: -_gain(one, aim) / _unit(one, known))


def best(found: Sequence[Effect], aim: str) -> Effect | None:
    """Return the best of the effects that are better than the baseline; None if there is none."""
    return next((one for one in ranking(found, aim) if one.verdict == BETTER), None)


def as_good(found: Sequence[Effect], aim: str) -> list[Effect]:
    """Return the candidates that differ from the best one by no more than the noise."""
    first = best(found, aim)
    if first is None:
        return []
    gains = {one.candidate: _gain(one, aim) / _unit(one, found) for one in found if one.verdict == BETTER}
    spreads = {one.candidate: one.spread / _unit(one, found) for one in found if one.verdict == BETTER}

    def is_alike(name: str) -> bool:
        noise = _STANDARD_DEVIATIONS * max(spreads[name], spreads[first.candidate])
        return name != first.candidate and gains[first.candidate] - gains[name] <= noise

    return [one for one in found if one.candidate in gains and is_alike(one.candidate)]


def enough(readings: Sequence[float]) -> bool:
    """Return whether there are enough readings for a median and a spread."""
    return len(readings) >= _MIN_READINGS


def _noise_of(windows: Sequence[Window]) -> float:
    """Return the standard deviation of single readings of the old value about the median of their window."""
    quiet = (one.readings for one in windows if one.role == BASELINE and enough(one.readings))
    return robust_statistics.standard_deviation(
        [distance for readings in quiet for distance in robust_statistics.deviations(readings)]
    )


def _effect(windows: Sequence[Window], at: int, noise: float, aim: str) -> Effect:
    window = windows[at]
    beside = [windows[other] for other in (at - 1, at + 1) if 0 <= other < len(windows)]
    baselines = [robust_statistics.median(one.readings) for one in beside if enough(one.readings)]
    if not baselines or not enough(window.readings):
        return Effect(window.value, UNKNOWN)
    median, expected = robust_statistics.median(window.readings), sum(baselines) / len(baselines)
    spread, drift = (
        robust_statistics.standard_deviation(robust_statistics.deviations(window.readings)),
        max(baselines) - min(baselines),
    )
    limit = max(_STANDARD_DEVIATIONS * max(noise, spread), drift, _MIN_SHARE * abs(expected))
    moving = _change_within(window.readings) > max(_STANDARD_DEVIATIONS * noise, _MOVING_SHARE * abs(expected))
    effect = median - expected
    one = Effect(window.value, SAME, median, expected, effect, limit, spread, drift, moving)
    if abs(effect) <= limit:
        return one
    return one._replace(verdict=BETTER if _gain(one, aim) > 0 else WORSE)


def _change_within(readings: Sequence[float]) -> float:
    """Return the difference between the medians of the two halves of a window."""
    half = len(readings) // 2
    return abs(robust_statistics.median(readings[-half:]) - robust_statistics.median(readings[:half]))


def _unit(one: Effect, found: Sequence[Effect]) -> float:
    """Return the unit of an effect: its expected value, or 1 if that is 0 for any candidate."""
    known = [other.expected or 0.0 for other in found if other.effect is not None]
    return (one.expected or 1.0) if min(known) > 0 else 1.0


def _gain(one: Effect, aim: str) -> float:
    effect = one.effect or 0.0
    return -effect if aim == MINIMISE else effect
