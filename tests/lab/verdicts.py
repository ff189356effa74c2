# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a diagnosis is held against: nothing on a healthy host, on a sick one a primary finding with its figures."""

from __future__ import annotations

from typing import Any, Collection, Mapping, NamedTuple

# What cannot be judged in a network namespace: tcp_mem is the machine's, and conntrack may not be loaded.
_NOT_HERE = {"tcp_memory", "conntrack"}


def healthy(diagnosis: Mapping[str, Any]) -> list[str]:
    """Complaints where anything was found, or was not looked for; none where nothing was found."""
    alarms = [f"a false alarm: {_named(finding)}" for finding in diagnosis["findings"]]
    return alarms + _unjudged(diagnosis)


class Expected(NamedTuple):
    """The primary finding there is to be, and its figures.

    drags: {id of another finding: id of the one that is to explain it}. remedies, never: what is to be, and what must
    not be, among the profiles that the finding points to.
    """

    finding: str
    figures: Mapping[str, Any]
    drags: Mapping[str, str] = {}
    remedies: Collection[str] = ()
    never: Collection[str] = ()


def sick(diagnosis: Mapping[str, Any], expected: Expected) -> list[str]:
    """Complaints where anything is not as expected, or anything else is found besides."""
    findings = diagnosis["findings"]
    primary = next((found for found in findings if found["primary"]), None)
    if primary is None or primary["id"] != expected.finding:
        return [f"{expected.finding} was to be the primary finding, not {_named(primary) if primary else 'nothing'}"]
    others = {found["id"]: found for found in findings if found is not primary}
    complaints = [*_figures(primary, expected), *_profiles(primary, expected), *_unjudged(diagnosis)]
    complaints += [f"a false alarm besides: {_named(others[name])}" for name in others if name not in expected.drags]
    for name, cause in expected.drags.items():
        found = others[name]["because_of"] if name in others else "absent"
        if found != cause:
            complaints.append(f"{name} was to be there because of {cause}, but is {found}")
    return complaints


def _figures(primary: Mapping[str, Any], expected: Expected) -> list[str]:
    evidence = primary["evidence"]
    return [
        f"{name} was to be {figure!r}, not {evidence.get(name)!r}"
        for name, figure in expected.figures.items()
        # The figure comes first: one that is a range compares itself.
        if not figure == evidence.get(name)  # noqa: SIM201
    ]


def _profiles(primary: Mapping[str, Any], expected: Expected) -> list[str]:
    profiles = {remedy["profile"] for remedy in primary["remedies"]}
    missing = [f"the remedy {name} is not proposed" for name in expected.remedies if name not in profiles]
    return missing + [f"{name} is proposed, which cannot help" for name in expected.never if name in profiles]


def told(diagnosis: Mapping[str, Any], figures: Mapping[str, Any]) -> str:
    """The figures of the primary finding, in a line."""
    evidence = next((found["evidence"] for found in diagnosis["findings"] if found["primary"]), {})
    return ", ".join(f"{name} {_short(evidence.get(name))}" for name in figures)


def _unjudged(diagnosis: Mapping[str, Any]) -> list[str]:
    rows = {row["id"]: row["reason"] for row in diagnosis["unjudged"]}
    silent = [] if "tcp_memory" in rows else ["it is not said that tcp_memory cannot be judged here"]
    return silent + [f"not judged: {name}, for {why}" for name, why in rows.items() if name not in _NOT_HERE]


def _named(finding: Mapping[str, Any]) -> str:
    return f"{finding['id']} {finding['evidence']}"


def _short(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(" ".join(map(str, row.values())) if isinstance(row, dict) else str(row) for row in value)
    return str(value)
