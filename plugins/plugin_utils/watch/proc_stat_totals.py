# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""/proc/stat: what all processors together have done since boot (proc_stat(5))."""

from __future__ import annotations

from typing import NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput

# Of the line `cpu`: user, nice, system, idle, iowait, irq, softirq, steal; guests' time is in user and nice already.
_FIELDS = 8
_USER, _SYSTEM, _IDLE = (0, 1), (2, 5, 6), (3,)


class KernelStat(NamedTuple):
    """Since boot. interrupts, switches: numbers. user, system, idle, total: clock ticks of all processors.

    They are parted as vmstat(8) parts them: nice is user time, and what interrupts take is system time.
    """

    interrupts: int
    switches: int
    user: int
    system: int
    idle: int
    total: int


class Activity(NamedTuple):
    """Between two readings. interrupts, switches: in a second. user, system, idle: per cent of all processors."""

    interrupts: float
    switches: float
    user: float
    system: float
    idle: float


def parse(text: str) -> KernelStat:
    """The counters of the file's text. Raises MalformedInput naming the line that is missing or is none of it."""
    rows = {line.split(maxsplit=1)[0]: line for line in text.splitlines() if line.strip()}
    ticks = _numbers(rows, "cpu", least=4)[:_FIELDS]
    user, system, idle = (sum(ticks[at] for at in kind if at < len(ticks)) for kind in (_USER, _SYSTEM, _IDLE))
    return KernelStat(_numbers(rows, "intr")[0], _numbers(rows, "ctxt")[0], user, system, idle, sum(ticks))


def activity(before: KernelStat, after: KernelStat, *, seconds: float) -> Activity | None:
    """What happened from one reading to the other; None where no time has passed, or a counter fell."""
    grown = [late - early for early, late in zip(before, after)]
    if seconds <= 0 or min(grown) < 0 or not grown[-1]:
        return None
    interrupts, switches, *ticks, total = grown
    return Activity(interrupts / seconds, switches / seconds, *(100.0 * part / total for part in ticks))


def _numbers(rows: dict[str, str], name: str, *, least: int = 1) -> list[int]:
    line = rows.get(name)
    if line is None:
        raise MalformedInput(f"/proc/stat has no line {name}")
    try:
        found = [int(word) for word in line.split()[1:]]
    except ValueError:
        found = []
    if len(found) < least:
        raise MalformedInput(f"/proc/stat: {line[:80]!r} is no line of it")
    return found
