# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A trial while it runs: the old value and the candidates in turn, readings, guards; and at its end the old value."""

from __future__ import annotations

import time
from typing import Any, Callable, Mapping

from ..._common import medians
from ..._common.errors import NettuneError
from .. import analysis, expression, report
from .. import numbers as trial_facts
from .. import request as trial_request
from ..analysis import Window
from ..numbers import Reading
from ..request import BASELINE, BEST, CANDIDATE, Phase
from ..saved import ABORTED, DONE, FAILED, STOPPED, Trial
from .tried_value import TrialValue

Numbers = Mapping[str, "float | None"]
_SLICE_SECONDS = 0.5


class Stopped(Exception):
    """Somebody asked the trial to end."""


class _Aborted(Exception):
    """The trial ends itself; the message says why."""


class Clock:
    """Seconds that only go forward, and waiting for them, which is where a trial can be asked to end."""

    def __init__(self) -> None:
        self.stopped = False

    def stop(self, *_signal: object) -> None:
        """Let the wait under way, or the next one, raise Stopped."""
        self.stopped = True

    def seconds(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait. Raises Stopped."""
        until = self.seconds() + seconds
        while not self.stopped and self.seconds() < until:
            time.sleep(min(_SLICE_SECONDS, max(0.0, until - self.seconds())))
        if self.stopped:
            raise Stopped


class TrialRun:
    """One run of a trial on its host.

    gather: reads the facts that the trial's expressions speak of. save: keeps the trial as it stands.
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
        self._paths = trial_request.paths(trial.request)
        self._baseline: dict[str, float | None] = {}
        self._earlier: Reading | None = None
        self._due = clock.seconds()

    def run(self) -> Trial:
        """Every phase in turn; returns the trial as it ended, whatever ended it, with the parameter put back."""
        try:
            self._read()
            for number, phase in enumerate(trial_request.phases(self._trial.request, self._trial.before)):
                self._go_through(phase, number)
            self._end(DONE, "")
            self._keep_best()
        except _Aborted as why:
            self._end(ABORTED, str(why))
        except Stopped:
            self._end(STOPPED, "it was asked to end")
        except (NettuneError, OSError) as error:
            self._end(FAILED, str(error))
        self._put_back()
        self._save(self._trial)
        return self._trial

    def _go_through(self, phase: Phase, number: int) -> None:
        request = self._trial.request
        self._say(phase, number)
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
            self._learn(window, first=number == 0)

    def _say(self, phase: Phase, number: int) -> None:
        """Keep where the trial is: `candidate 3 (2 of 4)`."""
        of = len(self._trial.request.candidates)
        said = f"{phase.role} {phase.value} ({number // 2 + 1} of {of + (phase.role == BASELINE)})"
        self._trial = self._trial._replace(phase=said)
        self._save(self._trial)

    def _learn(self, window: list[Numbers], *, first: bool) -> None:
        """What guards compare with is the last baseline, as its medians."""
        for path in self._paths:
            known = [value for value in (numbers.get(path) for numbers in window) if value is not None]
            self._baseline[path] = medians.median(known) if known else None
        if not first:
            return
        for text, guard in self._guards.items():
            if not expression.evaluate(guard, lambda path: self._baseline.get(trial_request.plain_path(path))):
                raise _Aborted(f"the guard {text} does not hold, or cannot be judged, before anything is changed")

    def _watch(self, phase: Phase) -> Numbers:
        """One reading, when it is due; guards are judged as long as a candidate is in force."""
        numbers = self._read()
        found = self._value.found()
        if found != self._value.in_force:
            raise _Aborted(f"somebody else has set {self._trial.request.key} to {found} meanwhile")
        if phase.role == CANDIDATE:
            self._judge(numbers)
        return numbers

    def _judge(self, numbers: Numbers) -> None:
        def look_up(path: str) -> float | None:
            plain = trial_request.plain_path(path)
            return self._baseline.get(plain) if trial_request.is_of_baseline(path) else numbers.get(plain)

        for text, guard in self._guards.items():
            # What cannot be known for a moment is no alarm.
            if expression.evaluate(guard, look_up) == 0.0:
                seen = ", ".join(f"{path} was {look_up(path):g}" for path in expression.paths(guard))
                raise _Aborted(f"the guard {text} broke: {seen}")

    def _read(self) -> Numbers:
        """The numbers as they stand one interval after those before; none of them where they cannot be read."""
        self._clock.sleep(max(0.0, self._due - self._clock.seconds()))
        self._due = max(self._due, self._clock.seconds()) + self._trial.request.interval
        try:
            reading = Reading(self._gather(), self._clock.seconds())
        except (NettuneError, OSError):
            return {}
        earlier, self._earlier = self._earlier, reading
        numbers = trial_facts.numbers(reading, earlier)
        return {path: numbers.get(path) for path in self._paths}

    def _keep_best(self) -> None:
        if self._trial.request.keep != BEST:
            return
        first = analysis.best(report.effects(self._trial), self._trial.request.aim)
        if first is not None and first.candidate != self._trial.before:
            self._value.keep(first.candidate)
            self._trial = self._trial._replace(kept=self._value.in_force)

    def _end(self, status: str, why: str) -> None:
        self._trial = self._trial._replace(status=status, reason=why, phase="")

    def _put_back(self) -> None:
        if self._trial.kept is not None:
            return
        try:
            self._trial = self._trial._replace(left=self._value.put_back())
        except OSError as error:
            left = f"{self._trial.request.key} could not be put back ({error}); the watchdog tries again"
            self._trial = self._trial._replace(status=FAILED, left=left)
