# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drift of a host from a profile, derived from what applying the profile again would change."""

from __future__ import annotations

import re
from typing import Any, Mapping, NamedTuple, Sequence

from .._common import text as text_table
from .._common.status import CHANGED, REFUSED, SHADOWED, SKIPPED, UNCHANGED

HEADER = ("WHAT", "EXPECTED", "FOUND", "WHEN", "REASON")
PROFILE = "PROFILE"
NOW, NEXT_BOOT = "now", "next boot"
APPLIED = "applied"
REMOVED = "removed; the next run of the role restores it"
EDITED = "edited; the next run of the role overwrites it and keeps a copy of the edited text"
DROPPED = "no longer requested; the next run of the role restores it"
_PIDS = re.compile(r"\[[0-9,]+\]")
UNKNOWN = "not in the journal, for example because the host was reinstalled; run the role again"


class Difference(NamedTuple):
    """One deviation from a profile.

    what: a kernel parameter, service, user, process or file. running, boot: the current value and the one after the
    next boot, `-` if there is none. reason: empty if the values say enough. when: NOW, or NEXT_BOOT if the running
    value is the expected one; that is also the next start of a service or login of a user.
    """

    what: str
    expected: str
    running: str
    boot: str
    reason: str
    when: str = NOW


def of_sysctl(result: Mapping[str, Any], *, allow_skipped: bool = True) -> list[Difference]:
    """Return the differences in a check-mode result of sysctl_profile.

    allow_skipped: do not report parameters that this host does not have.
    """
    fine = (UNCHANGED, SKIPPED) if allow_skipped else (UNCHANGED,)
    return [
        Difference(
            row["key"],
            _text(row["after"] if row["requested"] is None else row["requested"]),
            _text(row["before"]),
            _text(row["boot_before"]),
            _sysctl_reason(row, _pending(result)),
            NOW if row["before"] != row["after"] or row["status"] in (SKIPPED, REFUSED) else NEXT_BOOT,
        )
        for row in result.get("settings", ())
        if row["status"] not in fine or row["boot_before"] != row["boot_after"]
    ]


def of_nofile(result: Mapping[str, Any], *, best_effort: bool) -> list[Difference]:
    """Return the differences in a check-mode result of nofile_limits.

    best_effort: do not report limits that the host refuses.
    """
    fine = (UNCHANGED, SKIPPED)
    starts = [
        Difference(
            row.get("service") or row["user"],
            _text(row["after"]),
            "-",
            _text(row["before"]),
            _pending(result) or row.get("reason") or "",
            NEXT_BOOT,
        )
        for row in (*result.get("services", ()), *result.get("users", ()))
        if row["status"] not in fine
    ]
    running = [
        Difference(f"{row['name']} of {row['unit']}", _text(row["after"]), _text(row["before"]), "-", "")
        for row in result.get("processes", ())
        if row["status"] == CHANGED
    ]
    refused = () if best_effort else result.get("refused", ())
    return [*starts, *running, *(_refused(row) for row in refused)]


def of_files(found: Mapping[str, str | None]) -> list[Difference]:
    """Return one difference per changed file of a profile. found: its text by path, None if it was removed."""
    return [
        Difference(path, "as written", "-", *(("gone", REMOVED) if text is None else ("edited", EDITED)), NEXT_BOOT)
        for path, text in found.items()
    ]


def of_unknown_file(path: str) -> Difference:
    """Return the difference for a file marked as ours that is not in the journal."""
    return Difference(path, "-", "-", "read", UNKNOWN, NEXT_BOOT)


def of_profile(expected: str, reason: str) -> Difference:
    """Return a difference that concerns a profile as a whole."""
    return Difference("-", expected, "-", "-", reason)


def cells(row: Mapping[str, str]) -> tuple[str, ...]:
    """Return the cells of a row below HEADER. row: the fields of a Difference."""
    found = row["running"] if row["when"] == NOW else row["boot"]
    return row["what"], row["expected"], found, row["when"], row["reason"]


def table(rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Return rows of `profile` and the fields of Difference as the lines of a table, an empty list for no rows."""
    return text_table.lines((PROFILE, *HEADER), [(row["profile"], *cells(row)) for row in rows]) if rows else []


def sentence(profiles: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, str]]) -> str:
    """Return the outcome in one sentence. profiles, rows: `profiles` and `drift` of profile_info."""
    names = ", ".join(row["name"] for row in profiles)
    if not rows:
        return (
            f"no drift, now or at the next boot, of the profiles: {names}" if names else "no profile has been applied"
        )
    missing = [f"{row['profile']} is not applied ({row['reason']})" for row in rows if _is_missing(row)]
    by_profile: dict[str, list[str]] = {}
    for row in rows:
        if not _is_missing(row):
            by_profile.setdefault(row["profile"], []).append(row["reason"] if row["what"] == "-" else row["what"])
    drifted = [f"{name} has drifted ({', '.join(dict.fromkeys(what))})" for name, what in by_profile.items()]
    return f"profile {'; profile '.join([*drifted, *missing])}"


def _is_missing(row: Mapping[str, str]) -> bool:
    return (row["what"], row["expected"]) == ("-", APPLIED)


def _refused(row: Mapping[str, Any]) -> Difference:
    reason = f"{row['reason']}; {row['remedy']}"
    expected, found = _text(row["expected"]), _text(row["found"])
    what = _PIDS.sub("", row["what"])  # they differ from host to host
    if row["effect"] == REFUSED:
        return Difference(what, expected, found, "-", reason)
    return Difference(what, expected, "-", found, reason, NEXT_BOOT)


def _pending(result: Mapping[str, Any]) -> str:
    """Return the reason for differences at the next boot while a change is pending, empty if none is."""
    confirm = result.get("confirm") or {}
    return f"pending, can be confirmed until {confirm['deadline']}" if confirm.get("pending") else ""


def _sysctl_reason(row: Mapping[str, Any], pending: str) -> str:
    reasons = [row["reason"]] if row["reason"] else []
    if row["requested"] is None:
        return ", ".join([DROPPED, *reasons])
    if row["before"] != row["after"]:
        owners = f" (it is also set by {', '.join(row['owners'])})" if row.get("owners") else ""
        reasons.insert(0, f"running value differs{owners}")
    if row["boot_before"] != row["boot_after"] and row["status"] != SHADOWED:
        source = row.get("boot_source")
        reasons.append(pending or _boot_reason(source))
    return ", ".join(reasons)


def _boot_reason(source: Mapping[str, Any] | None) -> str:
    if source and source.get("reason"):
        return f"the value at boot is not known: {source['reason']}"
    return f"not set at the next boot{f': {_named(source)} wins' if source else ''}"


def _named(source: Mapping[str, Any]) -> str:
    """Return what sets a parameter at boot: the file and line, or a program."""
    place = f"{source['path']}:{source['line']}" if source["line"] else source["path"] or ""
    program = source.get("program")
    return f"{program} ({place})" if place and program else place or str(program)


def _text(value: Any) -> str:
    if not isinstance(value, Mapping):
        return "-" if value is None else str(value) or "(empty)"
    if {"soft", "hard"} & set(value):
        return ":".join("-" if value.get(part) is None else str(value[part]) for part in ("soft", "hard"))
    return " ".join(f"{constraint} {wanted}" for constraint, wanted in value.items())
