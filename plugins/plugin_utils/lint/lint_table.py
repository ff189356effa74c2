# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the linter found, as a table for people."""

from __future__ import annotations

from collections import Counter
from typing import Any, Mapping, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._common import text

from .row import OK, VERDICTS

HEADER = ("LINE", "VERDICT", "SETTING", "WHY, AND WHAT TO WRITE")


def lines(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """A header, a line for each row and one for each line it suggests, and a summary."""
    if not rows:
        return ["no settings"]
    width = max(len(str(row["line"])) for row in [*rows, {"line": HEADER[0]}])
    cells = [cell for row in rows for cell in _cells(row, width)]
    return [*text.lines(HEADER, cells), "", summary(rows)]


def summary(rows: Sequence[Mapping[str, Any]]) -> str:
    """How many settings have which verdict; the gravest first.

    >>> summary([{"verdict": "ok"}, {"verdict": "removed"}, {"verdict": "ok"}])
    '3 settings: 1 removed, 2 ok'
    """
    counted = Counter(row["verdict"] for row in rows)
    told = ", ".join(f"{counted[verdict]} {verdict}" for verdict in VERDICTS if counted[verdict])
    return f"{len(rows)} setting{'s' if len(rows) != 1 else ''}: {told}"


def _cells(row: Mapping[str, Any], width: int) -> list[tuple[str, str, str, str]]:
    setting = f"{row['key']} = {row['value']}".rstrip()
    why = row["message"] or ("-" if row["verdict"] == OK else "")
    written = [("", "", "", f"→ {line}") for line in row["suggestion"].split("\n") if line]
    return [(str(row["line"]).rjust(width), row["verdict"], setting, why), *written]
