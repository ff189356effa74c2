# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reasons in tables, in the last column if all rows fit the width, else below each row; and hosts by reason."""

from __future__ import annotations

from itertools import groupby
from typing import Any, Iterable, Mapping, Sequence

from . import line
from .host_names import natural, short
from .line import Line, Row

# The key in the result of a task that says why it could not become root.
NOT_ROOT = "not_root"
_INDENT = "    "


def table(header: Sequence[str], rows: Iterable[Row], *, width: int) -> list[Line]:
    """Return the table; header, rows: the last cell is the reason, which may be empty. Without any it has no column."""
    rows = list(rows)
    if not any(row.cells[-1] for row in rows):
        return line.table(header[:-1], [row._replace(cells=row.cells[:-1]) for row in rows], width=width)
    drawn = line.table(header, rows, width=width)
    if len(drawn) <= len(rows) + 1:
        return drawn
    # The number of a row in place of its severity tells which lines are those of the row.
    numbered = [Row(row.cells[:-1], str(number)) for number, row in enumerate(rows)]
    head, *lines = line.table(header[:-1], numbered, width=width)
    shown = [head]
    for number, part in groupby(lines, key=lambda each: each.severity):
        row = rows[int(number)]
        shown += [Line(each.text, row.severity) for each in part]
        shown += line.paragraph(row.cells[-1], width=width, indent=_INDENT, severity=row.severity)
    return shown


def missing(rows: Iterable[Mapping[str, Any]], *, width: int, failed: str = "failed") -> list[Line]:
    """Return a line for the hosts without a result that share a reason.

    rows: `missing` of fleet.document. failed: what happened to those that are not unreachable.
    """
    by_reason: dict[str, list[str]] = {}
    for row in rows:
        reason = f"{'unreachable' if row['unreachable'] else failed}: {row['reason']}"
        by_reason.setdefault(reason, []).append(row["host"])
    return _hosts_and_reasons(by_reason, "{hosts}  {reason}", line.CRITICAL, width)


def not_root(
    results: Iterable[Mapping[str, Any]], *, width: int, without: str = "processes of other users are not listed"
) -> list[Line]:
    """Return a line for the hosts that share a reason why the task could not become root.

    results: of tasks that went on as the user of the connection, each with its host. without: what is missing then.
    """
    by_reason: dict[str, list[str]] = {}
    for result in results:
        if result.get(NOT_ROOT):
            by_reason.setdefault(str(result[NOT_ROOT]), []).append(str(result["host"]))
    text = f"{{hosts}}: not root: {without} ({{reason}})"
    return _hosts_and_reasons(by_reason, text, line.WARNING, width)


def _hosts_and_reasons(by_reason: Mapping[str, list[str]], text: str, severity: str, width: int) -> list[Line]:
    """Return a paragraph for each reason, in the natural order of the first hosts."""
    ordered = sorted(by_reason.items(), key=lambda item: min(map(natural, item[1])))
    return [
        each
        for reason, hosts in ordered
        for each in line.paragraph(
            text.format(hosts=short(hosts), reason=reason), width=width, hanging=_INDENT, severity=severity
        )
    ]
