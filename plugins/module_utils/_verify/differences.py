# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a profile does not hold on a host, told from what applying it would still change there."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple, Sequence

from .._common import text as text_table

HEADER = ("WHAT", "WANTED", "RUNNING", "AT BOOT", "WHY")
PROFILE = "PROFILE"
_UNCHANGED, _SKIPPED, _SHADOWED = "unchanged", "skipped", "shadowed"
GONE = "somebody removed it; the next run of the role writes it again"
EDITED = "somebody changed it; the next run of the role writes it anew and keeps their text"
STRANGE = "no journal tells what was there before it, as on a host installed anew; run the role again"


class Difference(NamedTuple):
    """what: a parameter, a service, a user, a process or a file. running, boot: as they are; `-` where there is
    nothing.
    """

    what: str
    wanted: str
    running: str
    boot: str
    why: str


def of_sysctl(result: Mapping[str, Any], *, allow_skipped: bool = True) -> list[Difference]:
    """The differences in a check-mode result of sysctl_profile.

    allow_skipped: whether what this host does not have counts as in force.
    """
    fine = (_UNCHANGED, _SKIPPED) if allow_skipped else (_UNCHANGED,)
    return [
        Difference(
            row["key"],
            _text(row["after"] if row["requested"] is None else row["requested"]),
            _text(row["before"]),
            _text(row["boot_before"]),
            _sysctl_why(row, _waits(result)),
        )
        for row in result.get("settings", ())
        if row["status"] not in fine or row["boot_before"] != row["boot_after"]
    ]


def of_nofile(result: Mapping[str, Any], *, best_effort: bool) -> list[Difference]:
    """The differences in a check-mode result of nofile_limits; best_effort: what the host refuses does not count."""
    fine = (_UNCHANGED, _SKIPPED)
    starts = [
        Difference(
            row.get("service") or row["user"],
            _text(row["after"]),
            "-",
            _text(row["before"]),
            _waits(result) or row.get("why") or "",
        )
        for row in (*result.get("services", ()), *result.get("users", ()))
        if row["status"] not in fine
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


def of_files(found: Mapping[str, str | None]) -> list[Difference]:
    """Files of ours that are not as they were written. found: what is there by path, None where nothing is."""
    return [
        Difference(path, "as written", "-", "gone" if text is None else "edited", GONE if text is None else EDITED)
        for path, text in found.items()
    ]


def of_stranger(path: str) -> Difference:
    """A file that says it is ours, of which no journal knows."""
    return Difference(path, "-", "-", "read", STRANGE)


def of_profile(wanted: str, why: str) -> Difference:
    """A profile that as a whole is not what it should be."""
    return Difference("-", wanted, "-", "-", why)


def table(rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Rows of `profile` and a Difference's fields as lines of a table; none where there is no row."""
    fields = ("profile", *Difference._fields)
    return text_table.lines((PROFILE, *HEADER), [[row[field] for field in fields] for row in rows]) if rows else []


def _refused(row: Mapping[str, Any]) -> Difference:
    return Difference(row["who"], _text(row["wanted"]), _text(row["have"]), "-", f"{row['why']}; {row['help']}")


def _waits(result: Mapping[str, Any]) -> str:
    """Why nothing is said for the next boot while a change waits; empty where none does."""
    confirm = result.get("confirm") or {}
    return f"waits for its confirmation until {confirm['deadline']}" if confirm.get("pending") else ""


def _sysctl_why(row: Mapping[str, Any], waits: str) -> str:
    said = [row["reason"]] if row["reason"] else []
    if row["before"] != row["after"]:
        said.insert(0, "not in force")
    if row["boot_before"] != row["boot_after"] and row["status"] != _SHADOWED:
        source = row.get("boot_source")
        said.append(waits or f"not at the next boot{': {path}:{line} wins'.format(**source) if source else ''}")
    return ", ".join(said)


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
