# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The findings of a fleet: a card for each cause, with the hosts that share it, then the hosts without findings."""

from __future__ import annotations

import json
from typing import Any, Iterable, Mapping, Sequence

from ...module_utils._common.errors import MalformedInput
from ...module_utils._diagnosis.engine import diagnose
from ...module_utils._diagnosis.rule import CRITICAL, SEVERITIES
from ..fleet import source
from ..fleet.document import one_line
from ..fleet.incidents import incidents
from ..fleet.unreachable import unreachable
from . import line
from .cached import cached
from .card import COLORS, Card, group_of
from .host_names import natural, short
from .incidents import Joined
from .line import DIM, OK, Line, Screen, count, paragraph
from .merged import Shared, shared
from .reasons import NOT_ROOT, missing, not_root
from .run import Run, missing_failures

_WIDE = 110
_HANGING = "    "
_LEFT_OUT = (NOT_ROOT, "facts", "at")

Host = Mapping[str, Any]


def draw(run: Run) -> Screen:
    """Return the screen of the playbook diagnose."""
    fleet = diagnosed(run)
    before = [*not_root(fleet["hosts"], width=run.width), *cached(run, fleet["hosts"])]
    fleet["incidents"] = incidents(fleet["hosts"], fleet.pop("silent"))
    fleet["hosts"] = [{key: host[key] for key in host if key not in _LEFT_OUT} for host in fleet["hosts"]]
    if run.options.get("nettune_format") == "json":
        lines = [Line(text) for text in json.dumps(fleet, indent=2, ensure_ascii=False).split("\n")]
    else:
        lines = cards(fleet, width=run.width, each=run.verbosity > 0, before=before)
    fail_on = run.options.get("nettune_fail_on") or []
    failures = {**_failures(fleet["hosts"], fail_on), **missing_failures(fleet, recording=run.recording)}
    return Screen(
        lines, failures, fleet, [row for host in fleet["hosts"] for row in _rows(host)] + _missing_rows(fleet)
    )


def diagnosed(run: Run) -> dict[str, Any]:
    """Return {hosts: [{host, findings, notes, unjudged, not_root, facts, at}], missing: [...], silent: [...]}.

    The hosts have diagnosed themselves; recorded or cached facts are diagnosed here.
    """
    if not run.options.get("nettune_from"):
        found = run.results()
        return {**found, "silent": unreachable(run.hostvars, found["missing"])}
    fleet = source.chosen(run.hostvars, run.hosts, run.options)
    found = {"hosts": [], "missing": list(fleet["missing"]), "silent": fleet.get("silent", [])}
    for row in fleet["hosts"]:
        host = {"host": row["host"], NOT_ROOT: row["not_root"], "facts": row["facts"], "at": row["at"]}
        try:
            result = diagnose(
                row["facts"],
                thresholds=run.options.get("nettune_thresholds"),
                idle_timeout=run.options.get("nettune_idle_timeout"),
            )
            found["hosts"].append({**host, **result})
        except MalformedInput as error:
            found["missing"].append({"host": row["host"], "unreachable": False, "reason": str(error)})
    return found


def lines(fleet: Mapping[str, Any]) -> list[str]:
    """Return cards() as text, as wide as a screen usually is."""
    return [each.text for each in cards(fleet, width=_WIDE)]


def cards(fleet: Mapping[str, Any], *, width: int, each: bool = False, before: Sequence[Line] = ()) -> list[Line]:
    """Return a card for each cause, the most urgent first, then the hosts without findings, and a summary.

    fleet: {hosts: [{host, findings, notes, unjudged}], missing: [{host, unreachable, reason}]}, and incidents if their
    facts could be joined. each: whether each host has cards of its own. before: lines to print after the cards.
    """
    hosts = sorted(fleet["hosts"], key=lambda host: natural(host["host"]))
    found: list[Line] = []
    for card in grouped(Joined(hosts, fleet.get("incidents", [])).hosts(), each=each):
        found += [*card.lines(width), Line("")]
    rest = [
        *_healthy([host["host"] for host in hosts if not host["findings"]], width),
        *_remarks("note", ((host["host"], note["text"]) for host in hosts for note in host["notes"]), width, each),
        *_remarks(
            "not judged",
            ((host["host"], text) for host in hosts for text in _unjudged(host, reasons=each)),
            width,
            each,
        ),
        *before,
        *missing(fleet["missing"], width=width, failed="not diagnosed"),
    ]
    return [*found, *rest, *([Line("")] if rest else []), *_summary(hosts, fleet["missing"], width)]


def grouped(hosts: Iterable[Host], *, each: bool) -> list[Card]:
    """Return the cards: causes of a higher severity first, then those that most often come first on their hosts."""
    groups: dict[tuple[str, ...], list[tuple[Host, Mapping[str, Any]]]] = {}
    order: dict[tuple[str, ...], tuple[int, int]] = {}
    for host in hosts:
        causes = [finding for finding in host["findings"] if not finding["because_of"]]
        for place, cause in enumerate(causes):
            group = (*group_of(cause), host["host"] if each else "")
            groups.setdefault(group, []).append((host, cause))
            before = order.get(group, (0, place))
            order[group] = (-SEVERITIES.index(cause["severity"]), min(before[1], place))
    ranked = sorted(groups, key=lambda group: (order[group], -len(groups[group])))
    return [Card(groups[group]) for group in ranked]


def _healthy(names: list[str], width: int) -> list[Line]:
    return paragraph(f"nothing found: {short(names)}", width=width, hanging=_HANGING, severity=OK) if names else []


def _remarks(label: str, sentences: Iterable[tuple[str, str]], width: int, each: bool) -> list[Line]:
    """Return a paragraph for each remark, with the hosts that share it."""
    groups = [Shared([host], text) for host, text in sentences] if each else shared(sentences)
    return [
        row
        for group in groups
        for row in paragraph(f"{label} on {short(group.hosts)}: {group.text}", width=width, hanging=_HANGING)
    ]


def _unjudged(host: Host, *, reasons: bool) -> list[str]:
    """Return the rules that could not be judged: one text for all of them, or one for each reason."""
    if not reasons:
        ids = ", ".join(row["id"] for row in host["unjudged"])
        return [f"{ids} (-v shows why)"] if ids else []
    by_reason: dict[str, list[str]] = {}
    for row in host["unjudged"]:
        by_reason.setdefault(one_line(row["reason"]), []).append(row["id"])
    return [f"{', '.join(ids)} ({reason})" for reason, ids in by_reason.items()]


def _summary(hosts: Sequence[Host], gone: Sequence[Any], width: int) -> list[Line]:
    severities = [host["findings"][0]["severity"] for host in hosts if host["findings"]]
    urgent = severities.count(CRITICAL)
    parts = [f"{len(severities)} of {count(len(hosts) + len(gone), 'host')} with findings"]
    parts += [f"{urgent} critical"] if urgent else []
    parts += [f"{len(gone)} not diagnosed"] if gone else []
    worst = max(severities, key=SEVERITIES.index, default=None)
    severity = line.CRITICAL if urgent or gone else OK if worst is None else COLORS.get(worst, DIM)
    return paragraph(", ".join(parts), width=width, hanging=_HANGING, severity=severity)


def _failures(hosts: Iterable[Host], fail_on: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the hosts that fail because of a finding whose severity is among `fail_on`."""
    failures = {}
    for host in hosts:
        found = [finding for finding in host["findings"] if finding["severity"] in fail_on]
        if found:
            more = f"; and {count(len(found) - 1, 'more finding')}" if len(found) > 1 else ""
            failures[host["host"]] = {"msg": f"{found[0]['severity']}: {found[0]['title']}{more}", "unreachable": False}
    return failures


def _rows(host: Host) -> list[dict[str, Any]]:
    names = ("id", "severity", "title", "cause", "because_of", "evidence")
    found = [{"host": host["host"], **{name: finding[name] for name in names}} for finding in host["findings"]]
    return found or [{"host": host["host"], **dict.fromkeys(names)}]


def _missing_rows(fleet: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"host": row["host"], "reason": row["reason"]} for row in fleet["missing"]]
