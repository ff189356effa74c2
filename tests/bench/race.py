# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run contestants in turns over one population, round after round."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Sequence

from .contest import Contestant, strays
from .measure import Failed, Stopwatch
from .population import Population

# The answer that the others are compared with.
REFERENCE = "exact"
_LONGEST_SECONDS = 900


class Race:
    """`failed` gets the contestants that failed, and why. Populations in `kept` are renewed too, but not measured."""

    def __init__(
        self,
        entrants: Sequence[Contestant],
        population: Population,
        *,
        stopwatch: Path,
        kept: Sequence[Population] = (),
        say: Callable[[str], None],
    ) -> None:
        self._entrants = list(entrants)
        self._populations = [population, *kept]
        self._stopwatch = Stopwatch(stopwatch, namespace=population.namespace, nice=-20)
        self._say = say
        self.failed: dict[str, str] = {}

    def run(self, rounds: int, *, slow: int) -> list[dict[str, dict[str, Any]]]:
        """Return {name: figures} of each round, after one round to warm up; `slow` rounds include slow contestants."""
        self._round(with_slow=False)
        return [self._round(with_slow=number < slow) for number in range(rounds)]

    def _round(self, *, with_slow: bool) -> dict[str, dict[str, Any]]:
        self._renew()
        answers: dict[str, dict[str, int]] = {}
        row: dict[str, dict[str, Any]] = {}
        for entrant in self._entrants:
            if entrant.name in self.failed or (entrant.slow and not with_slow):
                continue
            try:
                done = self._stopwatch.run(entrant.command, beat=self._renew, seconds=_LONGEST_SECONDS)
                figures = {"seconds": done.seconds, "cpu_seconds": done.cpu_seconds, "rss_kib": done.rss_kib}
                row[entrant.name] = figures
                if entrant.parse:
                    answers[entrant.name] = entrant.parse(done.output)
            except (Failed, ValueError, KeyError) as error:
                self.failed[entrant.name] = str(error)
                self._say(f"  {entrant.name} failed and is left out: {error}")
        for name, answer in answers.items():
            if REFERENCE in answers:
                row[name]["strays"] = strays(answer, answers[REFERENCE])
        return row

    def _renew(self) -> None:
        for population in self._populations:
            population.renew()
