# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The samples of a watch as text: a line for each, a summary at the end, and rows of a CSV or JSON file."""

from __future__ import annotations

import fcntl
import json
import os
import re
import time
from typing import Any, Mapping, NamedTuple, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._common import robust_statistics
from ansible_collections.nettune.tcp.plugins.module_utils._common import text as text_table
from ansible_collections.nettune.tcp.plugins.module_utils._formats import tcp_state
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch.proc_stat import Activity

COLUMNS = ("HOST", "WHAT", "FIRST", "LAST", "LEAST", "MEDIAN", "MOST")
_MEASURES = {"interrupts/s": "interrupts", "context switches/s": "switches", "system %": "system"}
_MOST_STATES = 6
_QUOTED = re.compile(r'[",\r\n]')


class Sample(NamedTuple):
    """at: seconds since the epoch. states: counts by name. activity: since the previous sample, None for the first."""

    at: float
    states: Mapping[str, int]
    activity: Activity | None = None


def line(host: str, clock: str, sample: Sample, before: Sample | None) -> str:
    """Return a line with the counts of the first sample, or with the changes since `before`, largest first.

    `14:05:10  web1  13021 sockets: LAST_ACK 5830 (+122), ESTABLISHED 6838 (-7) | in 13750 cs 3174 sy 5%`
    """
    parts = _changes(sample, before) if before is not None else _counts(sample)
    more = f", and {len(parts) - _MOST_STATES} more" if len(parts) > _MOST_STATES else ""
    states = ", ".join(parts[:_MOST_STATES]) + more or ("no change" if before else "none")
    activity = sample.activity
    busy = f" | in {activity.interrupts:.0f} cs {activity.switches:.0f} sy {activity.system:.0f}%" if activity else ""
    return f"{clock}  {host}  {sum(sample.states.values())} sockets: {states}{busy}"


def summary(host: str, samples: Sequence[Sample]) -> list[tuple[str, ...]]:
    """Return a row of COLUMNS for each state that had sockets, and for each measure of activity."""
    rows = []
    for state in tcp_state.NAMES:
        counts = [float(sample.states[state]) for sample in samples]
        rows += [_row(host, state, counts)] if any(counts) else []
    for name, field in _MEASURES.items():
        values = [float(getattr(sample.activity, field)) for sample in samples if sample.activity is not None]
        rows += [_row(host, name, values)] if values else []
    return rows


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the rows of summary(), of one or more hosts, as the lines of a table."""
    return text_table.lines(COLUMNS, rows) if rows else ["no samples"]


def record(host: str, sample: Sample) -> dict[str, Any]:
    """Return a sample as a flat row, with its time in UTC."""
    activity = sample.activity
    measures = {name: None if activity is None else round(getattr(activity, name), 2) for name in Activity._fields}
    utc = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(sample.at))
    return {"time": utc, "host": host, **{state: sample.states[state] for state in tcp_state.NAMES}, **measures}


def append(path: str, row: Mapping[str, Any], form: str) -> None:
    """Append a row to a file of that format, which the processes of all hosts share."""
    with open(path, "a", encoding="utf-8") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        stream.write(rendered(form, row, first=os.fstat(stream.fileno()).st_size == 0))


def rendered(form: str, row: Mapping[str, Any], *, first: bool) -> str:
    """Return the row as text of a file of that format; the first row of a CSV file comes after a line of names."""
    if form == "json":
        return json.dumps(row) + "\n"
    lines = ([list(row)] if first else []) + [list(row.values())]
    return "".join(",".join(map(_csv_field, one)) + "\n" for one in lines)


def _csv_field(value: Any) -> str:
    """Return a field quoted as in RFC 4180; None is empty."""
    text = "" if value is None else str(value)
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _counts(sample: Sample) -> list[str]:
    found = sorted(sample.states.items(), key=lambda pair: -pair[1])
    return [f"{state} {count}" for state, count in found if count]


def _changes(sample: Sample, before: Sample) -> list[str]:
    changes = {state: count - before.states.get(state, 0) for state, count in sample.states.items()}
    ordered = sorted(changes, key=lambda state: -abs(changes[state]))
    return [f"{state} {sample.states[state]} ({changes[state]:+d})" for state in ordered if changes[state]]


def _row(host: str, what: str, values: Sequence[float]) -> tuple[str, ...]:
    shown = (values[0], values[-1], min(values), robust_statistics.median(values), max(values))
    return (host, what, *(f"{value:.0f}" for value in shown))
