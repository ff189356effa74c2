# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rule of the diagnosis is: a row of knowledge with one function that judges the facts."""

from __future__ import annotations

from typing import Any, Callable, Mapping, NamedTuple

from .facts import Facts

INFO, WARNING, CRITICAL = "info", "warning", "critical"
# From the least to the most urgent.
SEVERITIES = (INFO, WARNING, CRITICAL)

# A rule's thresholds by name, with the user's own in place of the defaults.
Thresholds = Mapping[str, float]


class Judgement(NamedTuple):
    """A rule applies. suspects: ids of findings that would explain this one, if they are found too."""

    severity: str
    evidence: dict[str, Any]
    suspects: tuple[str, ...] = ()


class Remedy(NamedTuple):
    """Something that helps. kind: application, sysctl, nofile or network.

    profile: the role, or the set of tuning_remedies, that manages `keys`. given: name of a piece of evidence; if it is
    present and false, the remedy does not help. done: a key and the running values with which nothing is left to do.
    """

    kind: str
    text: str
    profile: str | None = None
    keys: tuple[str, ...] = ()
    given: str = ""
    done: tuple[str, tuple[str, ...]] | None = None


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


def percent(part: float | None, whole: float | None) -> float | None:
    """Return `part` as a percentage of `whole`; None if it is unknown."""
    return None if part is None or not whole else round(100 * part / whole, 1)


def above(value: float | None, bounds: Thresholds) -> str | None:
    """Return the severity that a value has reached by the thresholds named after severities; None for none."""
    if value is None:
        return None
    return next((name for name in reversed(SEVERITIES) if name in bounds and value >= bounds[name]), None)


def worst(*severities: str | None) -> str | None:
    """Return the most urgent severity; None if there is none."""
    return max(filter(None, severities), key=SEVERITIES.index, default=None)
