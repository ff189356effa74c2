# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of a screen: text with a severity, tables and paragraphs that fit the width of the terminal."""

from __future__ import annotations

import textwrap
import unicodedata
from typing import Any, Callable, Iterable, Mapping, NamedTuple, Sequence

OK, CHANGED, WARNING, CRITICAL, DIM = "ok", "changed", "warning", "critical", "dim"
_GAP = 2
# A column is never made narrower than this to fit the width.
_NARROWEST = 12
_LONGEST = 4000


class Line(NamedTuple):
    """A line of text. severity: empty or one of the constants above; it gives the line its colour."""

    text: str
    severity: str = ""


class Screen(NamedTuple):
    """What a playbook shows and returns.

    lines: printed in this order. failures: {host: {msg, unreachable}} for each host that has to fail. document: the
    JSON value for nettune_output. rows: the same as flat dictionaries, for a CSV file. page: returns the same as HTML;
    a screen that has a page has no rows. texts: by suffix, the text of a file of another format, which programs of
    other users read. files: texts of new files, by what the name of each has before its suffix; such a screen has no
    document.
    """

    lines: list[Line]
    failures: Mapping[str, Mapping[str, Any]]
    document: Any
    rows: list[dict[str, Any]]
    page: Callable[[], str] | None = None
    texts: Mapping[str, str] = {}
    files: Mapping[str, str] | None = None


class Row(NamedTuple):
    """The cells of a row of a table, and its severity."""

    cells: Sequence[str]
    severity: str = ""


def table(header: Sequence[str], rows: Iterable[Row], *, width: int, right: Iterable[int] = ()) -> list[Line]:
    """Return an aligned table in which no line is longer than `width`; no lines without rows.

    Cells that do not fit continue on the next line of their column; the widest column gives way first.
    right: numbers of the columns that are aligned to the right.
    """
    rows = [Row([_shown(cell) for cell in row.cells], row.severity) for row in rows]
    if not rows:
        return []
    widths = _fitted([list(header), *(list(row.cells) for row in rows)], width)
    aligned = set(right)
    lines = _row_lines(header, widths, aligned, "")
    return lines + [line for row in rows for line in _row_lines(row.cells, widths, aligned, row.severity)]


def fitting(header: Sequence[str], rows: Iterable[Sequence[str]], *, width: int) -> int:
    """Return how many of the columns, from the left, a table of this width has room for; at least one."""
    used = -_GAP
    for number, column in enumerate(zip(header, *rows)):
        used += _GAP + min(_NARROWEST, max(text_width(_shown(cell)) for cell in column))
        if used > width:
            return max(number, 1)
    return len(header)


def paragraph(text: str, *, width: int, indent: str = "", hanging: str | None = None, severity: str = "") -> list[Line]:
    """Return the text, wrapped to the width. hanging: the indent of all lines but the first, by default `indent`."""
    following = indent if hanging is None else hanging
    wrapped = _wrap(_shown(text), width, indent, following)
    return [Line(line, severity) for line in wrapped]


def printable(text: str) -> str:
    r"""Return the text without control characters, which could move the cursor or colour the terminal.

    >>> printable("web\x1b[31m1")
    'web\\x1b[31m1'
    """
    return "".join(
        char if char == "\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp") else _escaped(char)
        for char in text
    )


def count(number: int, what: str, plural: str | None = None) -> str:
    """Return for example `1 host` or `20 hosts`."""
    return f"{number} {what if number == 1 else plural or what + 's'}"


def listed(names: Sequence[str], *, most: int) -> str:
    """Return the names, separated by commas; all but the first `most` are only counted.

    >>> listed(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    rest = len(names) - most
    return f"{', '.join(names[:most])} and {rest} more" if rest > 0 else ", ".join(names)


def _shown(text: str) -> str:
    """Return the text as it is shown: without control characters, and cut, as a host may return any amount of it."""
    return printable(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")


def _escaped(char: str) -> str:
    return char.encode("unicode_escape", "backslashreplace").decode("ascii") if char != "\n" else " "


def _fitted(rows: list[list[str]], width: int) -> list[int]:
    """Return the width of each column so that a row fits, as far as no column becomes too narrow.

    Columns are first made as narrow as their longest word, and only then narrower, which breaks words.
    """
    columns = list(zip(*rows))
    widths = [max(map(text_width, column)) for column in columns]
    words = [max((text_width(word) for cell in column for word in cell.split()), default=0) for column in columns]
    for floors in (words, [0] * len(words)):
        excess = sum(widths) + _GAP * (len(widths) - 1) - width
        widths = _narrowed(widths, [max(floor, _NARROWEST) for floor in floors], excess)
    return widths


def _narrowed(widths: Sequence[int], floors: Sequence[int], excess: int) -> list[int]:
    """Return the widths with `excess` columns of the terminal less, always taken from the widest that may give way."""
    narrowed = list(widths)
    for _each in range(max(excess, 0)):
        candidates = [column for column, floor in enumerate(floors) if narrowed[column] > floor]
        if not candidates:
            break
        narrowed[max(candidates, key=lambda column: (narrowed[column], column))] -= 1
    return narrowed


def _row_lines(cells: Sequence[str], widths: Sequence[int], right: set[int], severity: str) -> list[Line]:
    columns = [_wrap(cell, width, "", "") or [""] for cell, width in zip(cells, widths)]
    lines = []
    for number in range(max(map(len, columns))):
        parts = [_part(columns[at], number, widths[at], right=at in right) for at in range(len(columns))]
        lines.append(Line((" " * _GAP).join(parts).rstrip(), severity))
    return lines


def _part(cell: list[str], number: int, width: int, *, right: bool) -> str:
    """Return line `number` of a cell, padded to the width of its column."""
    text = cell[number] if number < len(cell) else ""
    space = " " * (width - text_width(text))
    return space + text if right else text + space


def text_width(text: str) -> int:
    """Return how many columns of a terminal the text takes; East Asian characters take two."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF") for char in text)


def _wrap(text: str, width: int, indent: str, hanging: str) -> list[str]:
    wrapper = textwrap.TextWrapper(
        width=max(width, len(hanging) + _NARROWEST),
        initial_indent=indent,
        subsequent_indent=hanging,
        break_on_hyphens=False,
    )
    return wrapper.wrap(text)
