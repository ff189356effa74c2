# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the compared programs in turns over one population, round after round."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Sequence

from .compared_programs import Program, count_difference
from .measure import Failed, Stopwatch
from .population import Population

# The answer that the others are compared with.
REFERENCE = "exact"
_LONGEST_SECONDS = 900


class InterleavedRuns:
    """Programs, a population, and the rounds that measure them.

    failed: the error of each program that failed, by name. kept: populations that are renewed too, but not measured.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        population: Population,
        *,
        stopwatch: Path,
        kept: Sequence[Population] = (),
        say: Callable[[str], None],
    ) -> None:
        self._programs = list(programs)
        self._populations = [population, *kept]
        self._stopwatch = Stopwatch(stopwatch, namespace=population.namespace, nice=-20)
        self._say = say
        self.failed: dict[str, str] = {}

    def run(self, rounds: int, *, slow: int) -> list[dict[str, dict[str, Any]]]:
        """Return {name: figures} of each round, after one round to warm up; `slow` rounds include slow programs."""
        self._round(with_slow=False)
        return [self._round(with_slow=number < slow) for number in range(rounds)]

    def _round(self, *, with_slow: bool) -> dict[str, dict[str, Any]]:
        self._renew()
        answers: dict[str, dict[str, int]] = {}
        row: dict[str, dict[str, Any]] = {}
        for program in self._programs:
            if program.name in self.failed or (program.slow and not with_slow):
                continue
            try:
                done = self._stopwatch.run(program.command, beat=self._renew, seconds=_LONGEST_SECONDS)
                figures = {"seconds": done.seconds, "cpu_seconds": done.cpu_seconds, "rss_kib": done.rss_kib}
                row[program.name] = figures
                if program.parse:
                    answers[program.name] = program.parse(done.output)
            except (Failed, ValueError, KeyError) as error:
                self.failed[program.name] = str(error)
                self._say(f"  {program.name} failed and is left out: {error}")
        for name, answer in answers.items():
            if REFERENCE in answers:
                row[name]["count_difference"] = count_difference(answer, answers[REFERENCE])
        return row

    def _renew(self) -> None:
        for population in self._populations:
            population.renew()
