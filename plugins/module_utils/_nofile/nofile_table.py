# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of nofile_limits as people read it: a table of what there is to say, and how many rows say nothing."""

from __future__ import annotations

from typing import Any, Iterable, Mapping

from .._common import text

_COLUMNS = ("OPEN FILES OF", "BEFORE", "NOW", "STATUS")
_SKIPPED, _CHANGED = "skipped", "changed"

Row = Mapping[str, Any]


def lines(result: Row) -> list[str]:
    """The rows of users, services, processes and refusals of a result, as a table."""
    told = [row for kind in ("users", "services") for row in result[kind] if row["status"] != _SKIPPED]
    set_ = [row for row in result["processes"] if row["status"] == _CHANGED]
    rows = [*map(_start, told), *map(_running, set_), *map(_refusal, result["refused"])]
    table = text.lines(_COLUMNS, rows) if rows else []
    return [*table, *_passed_over(result["not_applicable"])] or ["nothing to do"]


def _passed_over(rows: Iterable[Row]) -> list[str]:
    """One line for each reason, with all that it keeps out."""
    by_reason: dict[str, list[str]] = {}
    for row in rows:
        by_reason.setdefault(row["why"], []).append(row["what"])
    return [f"{', '.join(whats)}: {why}" for why, whats in by_reason.items()]


def _start(row: Row) -> tuple[str, ...]:
    who = f"next start of {row['service']}" if "service" in row else f"next login of {row['user']}"
    why = row.get("restart") or row["why"]
    return who, _limit(row["before"]), _limit(row["after"]), f"{row['status']}: {why}" if why else row["status"]


def _running(row: Row) -> tuple[str, ...]:
    many = f" (and {len(row['pids']) - 1} more)" if len(row["pids"]) > 1 else ""
    who = f"{row['name']}[{row['pids'][0]}]{many}"
    return who, _limit(row["before"]), _limit(row["after"]), row["status"]


def _refusal(row: Row) -> tuple[str, ...]:
    return (
        row["who"],
        _limit(row["have"]),
        _limit(row["have"]),
        f"{row['effect']}, not {_limit(row['wanted'])}: {row['why']}",
    )


def _limit(limit: Row) -> str:
    return f"{limit['soft']}:{limit['hard']}"
