# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples of one host as they come: a line each, a summary at the end, and rows of a series."""

from __future__ import annotations

import json
import re
from typing import Any, Mapping, NamedTuple, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._common import medians
from ansible_collections.nettune.tcp.plugins.module_utils._common import text as text_table
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._formats import tcp_state

# /proc/stat: what all processors together have done since boot (proc_stat(5)).

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


COLUMNS = ("HOST", "WHAT", "FIRST", "LAST", "LEAST", "MEDIAN", "MOST")
_MEASURES = {"interrupts/s": "interrupts", "context switches/s": "switches", "system %": "system"}
_SHOWN = 6
_QUOTED = re.compile(r'[",\r\n]')


class Sample(NamedTuple):
    """at: seconds of the epoch. states: counts by name. activity: since the sample before, None of the first."""

    at: float
    states: Mapping[str, int]
    activity: Activity | None = None


def line(host: str, clock: str, sample: Sample, before: Sample | None) -> str:
    """What there is, or after the first sample what has moved, the largest move first.

    `14:05:10  web1  13021 sockets: LAST_ACK 5830 (+122), ESTABLISHED 6838 (-7) | in 13750 cs 3174 sy 5%`
    """
    said = _moved(sample, before) if before is not None else _all(sample)
    more = f", and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
    states = ", ".join(said[:_SHOWN]) + more or ("nothing moves" if before else "none")
    done = sample.activity
    busy = f" | in {done.interrupts:.0f} cs {done.switches:.0f} sy {done.system:.0f}%" if done else ""
    return f"{clock}  {host}  {sum(sample.states.values())} sockets: {states}{busy}"


def summary(host: str, samples: Sequence[Sample]) -> list[tuple[str, ...]]:
    """A row of COLUMNS for each state that there was, and for what the processors did."""
    rows = []
    for state in tcp_state.NAMES:
        counts = [float(sample.states[state]) for sample in samples]
        rows += [_row(host, state, counts)] if any(counts) else []
    for name, field in _MEASURES.items():
        values = [float(getattr(sample.activity, field)) for sample in samples if sample.activity is not None]
        rows += [_row(host, name, values)] if values else []
    return rows


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of summary(), of one host or many, as lines."""
    return text_table.lines(COLUMNS, rows) if rows else ["nothing was sampled"]


def record(host: str, time: str, sample: Sample) -> dict[str, Any]:
    """A sample as a flat row of a series. time: in UTC."""
    done = sample.activity
    measures = {name: None if done is None else round(getattr(done, name), 2) for name in Activity._fields}
    return {"time": time, "host": host, **{state: sample.states[state] for state in tcp_state.NAMES}, **measures}


def rendered(form: str, row: Mapping[str, Any], *, first: bool) -> str:
    """The row as a line of a file of that form; before the first of a CSV file a line of names."""
    if form == "json":
        return json.dumps(row) + "\n"
    lines = ([list(row)] if first else []) + [list(row.values())]
    return "".join(",".join(map(_csv_field, one)) + "\n" for one in lines)


def _csv_field(value: Any) -> str:
    """As RFC 4180 writes it; None is empty."""
    text = "" if value is None else str(value)
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _all(sample: Sample) -> list[str]:
    found = sorted(sample.states.items(), key=lambda pair: -pair[1])
    return [f"{state} {count}" for state, count in found if count]


def _moved(sample: Sample, before: Sample) -> list[str]:
    moves = {state: count - before.states.get(state, 0) for state, count in sample.states.items()}
    ordered = sorted(moves, key=lambda state: -abs(moves[state]))
    return [f"{state} {sample.states[state]} ({moves[state]:+d})" for state in ordered if moves[state]]


def _row(host: str, what: str, values: Sequence[float]) -> tuple[str, ...]:
    shown = (values[0], values[-1], min(values), medians.median(values), max(values))
    return (host, what, *(f"{value:.0f}" for value in shown))
