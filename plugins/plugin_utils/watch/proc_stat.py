# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""/proc/stat: interrupts, context switches and processor time since boot (proc_stat(5))."""

from __future__ import annotations

from typing import NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput

# Of the line `cpu`: user, nice, system, idle, iowait, irq, softirq, steal. Guest time is included in user and nice.
_FIELDS = 8
# As vmstat(8) groups them: nice is user time, interrupts are system time.
_USER, _SYSTEM, _IDLE = (0, 1), (2, 5, 6), (3,)


class KernelStat(NamedTuple):
    """Numbers since boot; user, system, idle and total are clock ticks of all processors together."""

    interrupts: int
    switches: int
    user: int
    system: int
    idle: int
    total: int


class Activity(NamedTuple):
    """Between two readings: interrupts and switches per second; user, system and idle in percent of processor time."""

    interrupts: float
    switches: float
    user: float
    system: float
    idle: float


def parse(text: str) -> KernelStat:
    """Parse the text of /proc/stat. Raises MalformedInput that names the missing or malformed line."""
    rows = {line.split(maxsplit=1)[0]: line for line in text.splitlines() if line.strip()}
    ticks = _numbers(rows, "cpu", least=4)[:_FIELDS]
    user, system, idle = (sum(ticks[at] for at in kind if at < len(ticks)) for kind in (_USER, _SYSTEM, _IDLE))
    return KernelStat(_numbers(rows, "intr")[0], _numbers(rows, "ctxt")[0], user, system, idle, sum(ticks))


def activity(before: KernelStat, after: KernelStat, *, seconds: float) -> Activity | None:
    """Return the activity between two readings, or None if no time has passed or a counter decreased."""
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
        raise MalformedInput(f"/proc/stat: malformed line {line[:80]!r}")
    return found
