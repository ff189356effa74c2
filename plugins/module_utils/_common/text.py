# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text in results: tables and durations for people, and text from files that may not be valid UTF-8."""

from __future__ import annotations

from typing import Any, Sequence

_WIDEST = 48
_LONGEST_SHOWN = 60


def printable(value: Any) -> Any:
    r"""Return the value with escapes for bytes that are not UTF-8, in every text of lists and dictionaries too.

    HostFiles reads such a byte as a lone surrogate, and Ansible rejects a result that contains one.

    >>> printable({"text": "gr\udce9"})
    {'text': 'gr\\udce9'}
    """
    if isinstance(value, str):
        if value.isascii():
            return value
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {printable(key): printable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [printable(item) for item in value]
    return value


def shown(given: Any) -> str:
    """Return a value that a user gave for a message: as Python shows it, and shortened.

    >>> shown([[1]]), shown("9" * 1000)[:4]
    ('[[1]]', "'999")
    """
    try:
        text = repr(given[: _LONGEST_SHOWN + 1] if isinstance(given, (str, bytes, list, tuple)) else given)
    except ValueError:  # an int of more than 4300 digits, which Python 3.11 and later do not convert
        return "a number with thousands of digits"
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def without_prefix(text: str, prefix: str) -> str:
    """Return the text without the prefix, if it has it. str.removeprefix() needs Python 3.9."""
    start = len(prefix)
    return text[start:] if text.startswith(prefix) else text


def lines(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a table as lines: columns aligned, two spaces apart, long cells cut except in the last column."""
    cells = [[_cut(cell) for cell in row[:-1]] + [row[-1]] for row in (header, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header) - 1)]
    return [_line(row, widths) for row in cells]


def _cut(cell: str) -> str:
    return cell if len(cell) <= _WIDEST else cell[: _WIDEST - 1] + "…"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths)), row[-1]]).rstrip()


def in_words(seconds: float) -> str:
    """Return a duration as text: `45 s`, `18 min`, `2.5 h`."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
