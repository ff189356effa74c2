# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sample a host at regular intervals: the schedule, the activity between two samples, and samples that are missed."""

from __future__ import annotations

import itertools
import time
from typing import Any, Callable, Iterator, Mapping, NamedTuple

from ansible_collections.nettune.tcp.plugins.plugin_utils.watch import proc_stat
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch.interruptible import Interruptible
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch.proc_stat import KernelStat
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch.samples import Sample


class NoAnswer(Exception):
    """The host did not answer; the message is the reason."""


class Reading(NamedTuple):
    """states: counts by name. stat: /proc/stat. read_at: seconds on a monotonic clock."""

    states: Mapping[str, int]
    stat: KernelStat
    read_at: float


class Missed(NamedTuple):
    """A sample that is missing because the host did not answer."""

    reason: str


def sample_host(
    read: Callable[[], Reading], watch: Interruptible, *, interval: float, count: int, clock: Any = time
) -> Iterator[Sample | Missed]:
    """Yield a Sample or Missed every `interval` seconds, until there are `count` (0: no limit) or the watch has ended.

    A host that takes longer to answer is read again at once. read: raises NoAnswer. clock: has time() and monotonic().
    """
    due = clock.monotonic()
    previous = None
    for number in range(count) if count else itertools.count():
        if number:
            due = max(due + interval, clock.monotonic())
            watch.wait(due - clock.monotonic())
        if watch.ended:
            return
        try:
            reading = read()
        except NoAnswer as error:
            if watch.ended:
                return
            previous = None
            yield Missed(str(error))
        else:
            yield Sample(clock.time(), reading.states, _activity(previous, reading))
            previous = reading


def _activity(previous: Reading | None, reading: Reading) -> proc_stat.Activity | None:
    if previous is None:
        return None
    return proc_stat.activity(previous.stat, reading.stat, seconds=reading.read_at - previous.read_at)
