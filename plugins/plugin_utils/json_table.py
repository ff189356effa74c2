# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw any JSON value as lines of text."""

from __future__ import annotations

import json
from typing import Any, Mapping, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._common import text as text_table


def lines(value: Any) -> list[str]:
    """Return the lines of a value.

    A list of objects becomes a table with their keys as columns, a list of lists one without a header, an object a line
    for each key, and any other list a line for each element. null and empty values have no lines.

    >>> lines([{"host": "web1", "total": 9}, {"host": "web2", "total": 10}])
    ['host  total', 'web1      9', 'web2     10']
    """
    if isinstance(value, Mapping):
        return _table([[key, value[key]] for key in value])
    if not isinstance(value, list):
        return [] if value is None else [cell(value)]
    if value and all(isinstance(row, Mapping) for row in value):
        columns = list(dict.fromkeys(key for row in value for key in row))
        return _table([columns, *([row.get(column) for column in columns] for row in value)])
    if value and all(isinstance(row, list) for row in value):
        width = max(map(len, value))
        return _table([row + [None] * (width - len(row)) for row in value]) if width else []
    return [cell(each) for each in value]


def cell(value: Any) -> str:
    """Return text as it is, `-` for null, and JSON for any other value."""
    if isinstance(value, str):
        return value
    return "-" if value is None else json.dumps(value, ensure_ascii=False)


def _table(rows: Sequence[Sequence[Any]]) -> list[str]:
    """Return an aligned table; columns of numbers, with or without a heading, are aligned to the right."""
    columns = [_column(column) for column in zip(*rows)]
    head, *rest = zip(*columns) if columns else ((),)
    return text_table.lines(head, rest) if head else []


def _column(values: Sequence[Any]) -> list[str]:
    cells = [cell(value) for value in values]
    below = {type(value) for value in values[1:] if value is not None} or {type(values[0])}
    if not below <= {int, float}:
        return cells
    width = max(map(len, cells))
    return [text.rjust(width) for text in cells]
