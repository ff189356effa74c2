# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records of the diagnosis: rules, their remedies, and what their judges return."""

from __future__ import annotations

from typing import Any, Callable, Mapping, NamedTuple

from .facts import Facts

INFO, WARNING, CRITICAL = "info", "warning", "critical"
# From the least to the most urgent.
SEVERITIES = (INFO, WARNING, CRITICAL)

# A rule's thresholds by name, with the user's own in place of the defaults.
Thresholds = Mapping[str, float]


class Judgement(NamedTuple):
    """The result of a rule that applies.

    suspects: ids of findings that explain this one if they are found too. texts: the rule with other texts, where the
    evidence is of another kind than usual.
    """

    severity: str
    evidence: dict[str, Any]
    suspects: tuple[str, ...] = ()
    texts: Rule | None = None


class Remedy(NamedTuple):
    """Something that helps. kind: application, sysctl, nofile or network.

    profile: the role, or the set of tuning_remedies, that manages `keys`. only_if: name of a piece of evidence; if that
    is false or 0, the remedy does not help. done_if: a key, and the running values that make the remedy unnecessary.
    """

    kind: str
    text: str
    profile: str | None = None
    keys: tuple[str, ...] = ()
    only_if: str = ""
    done_if: tuple[str, tuple[str, ...]] | None = None


class Rule(NamedTuple):
    """A row of knowledge. Texts have names of evidence in braces; see finding_text.filled.

    judge: returns a Judgement if the rule applies. thresholds: defaults, in the units that their comment states.
    figures: how bad it is; each text is shown if all of its evidence is known. avoid: keys of rules.AVOID.
    """

    id: str
    title: str
    judge: Callable[[Facts, Thresholds], Judgement | None]
    thresholds: dict[str, float]
    figures: tuple[str, ...]
    cause: str
    remedies: tuple[Remedy, ...]
    avoid: tuple[str, ...]
    sources: tuple[str, ...]


class Note(NamedTuple):
    """Something worth mentioning that needs no action. unless: ids of findings with which it would mislead."""

    id: str
    text: str
    judge: Callable[[Facts, Thresholds], dict[str, Any] | None]
    thresholds: dict[str, float]
    unless: tuple[str, ...]


def is_shrinking(count: float, growth: float | None) -> bool:
    """Return whether a number falls by more than 1 % of itself per second. growth: per second, None if unknown."""
    return (growth or 0) * 100 < -count


def percent(part: float | None, whole: float | None) -> float | None:
    """Return `part` as a percentage of `whole`, with one decimal; None if it is unknown.

    Only nothing is 0 and only the whole is 100: 65,524 of 65,536 are 99.9, and 1 of 65,536 is 0.1.
    """
    if part is None or not whole:
        return None
    found = round(100 * part / whole, 1)
    return min(max(found, 0.1), 99.9) if 0 < part < whole else found


def severity_of(value: float | None, bounds: Thresholds) -> str | None:
    """Return the highest severity whose threshold the value has reached; None if it has reached none.

    bounds: their names `warning` and `critical` are severities; other names are ignored.
    """
    if value is None:
        return None
    return next((name for name in reversed(SEVERITIES) if name in bounds and value >= bounds[name]), None)


def worst(*severities: str | None) -> str | None:
    """Return the most urgent severity; None if there is none."""
    return max(filter(None, severities), key=SEVERITIES.index, default=None)
