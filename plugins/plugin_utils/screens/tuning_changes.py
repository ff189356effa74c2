# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the results of sysctl_profile and nofile_limits say about a host: changes, notes, files and counts."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._common.status import (
    CHANGED,
    REFUSED,
    SHADOWED,
    SKIPPED,
)

from .tuning_words import in_role_terms

_DEFAULT = "default"
_NOT_INSTALLED = "not installed"
# Kinds of notes that say the same in each run; they are counted in the summary.
REPEATED = (_NOT_INSTALLED, "")

Result = Mapping[str, Any]


class Change(NamedTuple):
    """A kernel parameter or an open-file limit before and after. boot: at the next boot; empty for limits."""

    what: str
    before: str
    after: str
    boot: str = ""


class Note(NamedTuple):
    """What else has to be said. kind: the word in front, such as `skipped`, or empty; text: the reason, or empty."""

    kind: str
    what: str
    text: str = ""


class Part(NamedTuple):
    """What one module did, or would do in check mode.

    files: paths by `write` or `remove`. counts: of a kind of row, by name; see _sysctl_counts and _nofile_counts.
    """

    changes: tuple[Change, ...] = ()
    notes: tuple[Note, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    counts: Mapping[str, int] = {}


def of_sysctl(result: Result, remedy_sets: Mapping[str, Any], remedies: Iterable[str]) -> Part:
    """Return what sysctl_profile did. remedy_sets: those that tuning_remedies can name; remedies: those it names."""
    rows = result.get("settings") or []
    dropped = [row for row in rows if row["requested"] is None and row["status"] == CHANGED]
    sets = _dropped_sets(dropped, remedy_sets, remedies)
    changes = tuple(_parameter(row) for row in rows if row["status"] in (CHANGED, SHADOWED) and _moves(row))
    notes = [
        Note(row["status"], row["key"], _reason(row)) for row in rows if row["status"] != REFUSED and row.get("reason")
    ]
    notes += [_dropped_note(row, sets.get(row["key"], "")) for row in dropped]
    notes += [Note(f"also set by {owner}", row["key"]) for row in rows for owner in row.get("owners") or []]
    notes += [
        Note("hazard accepted", one["key"], one["text"]) for one in result.get("hazards") or [] if one["accepted"]
    ]
    return Part(changes, tuple(notes), _files(result), _sysctl_counts(rows))


def of_nofile(result: Result, *, best_effort: bool) -> Part:
    """Return what nofile_limits did. best_effort: whether refused limits are accepted, so that they are only noted."""
    starts = [*result.get("services", ()), *result.get("users", ())]
    processes = [row for row in result.get("processes", ()) if row["status"] == CHANGED]
    changes = [
        Change(_start(row), limit(row["before"]), limit(row["after"])) for row in starts if row["status"] == CHANGED
    ]
    changes += [
        Change(f"{row['name']} of {row['unit']}", limit(row["before"]), limit(row["after"])) for row in processes
    ]
    notes = [Note(row["status"], _start(row), row["reason"]) for row in starts if row["status"] == SHADOWED]
    notes += [Note("restart needed", row["service"], row["restart"]) for row in starts if row.get("restart")]
    notes += [_not_applicable(row) for row in result.get("not_applicable", ())]
    if best_effort:
        notes += [Note("not reached", refused_what(row), refused_text(row)) for row in result.get("refused", ())]
    return Part(tuple(dict.fromkeys(changes)), tuple(notes), _files(result), _nofile_counts(result))


def limit(value: Mapping[str, Any] | None) -> str:
    """Return a limit as soft:hard."""
    return f"{value['soft']}:{value['hard']}" if value else "-"


def refused_what(row: Mapping[str, Any]) -> str:
    """Return what a refused limit belongs to, without the IDs of its processes, which differ between hosts."""
    name, bracket, rest = str(row["what"]).partition("[")
    return f"{name}{rest.partition(']')[2]}" if bracket else name


def refused_text(row: Mapping[str, Any]) -> str:
    """Return how a refused limit differs from the requested one, and why."""
    return f"{limit(row['found'])} instead of {limit(row['expected'])}: {row['reason']}"


def rows(sysctl: Result, nofile: Result) -> list[dict[str, Any]]:
    """Return the rows of both results for nettune_output: kind, what, before, after, boot, status and reason."""
    found = [
        {
            "kind": "sysctl",
            "what": row["key"],
            "before": row["before"],
            "after": row["after"],
            "boot": row["boot_after"],
            "status": row["status"],
            "reason": _reason(row),
        }
        for row in sysctl.get("settings") or []
    ]
    limits = [*nofile.get("services", ()), *nofile.get("users", ()), *nofile.get("processes", ())]
    found += [
        {
            "kind": "nofile",
            "what": f"{row['name']} of {row['unit']}" if "unit" in row else _start(row),
            "before": limit(row["before"]),
            "after": limit(row["after"]),
            "boot": None,
            "status": row["status"],
            "reason": row.get("reason") or "",
        }
        for row in limits
    ]
    return found + [
        {
            "kind": "nofile",
            "what": row["what"],
            "before": limit(row["found"]),
            "after": limit(row["found"]),
            "boot": None,
            "status": row["effect"],
            "reason": refused_text(row),
        }
        for row in nofile.get("refused", ())
    ]


def _sysctl_counts(rows: list[Result]) -> dict[str, int]:
    """Return {parameters, changed, changed_at_boot, skipped, restored}.

    changed_at_boot: those of the changed ones that only change at the next boot. restored: no longer in the profile.
    """
    moving = [row for row in rows if row["status"] in (CHANGED, SHADOWED) and _moves(row)]
    return {
        "parameters": sum(row["requested"] is not None for row in rows),
        "changed": sum(row["requested"] is not None for row in moving),
        "changed_at_boot": sum(row["requested"] is not None and row["before"] == row["after"] for row in moving),
        "skipped": sum(row["status"] == SKIPPED for row in rows),
        "restored": sum(row["requested"] is None for row in moving),
    }


def _nofile_counts(result: Result) -> dict[str, int]:
    """Return {services, missing_services, raised, limits, refused}; limits: those that have the floor, or get it."""
    services = result.get("services", ())
    starts = [*services, *result.get("users", ())]
    raised = {_start(row) for row in starts if row["status"] == CHANGED}
    raised |= {f"{row['name']} of {row['unit']}" for row in result.get("processes", ()) if row["status"] == CHANGED}
    return {
        "services": len(services),
        "missing_services": sum(row["status"] == SKIPPED for row in services),
        "raised": len(raised),
        "limits": sum(row["status"] != SKIPPED for row in starts) + len(result.get("processes", ())),
        "refused": len(result.get("refused", ())),
    }


def _parameter(row: Result) -> Change:
    absent = "not known" if row.get("boot_reason") else _DEFAULT
    boot = _value(row["boot_after"], absent)
    if row["boot_before"] != row["boot_after"]:
        boot = f"{_value(row['boot_before'], absent)} -> {boot}"
    return Change(row["key"], _value(row["before"], "-"), _value(row["after"], "-"), boot)


def _moves(row: Result) -> bool:
    return (row["before"], row["boot_before"]) != (row["after"], row["boot_after"])


def _value(value: str | None, absent: str) -> str:
    return absent if value is None else value or "(empty)"


def _reason(row: Result) -> str:
    """Return the reason of a row without its key in front."""
    text = str(row.get("reason") or "")
    start = f"{row['key']}: "
    return in_role_terms(text[len(start) :] if text.startswith(start) else text)


def _dropped_sets(dropped: list[Result], remedy_sets: Mapping[str, Any], remedies: Iterable[str]) -> dict[str, str]:
    """Return the name of the set of tuning_remedies that a restored parameter was set by, by parameter.

    A set is one if it is no longer given and had, for each of its restored parameters, the value until now.
    """
    values = {row["key"]: row["before"] for row in dropped}
    found: dict[str, str] = {}
    for name, settings in remedy_sets.items():
        mine = values.keys() & settings.keys()
        if name not in remedies and mine and all(_set_by(settings[key], values[key]) for key in mine):
            found.update({key: name for key in mine if key not in found})
    return found


def _set_by(setting: Mapping[str, Any], value: str | None) -> bool:
    return str(setting["value"]) == value if "value" in setting else True


def _dropped_note(row: Result, remedy: str) -> Note:
    move = f"{_value(row['before'], '-')} -> {_value(row['after'], '-')} (original)"
    kind = f"tuning_remedies: {remedy} no longer given" if remedy else "no longer in the profile"
    return Note(kind, f"{row['key']} {move}")


def _start(row: Result) -> str:
    return f"next start of {row['service']}" if "service" in row else f"next login of {row['user']}"


def _not_applicable(row: Result) -> Note:
    if row["reason"] == _NOT_INSTALLED:
        return Note(_NOT_INSTALLED, row["what"])
    return Note("", row["what"], in_role_terms(row["reason"]))


def _files(result: Result) -> tuple[tuple[str, str], ...]:
    return tuple(("remove" if row["status"] == "removed" else "write", row["path"]) for row in result.get("files", ()))
