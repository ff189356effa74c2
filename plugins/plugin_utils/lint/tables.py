# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables in Markdown with a column for the parameter and one for the value to set.

| key                  | default | recommended |
|----------------------|---------|-------------|
| `net.core.somaxconn` | 128     | 4096        |

A table with defaults or descriptions only sets nothing, nor does one that lists the values a parameter may have.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Iterator, Sequence

from . import keys
from .row import FILE, VALUE, Setting

_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*")
# Headers of values, the best first.
_VALUES = (
    re.compile(r"recommend|suggest|tuned|optimi[sz]ed|target|new\b|after|推荐|建议|优化|권장", re.IGNORECASE),
    re.compile(r"(?:our |set )?values?(?: to set)?|setting|set to|设置值|值|값", re.IGNORECASE),
)
_NO_VALUE = re.compile(
    r"default|current|old\b|before|min|max|range|unit|allowed|possible|默认|当前|기본", re.IGNORECASE
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_VALUE = re.compile(r"-?\d+(?:[ \t]+-?\d+)*|[a-z][a-z0-9_]*")


def settings(raw: Sequence[str]) -> list[Setting]:
    """Return the settings of the tables in the lines of a text."""
    rules = (at for at, line in enumerate(raw) if at and "|" in line and "--" in line and _RULE.fullmatch(line))
    return [one for at in rules for one in _in_table(raw, at)]


def _in_table(raw: Sequence[str], rule: int) -> Iterator[Setting]:
    """Yield the settings of a table. rule: the line below its header."""
    column = _value_column(_cells(raw[rule - 1]))
    found: list[Setting] = []
    at = rule + 1
    while column and at < len(raw) and "|" in raw[at]:
        cells = _cells(raw[at])
        at += 1
        value = _THOUSANDS.sub("", cells[column]) if column < len(cells) else ""
        name = next((cell for cell in cells[:column] if keys.is_name(cell)), None)
        if name is not None and _VALUE.fullmatch(value):
            found.append(Setting(at, keys.canonical(name), " ".join(value.split()), FILE, VALUE, rule))
    values = Counter(one.key for one in found)
    yield from (one for one in found if values[one.key] == 1)


def _value_column(header: Sequence[str]) -> int:
    """Return the column of the values; 0 if no column is clearly that. The first column has the names."""
    for form in _VALUES:
        found = [at for at, cell in enumerate(header) if at and form.match(cell) and not _NO_VALUE.search(cell)]
        if found:
            return found[0] if len(found) == 1 else 0
    return 0


def _cells(line: str) -> list[str]:
    """Return the cells of a row without the marks of code and bold text."""
    return [cell.strip(" \t*`") for cell in line.strip().strip("|").split("|")]
