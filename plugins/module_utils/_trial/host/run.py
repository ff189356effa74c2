# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of a trial: sets the old value and the candidates in turn, takes readings, checks the guards."""

from __future__ import annotations

import time
from typing import Any, Callable, Mapping

from ..._common import robust_statistics
from ..._common.errors import NettuneError
from .. import analysis, expression, report
from ..analysis import Window
from ..numbers import Reading, numbers_of
from ..request import BASELINE, BEST, CANDIDATE, Phase, is_of_baseline, paths, phases, plain_path
from ..saved import ABORTED, DONE, FAILED, STOPPED, Trial
from .trial_value import TrialValue

Numbers = Mapping[str, "float | None"]
_SLICE_SECONDS = 0.5


class Stopped(Exception):
    """The trial was asked to end."""


class _Aborted(Exception):
    """The trial ends early; the message is the reason."""


class Clock:
    """A monotonic clock whose sleep ends early when the trial is asked to end."""

    def __init__(self) -> None:
        self.stopped = False

    def stop(self, *_signal: object) -> None:
        """Make the current or next sleep raise Stopped."""
        self.stopped = True

    def seconds(self) -> float:
        """Return monotonic seconds."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Sleep. Raises Stopped."""
        until = self.seconds() + seconds
        while not self.stopped and self.seconds() < until:
            time.sleep(min(_SLICE_SECONDS, max(0.0, until - self.seconds())))
        if self.stopped:
            raise Stopped


class TrialRun:
    """One run of a trial on its host.

    gather: returns the facts that the trial's expressions name. save: saves the trial.
    """

    def __init__(
        self,
        trial: Trial,
        value: TrialValue,
        gather: Callable[[], Mapping[str, Any]],
        save: Callable[[Trial], None],
        clock: Clock,
    ) -> None:
        self._trial = trial
        self._value = value
        self._gather = gather
        self._save = save
        self._clock = clock
        self._objective = expression.parse(trial.request.objective)
        self._guards = {text: expression.parse(text) for text in trial.request.guards}
        self._paths = paths(trial.request)
        self._baseline: dict[str, float | None] = {}
        self._earlier: Reading | None = None
        self._due = clock.seconds()

    def run(self) -> Trial:
        """Run all phases; returns the trial as it ended, for whatever reason, with the old value restored."""
        try:
            self._read()
            for number, phase in enumerate(phases(self._trial.request, self._trial.before)):
                self._run_phase(phase, number)
            self._keep_best()
            self._end(DONE, "")
        except _Aborted as error:
            self._end(ABORTED, str(error))
        except Stopped:
            self._end(STOPPED, "it was asked to end")
        except (NettuneError, OSError) as error:
            self._end(FAILED, str(error))
        self._restore()
        self._save(self._trial)
        return self._trial

    def _run_phase(self, phase: Phase, number: int) -> None:
        request = self._trial.request
        self._announce(phase, number)
        if number:
            self._value.write(phase.value)
        for _reading in range(int(phase.settle / request.interval)):
            self._watch(phase)
        window = [self._watch(phase) for _reading in range(int(request.window / request.interval))]
        known = [expression.evaluate(self._objective, numbers.get) for numbers in window]
        readings = tuple(value for value in known if value is not None)
        missing = len(window) - len(readings)
        done = (*self._trial.windows, Window(phase.role, phase.value, readings))
        self._trial = self._trial._replace(windows=done, unread=self._trial.unread + missing)
        if phase.role == BASELINE:
            self._remember_baseline(window, first=number == 0)

    def _announce(self, phase: Phase, number: int) -> None:
        """Save the present phase as text, for example `candidate 3 (2 of 4)`."""
        total = len(self._trial.request.candidates) + (phase.role == BASELINE)
        text = f"{phase.role} {phase.value} ({number // 2 + 1} of {total})"
        self._trial = self._trial._replace(phase=text)
        self._save(self._trial)

    def _remember_baseline(self, window: list[Numbers], *, first: bool) -> None:
        """Keep the medians of the latest baseline for the guards. Raises _Aborted if a guard is false at the start."""
        for path in self._paths:
            known = [value for value in (numbers.get(path) for numbers in window) if value is not None]
            self._baseline[path] = robust_statistics.median(known) if known else None
        if not first:
            return
        for text, guard in self._guards.items():
            if not expression.evaluate(guard, lambda path: self._baseline.get(plain_path(path))):
                raise _Aborted(f"the guard {text} is false or unknown before anything was changed")

    def _watch(self, phase: Phase) -> Numbers:
        """Take one reading when it is due; the guards apply while a candidate is set."""
        numbers = self._read()
        found = self._value.found()
        if found != self._value.current:
            raise _Aborted(f"someone else has set {self._trial.request.key} to {found}")
        if phase.role == CANDIDATE:
            self._check_guards(numbers)
        return numbers

    def _check_guards(self, numbers: Numbers) -> None:
        def look_up(path: str) -> float | None:
            plain = plain_path(path)
            return self._baseline.get(plain) if is_of_baseline(path) else numbers.get(plain)

        for text, guard in self._guards.items():
            # A guard that is unknown for a moment does not end the trial.
            if expression.evaluate(guard, look_up) == 0.0:
                values = ", ".join(f"{path} was {look_up(path):g}" for path in expression.paths(guard))
                raise _Aborted(f"the guard {text} broke: {values}")

    def _read(self) -> Numbers:
        """Return the numbers one interval after the previous ones; empty if they cannot be read."""
        self._clock.sleep(max(0.0, self._due - self._clock.seconds()))
        self._due = max(self._due, self._clock.seconds()) + self._trial.request.interval
        try:
            reading = Reading(self._gather(), self._clock.seconds())
        except (NettuneError, OSError):
            return {}
        earlier, self._earlier = self._earlier, reading
        numbers = numbers_of(reading, earlier)
        return {path: numbers.get(path) for path in self._paths}

    def _keep_best(self) -> None:
        if self._trial.request.keep != BEST:
            return
        first = analysis.best(report.effects(self._trial), self._trial.request.aim)
        if first is not None and first.candidate != self._trial.before:
            self._value.write(first.candidate)
            # Saved first: without the record of the old value, only the trial has it.
            kept = self._trial._replace(kept=self._value.current)
            self._save(kept)
            self._value.forget()
            self._trial = kept

    def _end(self, status: str, reason: str) -> None:
        self._trial = self._trial._replace(status=status, reason=reason, phase="")

    def _restore(self) -> None:
        if self._trial.kept is not None:
            return
        try:
            self._trial = self._trial._replace(left=self._value.restore())
        except NettuneError as error:
            self._trial = self._trial._replace(status=FAILED, left=str(error))
