# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about open files: a process at its limit (EMFILE), the system at fs.file-max (ENFILE)."""

from __future__ import annotations

import math
from typing import Any, Mapping

from .facts import Facts
from .holders import hard_limit, process_evidence, processes, seconds_left, soft_limit
from .rule import CRITICAL, WARNING, Judgement, Note, Remedy, Rule, Thresholds, percent, severity_of, worst

# A leak that takes this share of the limit explains why it is reached.
_SHARE_OF_LEAK = 0.2


def _emfile(facts: Facts, bounds: Thresholds) -> Judgement | None:
    """Judge the process nearest to its soft limit."""
    if not facts.rows("nofile", "processes"):
        facts.need("processes")
    found = [(_near_limit(row, facts, bounds), row) for row in _limited(facts, bounds)]
    severity, row = max(found, key=lambda pair: (_rank(pair[0]), _share(pair[1]) or 0), default=(None, {}))
    if not severity:
        return None
    evidence = {**process_evidence(row), **_open_files(row)}
    causes = _leaks(evidence)
    return Judgement(severity, {**evidence, "raise_helps": causes != ("syn_sent",)}, causes)


EMFILE = Rule(
    id="emfile",
    title="{who} has {descriptors} of {nofile} files open: {percent} %",
    judge=_emfile,
    # warning, critical, growing: percent; from growing on it is a warning if the limit is reached within `seconds`.
    # limit: lower limits are those of sandboxes, which are meant to open nothing.
    thresholds={"warning": 90, "critical": 95, "growing": 70, "seconds": 900, "limit": 32},
    figures=(
        "{growth}/s",
        "limit in {left} at this rate",
        "{sockets} of them are TCP sockets, {close_wait} in CLOSE_WAIT",
        "{syn_sent} of them wait for an answer in SYN_SENT",
        "{ghosts} belong to connections that no longer exist",
        "its hard limit is {hard}",
    ),
    cause=(
        "At its soft limit a process gets EMFILE (too many open files): it cannot accept or make connections, or open"
        " a log."
    ),
    remedies=(
        Remedy(
            "nofile",
            "Raise the limit of {owner}, now and at its next start (tuning_nofile, tuning_services; fs.nr_open comes"
            " first).",
            only_if="raise_helps",
        ),
        Remedy(
            "application",
            "If the number only grows, descriptors leak: find out what they are before raising the limit.",
        ),
    ),
    avoid=("fs.file-max", "nofile_infinity"),
    sources=("002", "getrlimit(2)"),
)


def _limited(facts: Facts, bounds: Thresholds) -> list[dict[str, Any]]:
    return [row for row in processes(facts) if (soft_limit(row) or 0) >= bounds["limit"]]


def _near_limit(row: Mapping[str, Any], facts: Facts, bounds: Thresholds) -> str | None:
    share, left = _share(row), seconds_left(row)
    grows = left is not None and left <= bounds["seconds"] and _is_not_noise(row, facts.get("rates", "seconds"))
    return worst(severity_of(share, bounds), WARNING if grows and (share or 0) >= bounds["growing"] else None)


def _is_not_noise(row: Mapping[str, Any], seconds: float | None) -> bool:
    """Return whether it gained more than twice the deviation of a process that opens and closes at random."""
    return row["growth"]["descriptors"] * (seconds or 1) >= 2 * math.sqrt(row["descriptors"])


def _share(row: Mapping[str, Any]) -> float | None:
    return percent(row.get("descriptors"), soft_limit(row))


def _rank(severity: str | None) -> int:
    return (None, WARNING, CRITICAL).index(severity)


def _open_files(row: Mapping[str, Any]) -> dict[str, Any]:
    states = row.get("states")
    return {
        "hard": hard_limit(row),
        "percent": _share(row),
        "growth": row["growth"].get("descriptors"),
        "seconds_left": seconds_left(row),
        "sockets": sum(filter(None, states.values())) if states else None,
        "close_wait": (states or {}).get("CLOSE_WAIT"),
        "syn_sent": (states or {}).get("SYN_SENT"),
        "fin_wait2": (states or {}).get("FIN_WAIT2"),
        "ghosts": row.get("ghosts"),
    }


def _leaks(evidence: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the leaks that explain why the limit is reached; all kinds if only together they take enough of it."""
    minimum = _SHARE_OF_LEAK * (evidence["nofile"] or 0)
    leaks = {
        "close_wait": evidence["close_wait"] or 0,
        "ghost_descriptors": evidence["ghosts"] or 0,
        "syn_sent": evidence["syn_sent"] or 0,
        "fin_wait2_owned": evidence["fin_wait2"] or 0,
    }
    large = tuple(name for name in leaks if leaks[name] >= minimum)
    return large or (tuple(leaks) if sum(leaks.values()) >= minimum else ())


def _nofile_high(facts: Facts, bounds: Thresholds) -> dict[str, Any] | None:
    """Return the process with the highest share of its limit, if it is high."""
    found = [(_share(row) or 0, row) for row in _limited(facts, bounds)]
    share, row = max(found, key=lambda pair: pair[0], default=(0, {}))
    return {**process_evidence(row), "percent": share} if share >= bounds["count"] else None


NOFILE_HIGH = Note(
    id="nofile",
    text=(
        "{who} has {descriptors} of {nofile} files open, {percent} %: no problem unless it grows. Check again at the"
        " busiest hour."
    ),
    judge=_nofile_high,
    # count: percent. limit: as for emfile.
    thresholds={"count": 70, "limit": 32},
    unless=("emfile", "close_wait", "ghost_descriptors", "syn_sent", "fin_wait2_owned"),
)


def _enfile(facts: Facts, bounds: Thresholds) -> Judgement | None:
    """Judge the open files of the whole system, and name the process with most of them."""
    allocated, maximum = facts.need("nofile", "system", "allocated"), facts.need("nofile", "system", "file_max")
    severity = severity_of(percent(allocated, maximum), bounds)
    if not severity:
        return None
    rows = processes(facts)
    holder = max(rows, key=lambda row: row.get("descriptors") or 0, default=None)
    leaked = (facts.get("states", "CLOSE_WAIT") or 0) + sum(row.get("ghosts") or 0 for row in rows)
    evidence = {**_system(facts, allocated, maximum), **(process_evidence(holder) if holder else {})}
    return Judgement(severity, evidence, ("close_wait", "ghost_descriptors") if leaked * 2 >= allocated else ())


ENFILE = Rule(
    id="enfile",
    title="{allocated} of the system's {file_max} files are open: {percent} %",
    judge=_enfile,
    # warning, critical: percent of fs.file-max.
    thresholds={"warning": 70, "critical": 90},
    figures=("{growth}/s", "limit in {left} at this rate"),
    cause="At fs.file-max only root can open files; every other process gets ENFILE.",
    remedies=(
        Remedy("application", "Check the process that holds most of them: {who}."),
        Remedy(
            "sysctl",
            "Raise fs.file-max ({file_max} now) as a floor; never lower it.",
            profile="million_connections",
            keys=("fs.file-max",),
        ),
    ),
    avoid=("nofile_infinity",),
    sources=("000", "002", "proc_sys_fs(5)"),
)


def _system(facts: Facts, allocated: float, maximum: float) -> dict[str, Any]:
    growth = facts.get("nofile", "rates", "allocated")
    return {
        "allocated": allocated,
        "file_max": maximum,
        "percent": percent(allocated, maximum),
        "growth": growth,
        "seconds_left": max(0, int((maximum - allocated) / growth)) if growth and growth > 0 else None,
    }


RULES = (EMFILE, ENFILE)
NOTES = (NOFILE_HIGH,)
