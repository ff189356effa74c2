# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer to a query of the facts of a fleet, as a table or as JSON."""

from __future__ import annotations

import json
from typing import Any, Mapping

from .. import json_table
from ..fleet.query import Query
from .cached import cached
from .facts import fleet_of
from .line import CRITICAL, DIM, Line, Row, Screen, count, fitting, paragraph, table
from .reasons import missing
from .run import Run, missing_failures

_LONGEST_NESTED = 30
_ALL = "Select fields, as in hosts[].{host: host, total: total}, or set nettune_format=json to see all of it."


def draw(run: Run) -> Screen:
    """Return the screen of the playbook query. Raises InvalidOption if the query cannot be evaluated."""
    fleet = fleet_of(run)
    answer = Query(run.options["nettune_query"]).search(fleet)
    if run.options.get("nettune_format") == "json":
        lines = [Line(text) for text in json.dumps(answer, indent=2, ensure_ascii=False).split("\n")]
    else:
        lines = [
            *_answer(answer, run.width),
            Line(""),
            *missing(fleet["missing"], width=run.width, failed="no facts"),
            *cached(run, fleet["hosts"]),
            _summary(fleet),
        ]
    return Screen(lines, missing_failures(fleet, recording=run.recording), answer, _rows(answer))


def _answer(answer: Any, width: int) -> list[Line]:
    """Return a list of objects as a table, and any other value as json_table draws it."""
    if not answer and answer != 0:
        return [Line("No matches.", DIM)]
    if not _is_list_of_objects(answer):
        return [line for text in json_table.lines(answer) for line in paragraph(text, width=width, hanging="    ")]
    columns = list(dict.fromkeys(key for row in answer for key in row))
    full = [[json_table.cell(row.get(column)) for column in columns] for row in answer]
    cells = [
        [_short(row.get(column), text) for column, text in zip(columns, texts)] for row, texts in zip(answer, full)
    ]
    fit = fitting(columns, cells, width=width)
    numbers = [at for at, column in enumerate(columns[:fit]) if all(_is_number(row.get(column)) for row in answer)]
    drawn = table(columns[:fit], [Row(each[:fit]) for each in cells], width=width, right=numbers)
    if cells == full and fit == len(columns):
        return drawn
    hidden = f"Not shown: {', '.join(columns[fit:])}. " if columns[fit:] else ""
    return drawn + paragraph(f"{hidden}{_ALL}", width=width, severity=DIM)


def _short(value: Any, text: str) -> str:
    """Return the text of a cell; of a long list or dictionary only how much is in it."""
    if len(text) <= _LONGEST_NESTED or not isinstance(value, (list, Mapping)):
        return text
    return f"{{{count(len(value), 'key')}}}" if isinstance(value, Mapping) else f"[{count(len(value), 'item')}]"


def _summary(fleet: Mapping[str, Any]) -> Line:
    text = f"{count(len(fleet['hosts']), 'host')} queried"
    gone = len(fleet["missing"])
    return Line(f"{text}; {count(gone, 'host')} without facts", CRITICAL) if gone else Line(text)


def _rows(answer: Any) -> list[dict[str, Any]]:
    """Return the rows of a CSV file: the objects of a list, or one row for each value."""
    if _is_list_of_objects(answer):
        return [dict(row) for row in answer]
    values = answer if isinstance(answer, list) else [] if answer is None else [answer]
    return [dict(value) if isinstance(value, Mapping) else {"value": value} for value in values]


def _is_list_of_objects(answer: Any) -> bool:
    return isinstance(answer, list) and bool(answer) and all(isinstance(row, Mapping) for row in answer)


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))
