# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a profile does not hold on a host, told from what its modules would still change there."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple

_FINE = ("unchanged", "skipped")


class Difference(NamedTuple):
    """what: a parameter, a service, a user or a process. running, boot: as they are; `-` where there is nothing."""

    what: str
    wanted: str
    running: str
    boot: str
    why: str


def of_sysctl(result: Mapping[str, Any]) -> list[Difference]:
    """The differences in a check-mode result of sysctl_profile."""
    return [
        Difference(
            row["key"],
            _text(row["after"] if row["requested"] is None else row["requested"]),
            _text(row["before"]),
            _text(row["boot_before"]),
            row["reason"] or _sysctl_why(row),
        )
        for row in result.get("settings", ())
        if row["status"] not in _FINE or row["boot_before"] != row["boot_after"]
    ]


def of_nofile(result: Mapping[str, Any], *, best_effort: bool) -> list[Difference]:
    """The differences in a check-mode result of nofile_limits; best_effort: what the host refuses does not count."""
    starts = [
        Difference(
            row.get("service") or row["user"], _text(row["after"]), "-", _text(row["before"]), row.get("why") or ""
        )
        for row in (*result.get("services", ()), *result.get("users", ()))
        if row["status"] not in _FINE
    ]
    running = [
        Difference(
            f"{row['name']} of {row['unit']}", _text(row["after"]), _text(row["before"]), "-", row.get("why") or ""
        )
        for row in result.get("processes", ())
        if row["status"] == "changed"
    ]
    refused = () if best_effort else result.get("refused", ())
    return [*starts, *running, *(_refused(row) for row in refused)]


def _refused(row: Mapping[str, Any]) -> Difference:
    return Difference(row["who"], _text(row["wanted"]), _text(row["have"]), "-", f"{row['why']}; {row['help']}")


def _sysctl_why(row: Mapping[str, Any]) -> str:
    moves = [
        said
        for said, before, after in (
            ("not in force", row["before"], row["after"]),
            ("not at the next boot", row["boot_before"], row["boot_after"]),
        )
        if before != after
    ]
    return ", ".join(moves)


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return (
            _limits(value)
            if {"soft", "hard"} & set(value)
            else " ".join(f"{how} {held}" for how, held in value.items())
        )
    return "-" if value is None else str(value) or "(empty)"


def _limits(value: Mapping[str, Any]) -> str:
    return ":".join("-" if value.get(which) is None else str(value[which]) for which in ("soft", "hard"))
