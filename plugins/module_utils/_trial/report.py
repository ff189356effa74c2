# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a trial, as the module returns it."""

from __future__ import annotations

from typing import Any, Sequence

from .._common import robust_statistics, text
from .._common.text import in_words
from . import analysis
from . import request as trial_request
from .analysis import SAME, UNKNOWN, Effect
from .request import BASELINE, CANDIDATE
from .samples import samples
from .saved import ABORTED, DONE, PLANNED, RUNNING, Trial

_COLUMNS = ("CANDIDATE", "MEDIAN", "EXPECTED", "EFFECT", "NOISE", "VERDICT")
_LARGE = 100


def result(trial: Trial) -> dict[str, Any]:
    """Return the result of the module, without `changed` and what depends on the clock."""
    found = effects(trial)
    first = analysis.best(found, trial.request.aim) if trial.status == DONE else None
    return {
        "name": trial.request.name,
        "key": trial.request.key,
        "aim": trial.request.aim,
        "objective": trial.request.objective,
        "status": trial.status,
        "phase": trial.phase,
        "before": trial.before,
        "after": trial.before if trial.kept is None else trial.kept,
        "best": first.candidate if first else None,
        "verdict": verdict(trial, found),
        "candidates": [_row(value, trial, found) for value in trial.request.candidates],
        "baselines": [_baseline(window.readings) for window in trial.windows if window.role == BASELINE],
        "samples": samples(trial),
        "unread": trial.unread,
        "worker": trial.worker.pid if trial.worker else None,
        "watchdog": trial.watchdog,
        "table": table(trial, found),
    }


def effects(trial: Trial) -> list[Effect]:
    """Return the effect of each candidate that was measured."""
    return analysis.effects(trial.windows, trial.request.aim)


def verdict(trial: Trial, found: Sequence[Effect]) -> str:
    """Return a sentence or two that sum up the trial."""
    key, objective = trial.request.key, trial.request.objective
    if trial.status == PLANNED:
        return _intention(trial)
    if trial.status == RUNNING:
        return f"the trial of {key} is running: {trial.phase}"
    if trial.status != DONE:
        return f"the trial of {key} was {trial.status}: {trial.reason}; {_afterwards(trial)}"
    first = analysis.best(found, trial.request.aim)
    if first is None:
        return f"no candidate improves {objective} beyond the noise; {_afterwards(trial)}"
    others = [one.candidate for one in analysis.as_good(found, trial.request.aim)]
    alike = f"; {' and '.join(others)} differs by no more than the noise" if others else ""
    return f"{key} = {first.candidate} is best: {objective} {_change(first)}{alike}; {_afterwards(trial)}"


def table(trial: Trial, found: Sequence[Effect]) -> list[str]:
    """Return a table with a line for the baseline and one for each candidate."""
    values = [window.readings for window in trial.windows if window.role == BASELINE]
    known = [robust_statistics.median(readings) for readings in values if analysis.enough(readings)]
    baseline = " to ".join(dict.fromkeys(number(end) for end in (min(known), max(known)))) if known else "-"
    rows = [(f"{trial.before} (before)", baseline, "-", "-", "-", "baseline")]
    by_value = {one.candidate: one for one in found}
    rows += [_cells(value, trial, by_value.get(value)) for value in trial.request.candidates]
    return text.lines(_COLUMNS, rows)


def log_line(trial: Trial) -> str:
    """Return how the trial ended, in one line for the system log."""
    return f"trial {trial.request.name}: {verdict(trial, effects(trial))}"


def _intention(trial: Trial) -> str:
    request = trial.request
    lasts = in_words(trial_request.seconds(request))
    return (
        f"would try {request.key} = {', '.join(request.candidates)}, with {trial.before} between them, to"
        f" {request.aim} {request.objective}; this takes {lasts}"
    )


def _afterwards(trial: Trial) -> str:
    if trial.left:
        return trial.left
    if trial.kept is not None:
        return f"it is now {trial.kept}, until the next reboot"
    return f"{trial.request.key} is {trial.before} again"


def _row(value: str, trial: Trial, found: Sequence[Effect]) -> dict[str, Any]:
    effect = next((one for one in found if one.candidate == value), Effect(value, UNKNOWN))
    numbers = {name: getattr(effect, name) for name in ("median", "expected", "effect", "noise")}
    return {
        "candidate": value,
        **{name: None if number is None else round(number, 6) for name, number in numbers.items()},
        "effect_percent": _percent(effect),
        "verdict": effect.verdict,
        "reason": _verdict_text(value, trial, effect),
    }


def _cells(value: str, trial: Trial, effect: Effect | None) -> tuple[str, ...]:
    if effect is None or effect.effect is None:
        return (value, "-", "-", "-", "-", _verdict_text(value, trial, effect))
    percent = _percent(effect)
    change = signed(effect.effect) + (f" ({percent:+d}%)" if percent is not None else "")
    shown = (number(effect.median), number(effect.expected), change, f"±{number(effect.noise)}")
    return (value, *shown, _verdict_text(value, trial, effect))


def _verdict_text(value: str, trial: Trial, effect: Effect | None) -> str:
    if effect is None or effect.verdict == UNKNOWN:
        return _without_effect(value, trial)
    words = f"{SAME} beyond the noise" if effect.verdict == SAME else effect.verdict
    if effect.verdict == SAME and effect.drift >= (effect.noise or 0.0) > 0:
        words += f": the baseline itself moved by {number(effect.drift)}; increase settle, or try at a quieter hour"
    if effect.moving:
        words += "; still changing at the end of its window, increase settle"
    return words


def _without_effect(value: str, trial: Trial) -> str:
    tried = [window.value for window in trial.windows if window.role == CANDIDATE]
    if value in tried:
        return "unknown: too few readings"
    if trial.status == PLANNED:
        return "not tried yet"
    now = list(trial.request.candidates).index(value) == len(tried)
    if trial.status == RUNNING:
        return "running or next" if now else "not tried yet"
    return f"{ABORTED}: {trial.reason}" if now and trial.status == ABORTED else "not tried"


def _change(effect: Effect) -> str:
    percent = _percent(effect)
    change = f"{number(effect.expected)} -> {number(effect.median)}"
    return f"{change} ({f'{percent:+d}%, ' if percent is not None else ''}noise ±{number(effect.noise)})"


def _percent(effect: Effect) -> int | None:
    """Return the effect in percent of what was expected, -100 only if nothing is left; None if it is unknown."""
    if not effect.expected or effect.effect is None:
        return None
    found = round(100 * effect.effect / abs(effect.expected))
    return -99 if found == -100 and effect.median else found


def _baseline(readings: Sequence[float]) -> dict[str, Any]:
    if not readings:
        return {"median": None, "spread": None, "readings": 0}
    spread = robust_statistics.standard_deviation(robust_statistics.deviations(readings))
    return {"median": robust_statistics.median(readings), "spread": round(spread, 6), "readings": len(readings)}


def number(value: float | None) -> str:
    """Return a number with three digits; large ones as a whole number."""
    if value is None:
        return "-"
    return f"{value:.0f}" if abs(value) >= _LARGE or value == int(value) else f"{value:.3g}"


def signed(value: float) -> str:
    return ("+" if value > 0 else "") + number(value)
