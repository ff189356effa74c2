# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Short tables for people: lines of text with aligned columns."""

from __future__ import annotations

from typing import Sequence

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
