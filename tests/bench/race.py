# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contestants in turns over one population, round after round."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Sequence

from . import counts
from .contest import Contestant
from .measure import Failed, Measurement, Stopwatch
from .populated import Population

# The answer that others are held against.
REFERENCE = "exact"
_LONGEST_SECONDS = 900


class Race:
    """`failed` gets who could not take part, and why. Populations in `kept` are renewed too, and not measured."""

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

    def run(self, rounds: int, *, dear: int) -> list[dict[str, dict[str, Any]]]:
        """{name: what it took} of each round; only the first `dear` rounds are for all.

        A round more is run first and thrown away.
        """
        self._round(with_dear=False)
        return [self._round(with_dear=number < dear) for number in range(rounds)]

    def _round(self, *, with_dear: bool) -> dict[str, dict[str, Any]]:
        self._renew()
        answers: dict[str, dict[str, int]] = {}
        row: dict[str, dict[str, Any]] = {}
        for entrant in self._entrants:
            if entrant.name in self.failed or (entrant.dear and not with_dear):
                continue
            try:
                done = self._stopwatch.run(entrant.command, beat=self._renew, seconds=_LONGEST_SECONDS)
                row[entrant.name] = _figures(done)
                if entrant.read:
                    answers[entrant.name] = entrant.read(done.output)
            except (Failed, ValueError, KeyError) as error:
                self.failed[entrant.name] = str(error)
                self._say(f"  {entrant.name} does not take part: {error}")
        for name, answer in answers.items():
            if REFERENCE in answers:
                row[name]["strays"] = counts.strays(answer, answers[REFERENCE])
        return row

    def _renew(self) -> None:
        for population in self._populations:
            population.renew()


def _figures(done: Measurement) -> dict[str, Any]:
    return {"seconds": done.seconds, "cpu_seconds": done.cpu_seconds, "rss_kib": done.rss_kib}
