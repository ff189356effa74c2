# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The effect of each candidate of a trial: a table for one host, and a row for each host if there are several."""

from __future__ import annotations

from typing import Any, Callable, Iterable, Mapping, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._trial.analysis import BETTER, SAME, WORSE
from ansible_collections.nettune.tcp.plugins.module_utils._trial.report import number, signed
from ansible_collections.nettune.tcp.plugins.module_utils._trial.saved import ABORTED, PLANNED

from ..fleet import document
from . import reasons
from .host_names import natural, short
from .line import CRITICAL, DIM, OK, WARNING, Line, Row, Screen, count, paragraph, table
from .run import Run, missing_failures

_COLUMNS = ("CANDIDATE", "MEDIAN", "EXPECTED", "EFFECT", "NOISE", "VERDICT")
_COLOURS = {BETTER: OK, WORSE: WARNING}


def draw(run: Run) -> Screen:
    """Return the screen of the playbook trial."""
    fleet = run.results()
    hosts = sorted(fleet["hosts"], key=lambda host: natural(host["host"]))
    alone = len(hosts) == 1 and not fleet["missing"]
    lines: list[Line] = []
    for host in hosts if alone or run.verbosity > 0 else []:
        candidates = _candidates(host, run.width)
        lines += [*([] if alone or not candidates else [Line(f"{host['host']}:")]), *candidates]
        lines += [Line("")] if candidates else []
    measured = [host for host in hosts if host["status"] != PLANNED]
    lines += _verdict(measured[0], run.width) if alone and measured else _hosts(measured, run.width)
    lines += _saved(run, [host["host"] for host in measured])
    lines += _planned([host for host in hosts if host["status"] == PLANNED], run.width)
    lines += reasons.missing(fleet["missing"], width=run.width)
    lines += [Line(""), *_summary(hosts, fleet["missing"], run.width)]
    kept = [{key: host[key] for key in host if key != "table"} for host in hosts]
    return Screen(lines, missing_failures(fleet), {**fleet, "hosts": kept}, _rows(hosts, fleet["missing"]))


def _candidates(host: Mapping[str, Any], width: int) -> list[Line]:
    """Return the table of a host's candidates; no lines in check mode."""
    if host["status"] == PLANNED:
        return []
    medians = [row["median"] for row in host["baselines"] if row["median"] is not None]
    baseline = " to ".join(dict.fromkeys(map(number, (min(medians), max(medians))))) if medians else "-"
    rows = [Row((f"{host['before']} (before)", baseline, "-", "-", "-", "baseline"))]
    rows += [
        Row(
            (
                row["candidate"],
                number(row["median"]),
                number(row["expected"]),
                _effect(row),
                "-" if row["noise"] is None else f"±{number(row['noise'])}",
                row["reason"],
            ),
            _COLOURS.get(row["verdict"], ""),
        )
        for row in host["candidates"]
    ]
    return table(_COLUMNS, rows, width=width)


def _hosts(hosts: Iterable[Mapping[str, Any]], width: int) -> list[Line]:
    """Return a row for each host, with the effect of each candidate; hosts with equal rows share one."""
    hosts = list(hosts)
    values = list(dict.fromkeys(row["candidate"] for host in hosts for row in host["candidates"]))
    header = ("HOST", "BEFORE", *values, "BEST", "RESULT")
    rows = [
        Row((short(names), *row.cells), row.severity) for row, names in _by(hosts, lambda host: _host_row(host, values))
    ]
    return reasons.table(header, rows, width=width)


def _saved(run: Run, measured: Iterable[str]) -> list[Line]:
    """Return which of the results are those of an earlier run: their tasks changed nothing."""
    registered = str(run.args["registered"])
    names = [host for host in measured if not run.hostvars[host][registered].get("changed", True)]
    text = f"{short(names)}: the result of an earlier run; nettune_trial_again=true measures again"
    return paragraph(text, width=run.width, hanging="  ", severity=DIM) if names else []


def _planned(hosts: Iterable[Mapping[str, Any]], width: int) -> list[Line]:
    """Return what would be tried, once for hosts with the same plan."""
    return [
        line
        for verdict, names in _by(hosts, lambda host: host["verdict"])
        for line in paragraph(f"{short(names)}: {verdict}", width=width, hanging="  ")
    ]


def _by(hosts: Iterable[Mapping[str, Any]], key: Callable[[Mapping[str, Any]], Any]) -> list[tuple[Any, list[str]]]:
    """Return the names of the hosts for each key."""
    found: dict[Any, list[str]] = {}
    for host in hosts:
        found.setdefault(key(host), []).append(host["host"])
    return list(found.items())


def _host_row(host: Mapping[str, Any], values: Iterable[str]) -> Row:
    """Return the cells of a host behind its name."""
    by_value = {row["candidate"]: row for row in host["candidates"]}
    cells = [_short_effect(by_value[value]) if value in by_value else "-" for value in values]
    severity = OK if host["best"] is not None else WARNING if host["status"] == ABORTED else ""
    return Row((host["before"], *cells, host["best"] or "-", host["verdict"]), severity)


def _verdict(host: Mapping[str, Any], width: int) -> list[Line]:
    severity = OK if host["best"] is not None else WARNING if host["status"] == ABORTED else ""
    return paragraph(f"{host['host']}: {host['verdict']}", width=width, hanging="  ", severity=severity)


def _effect(row: Mapping[str, Any]) -> str:
    if row["effect"] is None:
        return "-"
    percent = "" if row["effect_percent"] is None else f" ({row['effect_percent']:+d}%)"
    return f"{signed(row['effect'])}{percent}"


def _short_effect(row: Mapping[str, Any]) -> str:
    if row["verdict"] == SAME:
        return "same"
    if row["effect"] is None:
        return "-"
    return signed(row["effect"]) if row["effect_percent"] is None else f"{row['effect_percent']:+d}%"


def _summary(hosts: Iterable[Mapping[str, Any]], missing: Sequence[Mapping[str, Any]], width: int) -> list[Line]:
    outcomes = [_outcome(host) for host in hosts]
    outcomes += ["unreachable" if row["unreachable"] else "failed" for row in missing]
    counts = {what: outcomes.count(what) for what in outcomes}
    text = ", ".join(f"{each} {what}" for what, each in counts.items())
    severity = CRITICAL if missing else DIM
    return paragraph(f"{count(len(outcomes), 'host')}: {text}", width=width, hanging="  ", severity=severity)


def _outcome(host: Mapping[str, Any]) -> str:
    if host["status"] == PLANNED:
        return "would run the trial"
    if host["best"] is not None:
        return f"best with {host['best']}"
    return ABORTED if host["status"] == ABORTED else "without a better candidate"


def _rows(hosts: Iterable[Mapping[str, Any]], missing: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return a row for each candidate of each host, and one for each host without a result."""
    fields = ("candidate", "median", "expected", "effect", "effect_percent", "noise", "verdict", "reason")
    rows = [
        {
            "host": host["host"],
            **{name: host[name] for name in ("key", "status", "before", "best")},
            **{name: row[name] for name in fields},
        }
        for host in hosts
        for row in host["candidates"]
    ]
    return rows + [{"host": row["host"], "reason": document.reason_of(row)} for row in missing]
