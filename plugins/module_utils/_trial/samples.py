# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The readings of a trial over time, for a chart.

Only the readings are saved, without their times. They follow from the request, as a reading is due every interval.
"""

from __future__ import annotations

from typing import Any

from .request import phases
from .saved import Trial

# Readings of each window; of more of them, one in every few is taken.
_MOST = 60


def samples(trial: Trial) -> dict[str, Any] | None:
    """Return {seconds: [...], readings: [...], marks: [{seconds, what, before, after}]}; None before the first window.

    seconds: since the start of the trial. marks: the changes of the parameter, between completed windows. If a window
    has readings that failed, the times of its later readings are too early by so many intervals.
    """
    if not trial.windows:
        return None
    request, value, taken = trial.request, trial.before, 0
    found: dict[str, Any] = {"seconds": [], "readings": [], "marks": []}

    def mark(after: str) -> None:
        found["marks"].append({"seconds": seconds(taken), "what": request.key, "before": value, "after": after})

    def seconds(number: int) -> float:
        return round(number * request.interval, 1)

    for window, phase in zip(trial.windows, phases(request, trial.before)):
        if window.value != value:
            mark(window.value)
            value = window.value
        taken += int(phase.settle / request.interval)
        for place in range(0, len(window.readings), -(-len(window.readings) // _MOST) or 1):
            found["seconds"].append(seconds(taken + place + 1))
            found["readings"].append(round(window.readings[place], 6))
        taken += int(request.window / request.interval)
    if trial.kept is not None and trial.kept != value:
        mark(trial.kept)
    return found
