# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Short tables for people: lines of text with aligned columns."""

from __future__ import annotations

from typing import Any, Sequence

# Results without bytes that are no text: Ansible refuses to read such a result, and a file may hold anything.


def printable(value: Any) -> Any:
    r"""The value with every text in it, also in lists and dictionaries, as it can be shown.

    A byte that is no UTF-8, which HostFiles reads as a lone surrogate, becomes an escape; so does half a character.

    >>> printable({"text": "gr\udce9"})
    {'text': 'gr\\udce9'}
    """
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {printable(key): printable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [printable(item) for item in value]
    return value


_WIDEST = 48


def lines(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The header and the rows, columns aligned and two blanks apart; cells but the last of a row are cut where very
    long.
    """
    cells = [[_cut(cell) for cell in row[:-1]] + [row[-1]] for row in (header, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header) - 1)]
    return [_line(row, widths) for row in cells]


def _cut(cell: str) -> str:
    return cell if len(cell) <= _WIDEST else cell[: _WIDEST - 1] + "…"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths)), row[-1]]).rstrip()
