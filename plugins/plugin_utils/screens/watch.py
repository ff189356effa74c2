# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a watch: a sparkline and the rate of each state that moved. Hosts that moved alike share rows."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple, Sequence

from ..fleet import document
from ..watch import moves, sparkline
from ..watch.moves import Move
from .host_names import natural, short
from .line import CRITICAL, DIM, WARNING, Line, Row, Screen, count, paragraph, table, text_width
from .run import Run, missing_failures

_HEADER = ("HOST", "STATE", "FIRST", "LAST", "RATE", "OVER TIME")
_NUMBERS = (2, 3, 4)
_GAP = 2
# Columns of a sparkline.
_NARROWEST, _WIDEST = 8, 48
_MOST_GROUPS = 20
# What -v shows of each host: the name, and the key of a sample.
_ACTIVITY = {"interrupts/s": "interrupts", "switches/s": "switches", "system %": "system"}


class _Group(NamedTuple):
    hosts: list[str]
    moves: list[Move]

    @property
    def height(self) -> float:
        return sum(move.height for move in self.moves)


def draw(run: Run) -> Screen:
    """Return the screen of the playbook watch."""
    fleet = run.results()
    each = run.verbosity > 0
    moved = {result["host"]: moves.of_host(result) for result in fleet["hosts"]}
    groups = _groups(moved, each=each)
    shown = groups if each else groups[:_MOST_GROUPS]
    rows = [row for group in shown for row in _rows(group)]
    if each:
        rows += [row for result in fleet["hosts"] for row in _activity(result)]
    lines = _table(rows, run.width)
    lines += _remarks(fleet, moved, groups[len(shown) :], width=run.width)
    lines += [*([Line("")] if lines else []), *_summary(fleet, moved, run.width)]
    return Screen(lines, missing_failures(fleet), _document(fleet), _flat(fleet))


def _groups(moved: Mapping[str, list[Move]], *, each: bool) -> list[_Group]:
    """Return the hosts on which a state moved, those that moved alike together, and those that moved most first."""
    found: dict[Any, list[str]] = {}
    for host in sorted(filter(moved.get, moved), key=natural):
        found.setdefault(host if each else moves.picture(moved[host]), []).append(host)
    groups = [_Group(hosts, moves.together([moved[host] for host in hosts])) for hosts in found.values()]
    return sorted(groups, key=lambda group: (-group.height, natural(group.hosts[0])))


def _rows(group: _Group) -> list[tuple[Sequence[str], Sequence[float]]]:
    """Return the cells of each row and the values to draw in its last column."""
    name = short(group.hosts) + (f" ({len(group.hosts)}, sum)" if len(group.hosts) > 1 else "")
    rows = []
    for move in group.moves:
        rate = "" if move.per_second is None else sparkline.rate(move.per_second, 1)
        rows.append(((name, move.state, f"{move.values[0]:.0f}", f"{move.values[-1]:.0f}", rate), move.values))
        name = ""
    return rows


def _activity(result: Mapping[str, Any]) -> list[tuple[Sequence[str], Sequence[float]]]:
    rows = []
    for name, key in _ACTIVITY.items():
        values = [sample[key] for sample in result["series"] if sample[key] is not None]
        if values:
            rows.append(((result["host"], name, f"{values[0]:.0f}", f"{values[-1]:.0f}", ""), values))
    return rows


def _table(rows: Sequence[tuple[Sequence[str], Sequence[float]]], width: int) -> list[Line]:
    """Return the table; the sparklines take what the other columns leave."""
    columns = zip(_HEADER, *(cells for cells, _values in rows))
    used = sum(max(map(text_width, column)) + _GAP for column in columns)
    space = min(_WIDEST, max(_NARROWEST, width - used))
    levels = sparkline.characters()
    drawn = [Row((*cells, sparkline.draw(values, width=space, levels=levels))) for cells, values in rows]
    return table(_HEADER, drawn, width=width, right=_NUMBERS)


def _remarks(
    fleet: Mapping[str, Any], moved: Mapping[str, list[Move]], left_out: Sequence[_Group], *, width: int
) -> list[Line]:
    """Return the lines for all other hosts, and for samples that are missing."""
    lines = []
    if left_out:
        number = sum(len(group.hosts) for group in left_out)
        lines.append(Line(f"({count(number, 'more host')} on which less moved)", DIM))
    still = [host for host, found in moved.items() if not found]
    if still:
        lines += paragraph(f"{short(still)}: no state moved", width=width)
    missed = _by(fleet["hosts"], lambda result: result["missed"])
    for number, hosts in sorted(missed.items()):
        if number:
            lines += paragraph(f"{short(hosts)}: {count(number, 'sample')} missed", width=width, severity=WARNING)
    for reason, hosts in _by(fleet["missing"], document.reason_of).items():
        lines += paragraph(f"{short(hosts)}: {reason}", width=width, severity=CRITICAL)
    return lines


def _summary(fleet: Mapping[str, Any], moved: Mapping[str, list[Move]], width: int) -> list[Line]:
    hosts, missing = fleet["hosts"], fleet["missing"]
    samples = sum(result["samples"] for result in hosts)
    seconds = max((result["seconds"] for result in hosts), default=0)
    text = f"{count(samples, 'sample')} of {count(len(hosts), 'host')} in {seconds:.0f} s"
    moving = sum(bool(moves) for moves in moved.values())
    text += f"; states moved on {moving}" if moving else "; no state moved"
    text += f"; {count(len(missing), 'host')} did not answer" if missing else ""
    lines = [Line(text, CRITICAL if missing else "")]
    outputs = sorted({result["output"] for result in hosts if result["output"]})
    return lines + [line for output in outputs for line in paragraph(f"all samples: {output}", width=width)]


def _document(fleet: Mapping[str, Any]) -> dict[str, Any]:
    hosts = [
        {**{key: result[key] for key in ("host", "samples", "missed", "seconds")}, "states": _states(result)}
        for result in fleet["hosts"]
    ]
    return {"hosts": hosts, "missing": fleet["missing"]}


def _flat(fleet: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = [
        {"host": result["host"], "state": state, **values, "reason": ""}
        for result in fleet["hosts"]
        for state, values in _states(result).items()
    ]
    return [*rows, *({"host": row["host"], "reason": row["reason"]} for row in fleet["missing"])]


def _states(result: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        move.state: {"first": move.values[0], "last": move.values[-1], "per_second": move.per_second}
        for move in moves.of_host(result)
    }


def _by(rows: Sequence[Mapping[str, Any]], key: Any) -> dict[Any, list[str]]:
    """Return the names of the hosts by the key of their row."""
    found: dict[Any, list[str]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row["host"])
    return found
