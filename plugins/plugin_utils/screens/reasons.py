# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reasons in tables, in the last column if all rows fit the width, else below each row; and hosts by reason."""

from __future__ import annotations

from itertools import groupby
from typing import Any, Iterable, Mapping, Sequence

from . import line
from .host_names import natural, short
from .line import Line, Row

_INDENT = "    "


def table(header: Sequence[str], rows: Iterable[Row], *, width: int) -> list[Line]:
    """Return the table. header, rows: the last cell is the reason, which may be empty."""
    rows = list(rows)
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
    for row in sorted(rows, key=lambda row: natural(row["host"])):
        reason = f"{'unreachable' if row['unreachable'] else failed}: {row['reason']}"
        by_reason.setdefault(reason, []).append(row["host"])
    return [
        each
        for reason, hosts in by_reason.items()
        for each in line.paragraph(f"{short(hosts)}  {reason}", width=width, hanging=_INDENT, severity=line.CRITICAL)
    ]
