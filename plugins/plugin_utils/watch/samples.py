# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The samples of a watch as text: a line for each, a summary at the end, and rows of a CSV or JSON file."""

from __future__ import annotations

import fcntl
import json
import os
import re
import time
from typing import IO, Any, Mapping, NamedTuple, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._common import robust_statistics
from ansible_collections.nettune.tcp.plugins.module_utils._common import text as text_table
from ansible_collections.nettune.tcp.plugins.module_utils._formats import tcp_state
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch import sparkline
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch.proc_stat import Activity

COLUMNS = ("HOST", "WHAT", "FIRST", "LAST", "LEAST", "MEDIAN", "MOST")
_MEASURES = {"interrupts/s": "interrupts", "context switches/s": "switches", "system %": "system"}
# How many samples the sparkline of a line covers.
_RECENT = 8
_QUOTED = re.compile(r'[",\r\n]')


class Sample(NamedTuple):
    """at: seconds since the epoch. states: counts by name. activity: since the previous sample, None for the first."""

    at: float
    states: Mapping[str, int]
    activity: Activity | None = None


def line(host: str, clock: str, taken: Sequence[Sample], *, width: int, levels: str = sparkline.BLOCKS) -> str:
    """Return a line for the last sample: its counts if it is the first, else a sparkline for each state that moves.

    The state that changed most comes first; states that do not fit the width are counted.
    `14:05:10  web1  13021 sockets: LAST_ACK 5952 ▁▂▅█ +24.4/s, ESTABLISHED 6831 █▅▂▁ -1.4/s | in 13750 cs 3174 sy 5%`
    """
    last = taken[-1]
    parts = _moves(taken[-_RECENT:], levels) if len(taken) > 1 else _counts(last)
    text = f"{clock}  {host}  {sum(last.states.values())} sockets: "
    text += _fitted(parts, width - len(text)) or ("no change" if len(taken) > 1 else "none")
    done = last.activity
    busy = f" | in {done.interrupts:.0f} cs {done.switches:.0f} sy {done.system:.0f}%" if done else ""
    return text + busy if len(text) + len(busy) <= width else text


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


def create(path: str) -> IO[str]:
    """Open a file to append to; a new one gets mode 0600. Raises OSError."""
    return open(path, "a", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600))


def append(path: str, row: Mapping[str, Any], form: str) -> None:
    """Append a row to a file of that format, which the processes of all hosts share."""
    with create(path) as stream:
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


def _moves(recent: Sequence[Sample], levels: str) -> list[str]:
    """Return a part of a line for each state that moved in these samples, the last of which is shown."""
    last, before = recent[-1], recent[-2]
    found = []
    for state, count in last.states.items():
        values = [sample.states[state] for sample in recent]
        change = count - before.states[state]
        if max(values) > min(values):
            drawn = sparkline.draw(values, width=_RECENT, levels=levels)
            rate = sparkline.rate(change, last.at - before.at)
            found.append((abs(change), max(values) - min(values), f"{state} {count} {drawn} {rate}".rstrip()))
    return [part for _change, _range, part in sorted(found, key=lambda one: one[:2], reverse=True)]


def _fitted(parts: Sequence[str], width: int) -> str:
    """Return the first parts and how many more there are, within the width; at least one part."""
    for number in range(len(parts), 0, -1):
        more = f", and {len(parts) - number} more" if number < len(parts) else ""
        text = ", ".join(parts[:number]) + more
        if len(text) <= width or number == 1:
            return text
    return ""


def _row(host: str, what: str, values: Sequence[float]) -> tuple[str, ...]:
    shown = (values[0], values[-1], min(values), robust_statistics.median(values), max(values))
    return (host, what, *(f"{value:.0f}" for value in shown))
