# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The diagnosis: applies the rules to facts and orders their findings by cause and effect.

    {"findings": [{id, severity, primary, because_of, title, evidence, cause, remedies, avoid, sources}],
     "notes": [{id, text, evidence}], "unjudged": [{id, missing, reason}]}

The first finding is the primary one; a finding that another explains names it in because_of. A note needs no action.
missing are the paths of the missing facts.
"""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from .._tcp.subsets import SUBSET_OF_FACT
from . import rules
from .facts import Facts, facts_of
from .finding_text import filled, noted, remedies_of
from .rule import SEVERITIES, Judgement, Rule, worst
from .rules_path import parse_idle_timeout


def diagnose(
    given: Any,
    *,
    thresholds: Any = None,
    idle_timeout: Any = 0,
    additional: Sequence[tuple[Rule, Judgement]] = (),
) -> dict[str, Any]:
    """Return the diagnosis of facts. given: the facts, or the result of facts_of().

    idle_timeout: see rules_path.parse_idle_timeout(). additional: results of rules that are not in rules.py.

    Raises InvalidOption for unknown thresholds and an invalid timeout, MalformedInput for facts of another shape.
    """
    bounds = rules.thresholds(thresholds)
    facts = given if isinstance(given, Facts) else facts_of(given)
    facts.idle_timeout = parse_idle_timeout(idle_timeout)
    found: list[tuple[Rule, Judgement]] = []
    unjudged: list[dict[str, Any]] = []
    for rule in rules.RULES:
        facts.missing = []
        judgement = rule.judge(facts, bounds.get(rule.id, {}))
        if judgement:
            found.append((judgement.texts or rule, judgement))
        if facts.missing:
            unjudged.append(_unjudged(rule.id, facts))
    findings = _in_order([*found, *additional], facts)
    return {"findings": findings, "notes": _notes(facts, bounds, findings), "unjudged": unjudged}


def _in_order(found: list[tuple[Rule, Judgement]], facts: Facts) -> list[dict[str, Any]]:
    """Return the findings, the most urgent causes first, each followed by what it explains."""
    causes = _causes({rule.id: judgement for rule, judgement in found})
    severity = {rule.id: judgement.severity for rule, judgement in found}
    for name in severity:
        for cause in _chain(name, causes):
            severity[cause] = worst(severity[cause], severity[name]) or severity[cause]
    order = [rule.id for rule, _judgement in found]

    def sort_key(name: str) -> tuple:
        causes_of_name = _chain(name, causes)
        root = [name, *causes_of_name][-1]
        # The most urgent root cause first, then by the order of rules; after it, direct effects before indirect ones.
        return -SEVERITIES.index(severity[root]), order.index(root), len(causes_of_name), order.index(name)

    rows = {rule.id: (rule, judgement) for rule, judgement in found}
    findings = [_finding(*rows[name], severity[name], causes[name], facts) for name in sorted(rows, key=sort_key)]
    return [{**finding, "primary": number == 0} for number, finding in enumerate(findings)]


def _causes(judgements: Mapping[str, Judgement]) -> dict[str, str | None]:
    """Return for each finding the id of the one that explains it, or None; there are no cycles."""
    causes: dict[str, str | None] = dict.fromkeys(judgements)
    for name, judgement in judgements.items():
        for suspect in judgement.suspects:
            if suspect not in judgements or name in (suspect, *_chain(suspect, causes)):
                continue
            if _may_explain(judgements[suspect].evidence, judgement.evidence):
                causes[name] = suspect
                break
    return causes


def _chain(name: str, causes: Mapping[str, str | None]) -> list[str]:
    """Return the cause of a finding, the cause of that, and so on up to the root."""
    found: list[str] = []
    cause = causes[name]
    while cause:
        found.append(cause)
        cause = causes[cause]
    return found


def _may_explain(cause: Mapping[str, Any], effect: Mapping[str, Any]) -> bool:
    """Return whether both findings are about the same process or service, or may be, because it is not known."""
    names = ("unit", "pid")
    known = [(cause.get(name), effect.get(name)) for name in names if cause.get(name) and effect.get(name)]
    return not known or any(one == other for one, other in known)


def _finding(rule: Rule, judgement: Judgement, severity: str, cause: str | None, facts: Facts) -> dict[str, Any]:
    evidence = judgement.evidence
    return {
        "id": rule.id,
        "severity": severity,
        "primary": False,
        "because_of": cause,
        "title": filled(rule.title, evidence),
        "evidence": {name: value for name, value in evidence.items() if value is not None},
        "cause": filled(rule.cause, evidence),
        "remedies": remedies_of(rule, evidence, facts),
        "avoid": list(rule.avoid),
        "sources": list(rule.sources),
    }


def _notes(facts: Facts, bounds: Mapping[str, Any], findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ids = {finding["id"] for finding in findings}
    judged = ((note, note.judge(facts, bounds.get(note.id, {}))) for note in rules.NOTES if not ids & set(note.unless))
    return [noted(note, evidence) for note, evidence in judged if evidence]


def _unjudged(rule: str, facts: Facts) -> dict[str, Any]:
    missing = list(dict.fromkeys(facts.missing))
    reasons = dict.fromkeys(_reason(path, facts) for path in missing)
    return {"id": rule, "missing": missing, "reason": "; ".join(reasons)}


def _reason(path: str, facts: Facts) -> str:
    """Return why tcp_facts has no such fact, or how to gather it."""
    reasons = facts.reasons(path)
    if reasons:
        return f"{path}: {reasons[-1]}"
    first = path.partition(".")[0]
    if first == "rates":
        return f"{path} needs two samples (option sample)"
    if first in ("sysctl", "nofile"):
        return f"{path} is gathered by nettune.tcp.{first}_facts"
    if facts.get(first) is None:
        return f"{path} was not gathered (gather_subset {SUBSET_OF_FACT.get(first, first)})"
    return f"{path} is not among the facts"
