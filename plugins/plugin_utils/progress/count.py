# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count the hosts that have finished a task, and estimate how long the others take. Times are in seconds."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any

from ansible_collections.nettune.tcp.plugins.module_utils._common.text import in_words

OK, FAILED, UNREACHABLE = "ok", "failed", "unreachable"
# If no more hosts than this are late, they are named.
_MOST_NAMED = 3


@dataclass
class Count:
    """The hosts of one task.

    began: when the first host started. running: {host: start}. ends: {host: expected end}, where it is known.
    finished: {host: outcome}. took: the sum of the times of the hosts that are OK. drawn: when the line was last drawn.
    """

    hosts: list[str]
    began: float
    running: dict[str, float] = field(default_factory=dict)
    ends: dict[str, float] = field(default_factory=dict)
    finished: dict[str, str] = field(default_factory=dict)
    took: float = 0.0
    drawn: float = 0.0

    def document(self) -> dict[str, Any]:
        """Return a JSON value; Count(**value) is equal to this count."""
        return asdict(self)

    def covers(self, host: str) -> bool:
        """Return whether the host belongs to this count: not if it is of another batch, or starts again."""
        return host in self.hosts and host not in self.finished

    def start(self, host: str, now: float) -> None:
        """Note that the host has started."""
        self.running[host] = now

    def expect(self, host: str, end: float) -> None:
        """Note when the host is going to finish."""
        self.ends[host] = end

    def finish(self, host: str, outcome: str, now: float) -> None:
        """Note that the host has finished. outcome: OK, FAILED or UNREACHABLE."""
        start = self.running.pop(host, now)
        self.finished[host] = outcome
        if outcome == OK:
            self.took += now - start

    def text(self, now: float) -> str:
        """Return for example `12 of 50 hosts answered, 2 unreachable, about 20 s left`."""
        failed, unreachable = self._number(FAILED), self._number(UNREACHABLE)
        parts = [f"{len(self.finished) - unreachable} of {len(self.hosts)} hosts answered"]
        parts += [f"{number} {what}" for number, what in ((failed, FAILED), (unreachable, UNREACHABLE)) if number]
        return ", ".join([*parts, self._outlook(now)])

    def _outlook(self, now: float) -> str:
        left = self._left(now)
        if left is None:
            return f"{in_words(now - self.began)} so far"
        if left >= 1:
            return f"about {in_words(left)} left"
        late = list(self.running)
        return f"waiting for {', '.join(late) if len(late) <= _MOST_NAMED else f'{len(late)} hosts'}"

    def _left(self, now: float) -> float | None:
        """Return how long the task will take, or None if that is unknown because no host is OK yet."""
        answered = self._number(OK)
        usual = self.took / answered if answered else None
        ends = [self.ends.get(host, usual and start + usual) for host, start in self.running.items()]
        known = [end for end in ends if end is not None]
        if not known:
            return None
        # Hosts that have not started take the places of those that are running.
        rounds = math.ceil((len(self.hosts) - len(self.finished) - len(self.running)) / len(self.running))
        return max(0.0, max(known) - now) + rounds * (usual or max(known) - self.began)

    def _number(self, outcome: str) -> int:
        return list(self.finished.values()).count(outcome)
