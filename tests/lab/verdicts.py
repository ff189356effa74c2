# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a diagnosis is held against: nothing on a healthy host, on a sick one a primary finding with its figures."""

from __future__ import annotations

from typing import Any, Mapping


def healthy(diagnosis: Mapping[str, Any]) -> list[str]:
    """Complaints where anything was found; none where nothing was."""
    return [f"a false alarm: {_named(finding)}" for finding in diagnosis["findings"]]


def sick(diagnosis: Mapping[str, Any], *, finding: str, figures: Mapping[str, Any]) -> list[str]:
    """Complaints where `finding` is not the primary one, or not the only such, or has other figures."""
    primary = [found for found in diagnosis["findings"] if found["primary"]]
    if [found["id"] for found in primary] != [finding]:
        names = ", ".join(map(_named, primary)) or "nothing"
        return [f"{finding} was to be the primary finding, not {names}"]
    evidence = primary[0]["evidence"]
    # Written so that a figure that is a range compares itself.
    wrong = [name for name, figure in figures.items() if not figure == evidence.get(name)]  # noqa: SIM201
    complaints = [f"{finding}: {name} was to be {figures[name]!r}, not {evidence.get(name)!r}" for name in wrong]
    apart = [found for found in diagnosis["findings"] if not found["primary"] and not found["because_of"]]
    return complaints + [f"a false alarm besides: {_named(found)}" for found in apart]


def told(diagnosis: Mapping[str, Any], figures: Mapping[str, Any]) -> str:
    """The figures of the primary finding, in a line."""
    evidence = next((found["evidence"] for found in diagnosis["findings"] if found["primary"]), {})
    return ", ".join(f"{name} {_short(evidence.get(name))}" for name in figures)


def _named(finding: Mapping[str, Any]) -> str:
    return f"{finding['id']} {finding['evidence']}"


def _short(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(" ".join(map(str, row.values())) if isinstance(row, dict) else str(row) for row in value)
    return str(value)
