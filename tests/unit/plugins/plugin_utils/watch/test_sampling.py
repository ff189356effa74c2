# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.nettune.tcp.plugins.plugin_utils.watch.proc_stat import Activity, KernelStat
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch.samples import Sample
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch.sampling import Missed, NoAnswer, Reading, sample_host


class Host:
    """A host, a clock and a watch. Reading takes `seconds` each time; the watch ends at the time `ends_at`."""

    def __init__(self, seconds: float = 0.5, ends_at: float = 1000.0) -> None:
        self.now = 100.0
        self.read_at: list[float] = []
        self.fails_at: set[float] = set()
        self._seconds, self._ends_at = seconds, ends_at

    def read(self) -> Reading:
        began = self.now
        self.read_at.append(began)
        self.now += self._seconds
        if began in self.fails_at:
            raise NoAnswer(f"no route at {began:g}")
        ticks = int(self.now * 10)
        return Reading({"LAST_ACK": len(self.read_at)}, KernelStat(ticks * 3, ticks, ticks, 0, 0, ticks), self.now)

    def time(self) -> float:
        return 5000.0 + self.now

    def monotonic(self) -> float:
        return self.now

    @property
    def ended(self) -> bool:
        return self.now >= self._ends_at

    def wait(self, seconds: float) -> bool:
        self.now += max(0.0, seconds)
        return self.ended

    def sample(self, *, interval: float = 2.0, count: int = 3) -> list[Sample | Missed]:
        return list(sample_host(self.read, self, interval=interval, count=count, clock=self))


def test_samples_are_taken_at_the_interval() -> None:
    host = Host()
    found = host.sample()
    assert host.read_at == [100.0, 102.0, 104.0]
    assert [(one.at, one.states) for one in found] == [
        (5100.5, {"LAST_ACK": 1}),
        (5102.5, {"LAST_ACK": 2}),
        (5104.5, {"LAST_ACK": 3}),
    ]
    assert host.now == 104.5


def test_a_slow_host_is_read_again_at_once() -> None:
    host = Host(seconds=3.0)
    host.sample()
    assert host.read_at == [100.0, 103.0, 106.0]


def test_activity_is_that_since_the_previous_sample() -> None:
    assert [one.activity for one in Host().sample(count=2)] == [None, Activity(30.0, 10.0, 100.0, 0.0, 0.0)]


def test_a_missed_sample_has_a_reason_and_the_next_one_no_activity() -> None:
    host = Host()
    host.fails_at = {102.0}
    found = host.sample(count=4)
    assert found[1] == Missed("no route at 102")
    assert [type(one) for one in found] == [Sample, Missed, Sample, Sample]
    assert (found[2].activity, found[3].activity is None) == (None, False)


def test_a_watch_without_a_count_continues_until_it_is_ended() -> None:
    host = Host(ends_at=107.0)
    assert len(host.sample(count=0)) == 4


def test_a_reading_that_fails_because_the_watch_has_ended_is_not_missed() -> None:
    host = Host(ends_at=102.1)
    host.fails_at = {102.0}
    assert [type(one) for one in host.sample()] == [Sample]
