# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of nofile_limits as a table for people."""

from __future__ import annotations

from typing import Any, Iterable, Mapping

from .._common import text
from .._common.status import CHANGED, SKIPPED

_COLUMNS = ("OPEN-FILE LIMIT OF", "BEFORE", "AFTER", "STATUS")

Row = Mapping[str, Any]


def lines(result: Row) -> list[str]:
    """Return the users, services, changed processes and refusals of a result as the lines of a table."""
    starts = [row for kind in ("users", "services") for row in result[kind] if row["status"] != SKIPPED]
    changed = [row for row in result["processes"] if row["status"] == CHANGED]
    rows = [*map(_start, starts), *map(_process, changed), *map(_refusal, result["refused"])]
    table = text.lines(_COLUMNS, rows) if rows else []
    return [*table, *_not_applicable(result["not_applicable"])] or ["nothing to do"]


def _start(row: Row) -> tuple[str, ...]:
    who = f"next start of {row['service']}" if "service" in row else f"next login of {row['user']}"
    reason = row.get("restart") or row["reason"]
    status = f"{row['status']}: {reason}" if reason else row["status"]
    return who, _limit(row["before"]), _limit(row["after"]), status


def _process(row: Row) -> tuple[str, ...]:
    more = f" (and {len(row['pids']) - 1} more)" if len(row["pids"]) > 1 else ""
    who = f"{row['name']}[{row['pids'][0]}]{more}"
    return who, _limit(row["before"]), _limit(row["after"]), row["status"]


def _refusal(row: Row) -> tuple[str, ...]:
    found = _limit(row["found"])
    return row["what"], found, found, f"{row['effect']}, not {_limit(row['expected'])}: {row['reason']}"


def _not_applicable(rows: Iterable[Row]) -> list[str]:
    """Return one line per reason, with everything it applies to."""
    by_reason: dict[str, list[str]] = {}
    for row in rows:
        by_reason.setdefault(row["reason"], []).append(row["what"])
    return [f"{', '.join(whats)}: {reason}" for reason, whats in by_reason.items()]


def _limit(limit: Row | None) -> str:
    return f"{limit['soft']}:{limit['hard']}" if limit else "not known"
