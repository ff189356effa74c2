# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about open files: a process at its limit (EMFILE), the system at fs.file-max (ENFILE)."""

from __future__ import annotations

import math
from typing import Any, Mapping

from .facts import Facts
from .holders import named, processes, seconds_left
from .rule import CRITICAL, WARNING, Judgement, Note, Remedy, Rule, above, percent, worst

# A leak that takes so much of a limit is why it is met.
_OF_LIMIT = 0.2


def emfile(facts: Facts, bounds: Mapping[str, float]) -> Judgement | None:
    """The process nearest to its soft limit."""
    if not facts.rows("nofile", "processes"):
        facts.need("processes")
    found = [(_near(row, facts, bounds), row) for row in _limited(facts, bounds)]
    severity, row = max(found, key=lambda pair: (_rank(pair[0]), _share(pair[1]) or 0), default=(None, {}))
    if not severity:
        return None
    evidence = {**named(row), **_of(row)}
    return Judgement(severity, evidence, _leaks(evidence))


def _limited(facts: Facts, bounds: Mapping[str, float]) -> list[dict[str, Any]]:
    """Sandboxes want nothing opened, and have a limit to match."""
    return [row for row in processes(facts) if (named(row)["nofile"] or 0) >= bounds["limit"]]


def _near(row: Mapping[str, Any], facts: Facts, bounds: Mapping[str, float]) -> str | None:
    share, left = _share(row), seconds_left(row)
    grows = left is not None and left <= bounds["seconds"] and _is_no_noise(row, facts.get("rates", "seconds"))
    return worst(above(share, bounds), WARNING if grows and (share or 0) >= bounds["growing"] else None)


def _is_no_noise(row: Mapping[str, Any], seconds: float | None) -> bool:
    """Whether it gained more than a process that opens and closes at random would have: twice the deviation."""
    return row["growth"]["descriptors"] * (seconds or 1) >= 2 * math.sqrt(row["descriptors"])


def _share(row: Mapping[str, Any]) -> float | None:
    return percent(row.get("descriptors"), named(row)["nofile"])


def _rank(severity: str | None) -> int:
    return (None, WARNING, CRITICAL).index(severity)


def _of(row: Mapping[str, Any]) -> dict[str, Any]:
    states = row.get("states")
    return {
        "hard": (row.get("nofile") or row).get("hard"),
        "percent": _share(row),
        "growth": row["growth"].get("descriptors"),
        "seconds_left": seconds_left(row),
        "sockets": sum(filter(None, states.values())) if states else None,
        "close_wait": (states or {}).get("CLOSE_WAIT"),
        "ghosts": row.get("ghosts"),
    }


def _leaks(evidence: Mapping[str, Any]) -> tuple[str, ...]:
    """What takes so much of the limit that it explains why it is met; both kinds where only together they do."""
    least = _OF_LIMIT * (evidence["nofile"] or 0)
    leaks = {"close_wait": evidence["close_wait"] or 0, "ghost_descriptors": evidence["ghosts"] or 0}
    large = tuple(name for name in leaks if leaks[name] >= least)
    return large or (tuple(leaks) if sum(leaks.values()) >= least else ())


def nofile_high(facts: Facts, bounds: Mapping[str, float]) -> dict[str, Any] | None:
    """A process that is high, but not near, and does not grow as far as is known."""
    found = [(_share(row) or 0, row) for row in _limited(facts, bounds)]
    share, row = max(found, key=lambda pair: pair[0], default=(0, {}))
    return {**named(row), "percent": share} if share >= bounds["count"] else None


def enfile(facts: Facts, bounds: Mapping[str, float]) -> Judgement | None:
    """The files of the whole system, and who holds most of them."""
    allocated, most = facts.need("nofile", "system", "allocated"), facts.need("nofile", "system", "file_max")
    severity = above(percent(allocated, most), bounds)
    if not severity:
        return None
    rows = processes(facts)
    holder = max(rows, key=lambda row: row.get("descriptors") or 0, default=None)
    leaked = (facts.get("states", "CLOSE_WAIT") or 0) + sum(row.get("ghosts") or 0 for row in rows)
    evidence = {**_of_system(facts, allocated, most), **(named(holder) if holder else {})}
    return Judgement(severity, evidence, ("close_wait", "ghost_descriptors") if leaked * 2 >= allocated else ())


def _of_system(facts: Facts, allocated: float, most: float) -> dict[str, Any]:
    growth = facts.get("nofile", "rates", "allocated")
    return {
        "allocated": allocated,
        "file_max": most,
        "percent": percent(allocated, most),
        "growth": growth,
        "seconds_left": max(0, int((most - allocated) / growth)) if growth and growth > 0 else None,
    }


EMFILE = Rule(
    id="emfile",
    title="{who} has {descriptors} of {nofile} files open: {percent} %",
    judge=emfile,
    # growing: percent from which on it is a warning if the limit is reached within so many seconds. limit: lower ones
    # are those of sandboxes, which want nothing opened.
    thresholds={"warning": 90, "critical": 95, "growing": 70, "seconds": 900, "limit": 32},
    cause=(
        "At its soft limit a process gets EMFILE, `too many open files`: it can neither accept, connect nor open a log."
    ),
    remedies=(
        Remedy(
            "nofile",
            "Raise the limit of {owner}, running and at its next start (tuning_nofile, tuning_services; "
            "fs.nr_open goes first).",
        ),
        Remedy(
            "application",
            "If the number only ever grows descriptors leak: look at what they are before the limit is raised.",
        ),
    ),
    avoid=("fs.file-max", "nofile_infinity"),
    sources=("002", "getrlimit(2)"),
)

ENFILE = Rule(
    id="enfile",
    title="{allocated} of the system's {file_max} files are open: {percent} %",
    judge=enfile,
    thresholds={"warning": 70, "critical": 90},
    cause="At fs.file-max nobody but root can open anything more: every process gets ENFILE.",
    remedies=(
        Remedy("application", "Look at who holds most of them: {who}."),
        Remedy(
            "sysctl",
            "Raise fs.file-max ({file_max} now), as a floor: never to less than it has.",
            profile="million_connections",
            keys=("fs.file-max",),
        ),
    ),
    avoid=("nofile_infinity",),
    sources=("000", "002", "proc_sys_fs(5)"),
)

NOFILE_HIGH = Note(
    id="nofile",
    text=(
        "{who} has {descriptors} of {nofile} files open, {percent} %: no alarm while it does not grow. Watch "
        "it at the busy hour."
    ),
    judge=nofile_high,
    thresholds={"count": 70, "limit": 32},
    unless=("emfile", "close_wait", "ghost_descriptors"),
)

RULES = (
    EMFILE,
    ENFILE,
)
NOTES = (NOFILE_HIGH,)
