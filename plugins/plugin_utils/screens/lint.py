# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdicts on the settings of a file, by severity; hosts with the same report share it."""

from __future__ import annotations

import json
import os
from typing import Any, Iterable, Mapping, Sequence

from ...module_utils._diagnosis import rule
from ..lint.row import OK as FINE
from ..lint.row import SEVERITY, counts
from . import line
from .host_names import natural, short
from .line import DIM, Line, Screen, count, paragraph
from .reasons import missing
from .run import Run, missing_failures

_WIDE = 110
_COLORS = {rule.CRITICAL: line.CRITICAL, rule.WARNING: line.WARNING, FINE: line.OK}
_ORDER = (*reversed(rule.SEVERITIES), FINE)
_LOCAL = "localhost"
_HANGING = "    "
# Lines without settings, and numbers of lines that are ok, that are shown without -v.
_FEW, _MANY = 10, 200

Setting = Mapping[str, Any]


def draw(run: Run) -> Screen:
    """Return the screen of the playbook lint. The result of each host is what lint_host returns."""
    path = str(run.options["nettune_file"])
    fleet = {"file": path, **run.results()}
    if run.options.get("nettune_format") == "json":
        lines = [Line(text) for text in json.dumps(fleet, indent=2, ensure_ascii=False).split("\n")]
    else:
        lines = _reports(fleet, width=run.width, details=run.verbosity > 0)
    asked = frozenset(run.options["nettune_fail_on"])
    failures = {host["host"]: _failure(host["settings"], path, asked) for host in fleet["hosts"]}
    failures = {host: {"msg": text, "unreachable": False} for host, text in failures.items() if text}
    rows = [{"host": host["host"], **setting} for host in fleet["hosts"] for setting in host["settings"]]
    rows += [{"host": row["host"], "reason": row["reason"]} for row in fleet["missing"]]
    return Screen(lines, {**failures, **missing_failures(fleet)}, fleet, rows)


def lines(settings: Sequence[Setting]) -> list[str]:
    """Return the report on one text and a summary, as text as wide as a screen usually is."""
    text = _need_fixing(settings, "") if settings else "no settings"
    return [each.text for each in [*report(settings, width=_WIDE, details=True), Line(text)]]


def report(settings: Iterable[Setting], *, width: int, details: bool) -> list[Line]:
    """Return the settings of a file by severity, with an empty line after each severity.

    settings: rows of the linter. details: whether settings that are ok are listed too, with remarks on them.
    """
    by_severity: dict[str, list[Setting]] = {severity: [] for severity in _ORDER}
    for setting in settings:
        by_severity[SEVERITY[setting["verdict"]]].append(setting)
    lines: list[Line] = []
    for severity, found in by_severity.items():
        if severity == FINE and found and not details:
            lines += paragraph(f"OK: {_numbers(found)}", width=width, hanging=_HANGING, severity=line.OK)
        elif found:
            lines.append(Line(severity.upper(), _COLORS.get(severity, "")))
            lines += [row for one in found for row in _setting(one, width, _COLORS.get(severity, ""))]
        lines += [Line("")] if found else []
    return lines


def _numbers(settings: Sequence[Setting]) -> str:
    """Return for example `lines 1, 2, 3 and 7 more`."""
    total = _total(settings)
    shown = [str(one["line"]) for one in settings[:_MANY] if "count" not in one]
    rest = f" and {total - len(shown)} more" if total > len(shown) else ""
    return f"line{'s' if total > 1 else ''} {', '.join(shown)}{rest}"


def _setting(setting: Setting, width: int, severity: str) -> list[Line]:
    """Return the lines of a setting: where it is and its verdict, then the reason and what to write."""
    if "count" in setting:
        return paragraph(f"{setting['verdict']}: {setting['message']}", width=width, indent="  ", severity=severity)
    verdict = "" if setting["verdict"] == FINE else f"{setting['verdict']}: "
    heading = f"line {setting['line']}  {verdict}{setting['key']} = {setting['value']}".rstrip()
    lines = paragraph(heading, width=width, indent="  ", hanging=" " * 6, severity=severity)
    lines += paragraph(setting["message"], width=width, indent=" " * 6) if setting["message"] else []
    for suggestion in filter(None, setting["suggestion"].split("\n")):
        lines += paragraph(f"→ {suggestion}", width=width, indent=" " * 6, hanging=" " * 8)
    return lines


def _reports(fleet: Mapping[str, Any], *, width: int, details: bool) -> list[Line]:
    """Return a report for each group of hosts with the same settings, the missing hosts and a summary."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for host in sorted(fleet["hosts"], key=lambda host: natural(host["host"])):
        groups.setdefault(json.dumps(host["settings"], sort_keys=True), []).append(host)
    found: list[Line] = []
    for hosts in groups.values():
        names = [host["host"] for host in hosts]
        if hosts[0]["settings"] and (names != [_LOCAL] or len(groups) > 1):
            found += paragraph(f"{short(names)}:", width=width, hanging=_HANGING)
        found += report(hosts[0]["settings"], width=width, details=details)
    found += _other_lines(fleet["hosts"], width=width, details=details)
    if fleet["missing"]:
        found += [*missing(fleet["missing"], width=width, failed="not checked"), Line("")]
    worst = _worst(setting for host in fleet["hosts"] for setting in host["settings"])
    severity = line.CRITICAL if fleet["missing"] else _COLORS.get(worst, DIM)
    return [*found, *paragraph(_summary(fleet), width=width, hanging=_HANGING, severity=severity)]


def _other_lines(hosts: Sequence[Mapping[str, Any]], *, width: int, details: bool) -> list[Line]:
    """Return the lines of the file that are neither settings nor comments; without details at most a few of them."""
    others = hosts[0].get("other_lines", []) if hosts else []
    shown = others if details else others[:_FEW]
    found = [Line("OTHER LINES", DIM)] if others else []
    for one in shown:
        found += paragraph(
            f"line {one['line']}  {one['text']}", width=width, indent="  ", hanging=" " * 6, severity=DIM
        )
    rest = (hosts[0].get("other_line_count", len(others)) if hosts else 0) - len(shown)
    hint = "" if details else " (-v lists more of them)" if len(others) - len(shown) < rest else " (-v lists them all)"
    found += [Line(f"  and {rest} more{hint}", DIM)] if rest else []
    counts = _lines_of(hosts)
    found += [Line("")] if found else []
    return [*found, *(paragraph(counts, width=width, severity=DIM) if counts else [])]


def _lines_of(hosts: Sequence[Mapping[str, Any]]) -> str:
    """Return for example `8 settings, 3 comments, 1 other line`; nothing if the lines were not counted."""
    if not hosts or "comments" not in hosts[0]:
        return ""
    first = hosts[0]
    counts = (
        count(_total(first["settings"]), "setting"),
        count(first["comments"], "comment"),
        count(first["other_line_count"], "other line"),
    )
    return ", ".join(counts)


def _worst(settings: Iterable[Setting]) -> str:
    return min((SEVERITY[setting["verdict"]] for setting in settings), key=_ORDER.index, default=rule.CRITICAL)


def _summary(fleet: Mapping[str, Any]) -> str:
    hosts, name = fleet["hosts"], os.path.basename(fleet["file"])
    text = _of_hosts(hosts, name)
    unchecked = f"{count(len(fleet['missing']), 'host')} not checked" if fleet["missing"] else ""
    return "; ".join(filter(None, (text, unchecked)))


def _of_hosts(hosts: Sequence[Mapping[str, Any]], name: str) -> str:
    texts = {_need_fixing(host["settings"], f" in {name}") for host in hosts}
    if len(texts) > 1:
        bad = sum(1 for host in hosts if _bad(host["settings"]))
        return f"Settings in {name} need fixing on {bad} of {count(len(hosts), 'host')}"
    names = [host["host"] for host in hosts]
    where = "" if names == [_LOCAL] else f" on {names[0] if len(names) == 1 else count(len(names), 'host')}"
    return "".join(f"{text}{where}" for text in texts)


def _need_fixing(settings: Sequence[Setting], where: str) -> str:
    """Return for example `5 of 8 settings in sysctl.conf need fixing`."""
    bad, total = _bad(settings), count(_total(settings), "setting")
    if not settings:
        return f"No kernel parameter settings{where}"
    if not bad:
        return f"{total}{where}, all ok" if _total(settings) > 1 else f"{total}{where}, ok"
    return f"{bad} of {total}{where} {'needs' if bad == 1 else 'need'} fixing"


def _bad(settings: Iterable[Setting]) -> int:
    return sum(number for verdict, number in counts(settings).items() if verdict != FINE)


def _total(settings: Iterable[Setting]) -> int:
    return sum(counts(settings).values())


def _failure(settings: Sequence[Setting], path: str, fail_on: frozenset[str]) -> str:
    """Return why a host fails, or nothing. fail_on: verdicts and severities."""
    if not settings:
        return f"{path} contains no kernel parameter settings."
    failing = _total(one for one in settings if fail_on & {one["verdict"], SEVERITY[one["verdict"]]})
    if not failing:
        return ""
    one, more = ("matches", "match") if failing < _bad(settings) else ("needs", "need")
    what = "nettune_fail_on" if failing < _bad(settings) else "fixing"
    where = f"{failing} of {count(_total(settings), 'setting')} in {path}"
    return f"{where} {one if failing == 1 else more} {what} (see the report above)."
