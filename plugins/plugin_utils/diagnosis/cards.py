# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incident cards: the diagnoses of hosts as lines of text to act on during an incident."""

from __future__ import annotations

import re
import textwrap
from typing import Any, Iterator, Mapping

from ...module_utils._diagnosis.finding_text import filled, peer_list, where, who
from ...module_utils._diagnosis.rule import SEVERITIES
from ...module_utils._diagnosis.rules import AVOID, RULES
from ..fleet.document import one_line

_WIDTH = 110
_LABEL = 10
_MAX_CAUSES = 3
_DAY = 86400
_ROLES = ("web", "squid", "mail", "client", "million_connections")
_NUMBERED = re.compile(r"\d\. ")
_FIELD = re.compile(r"\{(\w+)\}")
_FIGURES = {rule.id: rule.figures for rule in RULES}
# A figure of zero is left out, except for these.
_MAY_BE_ZERO = {
    "close_wait",
    "cookies_returned_per_second",
    "established",
    "keepalive",
    "segments_per_second",
    "time_wait",
}


def lines(fleet: Mapping[str, Any]) -> list[str]:
    """Return a card for each host with findings, the most urgent first, the other hosts, and a summary.

    fleet: {hosts: [{host, findings, notes, unjudged}], missing: [{host, unreachable, reason}]}. Hosts without findings,
    notes and unjudged rules share one line.
    """
    sick = sorted((host for host in fleet["hosts"] if host["findings"]), key=_urgency)
    quiet = sorted((host for host in fleet["hosts"] if not host["findings"]), key=lambda host: host["host"])
    missing = sorted(fleet["missing"], key=lambda row: row["host"])
    found = [line for host in sick for line in (*_card(host), "")]
    found += [*_quiet(quiet), *map(_missing, missing)]
    return [*found, *([""] if quiet or missing else []), _summary(sick, quiet, missing)]


def figures(rule: str, evidence: Mapping[str, Any]) -> list[str]:
    """Return how bad it is, in a few words each; for an additional rule all of its evidence except lists."""
    known = {**evidence, "left": _duration(evidence.get("seconds_left"))}
    if rule not in _FIGURES:
        return [f"{name}: {value}" for name, value in evidence.items() if not isinstance(value, (list, dict))]
    return [
        _signed(text, known) for text in _FIGURES[rule] if all(_is_shown(name, known) for name in _FIELD.findall(text))
    ]


def _urgency(host: Mapping[str, Any]) -> tuple:
    return (-SEVERITIES.index(host["findings"][0]["severity"]), -len(host["findings"]), host["host"])


def _card(host: Mapping[str, Any]) -> Iterator[str]:
    findings = host["findings"]
    causes = [finding for finding in findings if not finding["because_of"]]
    for number, cause in enumerate(causes[:_MAX_CAUSES]):
        yield from textwrap.wrap(
            f"{host['host']}  {cause['severity'].upper()}{'' if number == 0 else ', too'}: {cause['title']}",
            _WIDTH,
            subsequent_indent="    ",
        )
        yield from _section(cause, _effects(cause["id"], findings))
    for cause in causes[_MAX_CAUSES:]:
        yield from _line("also", f"{cause['title']} ({cause['severity']}, {cause['id']})")
    for note in host["notes"]:
        yield from _line("note", note["text"])
    if host["unjudged"]:
        yield from _line("unjudged", "; ".join(f"{row['id']} ({one_line(row['reason'])})" for row in host["unjudged"]))


def _section(finding: Mapping[str, Any], effects: list[Mapping[str, Any]]) -> Iterator[str]:
    evidence = finding["evidence"]
    yield from _line("how bad", "; ".join(figures(finding["id"], evidence)))
    yield from _line("who", "; ".join(_who(evidence)))
    yield from _line("why", finding["cause"])
    for effect in effects:
        yield from _line("leads to", f"{effect['title']} ({effect['id']})")
    for number, remedy in enumerate(finding["remedies"], start=1):
        yield from _line("do" if number == 1 else "", f"{number}. {remedy['text']}{_managed_by(remedy)}")
    for number, name in enumerate(finding["avoid"]):
        yield from _line("do not" if number == 0 else "", AVOID.get(name, name))


def _effects(cause: str, findings: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the findings that a cause explains, directly or through others."""
    found = {cause}
    for finding in findings:
        if finding["because_of"] in found:
            found.add(finding["id"])
    return [finding for finding in findings if finding["id"] in found - {cause}]


def _who(evidence: Mapping[str, Any]) -> Iterator[str]:
    if evidence.get("pid"):
        yield who(evidence)
    if evidence.get("destination"):
        yield f"from {evidence.get('source')} to {evidence['destination']} port {evidence.get('port')}"
    elif evidence.get("port") is not None:
        yield f"{'listens on' if evidence.get('backlog') else 'at port'} {where(evidence).lstrip(':')}"
    if evidence.get("peers"):
        yield f"peers {peer_list(evidence)}"


def _managed_by(remedy: Mapping[str, Any]) -> str:
    """Return the role or set of remedies that manages the parameters, if there is one."""
    profile = remedy["profile"]
    if not profile:
        return ""
    return f" (role nettune.tcp.{profile})" if profile in _ROLES else f" (tuning_remedies: [{profile}])"


def _is_shown(name: str, known: Mapping[str, Any]) -> bool:
    value = known.get(name)
    return value is not None and (bool(value) or name in _MAY_BE_ZERO)


def _signed(text: str, known: Mapping[str, Any]) -> str:
    growth = known.get("growth") or 0
    return filled(text, {**known, "growth": f"{growth:+.3g}"})


def _duration(seconds: float | None) -> str | None:
    """Return for example `45 seconds`, `12 minutes`, `3 hours`; None if it is unknown or more than a day.

    >>> _duration(754)
    '12 minutes'
    """
    if seconds is None or seconds > _DAY:
        return None
    for length, unit in ((7200, 3600), (120, 60)):
        if seconds >= length:
            return f"{int(seconds // unit)} {'hours' if unit == 3600 else 'minutes'}"
    return f"{int(seconds)} seconds"


def _line(label: str, text: str) -> list[str]:
    """Return the text behind its label, wrapped; no lines for an empty text."""
    indent = " " * (_LABEL + 4)
    hanging = indent + ("   " if _NUMBERED.match(text) else "")
    return textwrap.wrap(text, _WIDTH, initial_indent=f"    {label:<{_LABEL}}", subsequent_indent=hanging)


def _quiet(hosts: list[Mapping[str, Any]]) -> Iterator[str]:
    """Yield one line for all hosts without notes and unjudged rules, and one for each other host."""
    silent = [host["host"] for host in hosts if not (host["notes"] or host["unjudged"])]
    if silent:
        yield from textwrap.wrap(f"nothing found: {', '.join(silent)}", _WIDTH, subsequent_indent="    ")
    for host in hosts:
        if host["host"] not in silent:
            notes = [note["text"] for note in host["notes"]]
            notes += [f"not judged: {', '.join(row['id'] for row in host['unjudged'])}"] if host["unjudged"] else []
            yield from textwrap.wrap(
                f"{host['host']}  nothing found; {' '.join(notes)}", _WIDTH, subsequent_indent="    "
            )


def _missing(row: Mapping[str, Any]) -> str:
    return f"{row['host']}  {'unreachable' if row['unreachable'] else 'not diagnosed'}: {row['reason']}"


def _summary(sick: list[Any], quiet: list[Any], missing: list[Any]) -> str:
    total = len(sick) + len(quiet) + len(missing)
    urgent = sum(1 for host in sick if host["findings"][0]["severity"] == SEVERITIES[-1])
    parts = [f"{len(sick)} of {total} host{'' if total == 1 else 's'} with findings"]
    parts += [f"{urgent} of them critical"] if urgent else []
    parts += [f"{len(missing)} not diagnosed"] if missing else []
    return ", ".join(parts)
