# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rule of the diagnosis is: knowledge in a row, with one function that looks at the facts for it."""

from __future__ import annotations

from typing import Any, Callable, Mapping, NamedTuple

from .facts import Facts

INFO, WARNING, CRITICAL = "info", "warning", "critical"
# From the least to the most urgent.
SEVERITIES = (INFO, WARNING, CRITICAL)


class Judgement(NamedTuple):
    """That a rule applies. suspects: ids of findings that would explain this one, if there are such."""

    severity: str
    evidence: dict[str, Any]
    suspects: tuple[str, ...] = ()


class Remedy(NamedTuple):
    """What helps. kind: application, sysctl, nofile or network.

    profile: the role, or the set of tuning_remedies, that holds `keys`. given: the name of a piece of evidence; where
    that is there and false, this does not help. done: a key and the running values with which it is done already.
    """

    kind: str
    text: str
    profile: str | None = None
    keys: tuple[str, ...] = ()
    given: str = ""
    done: tuple[str, tuple[str, ...]] | None = None


class Rule(NamedTuple):
    """A row. title and remedies have evidence in braces; thresholds are in the units that their comment tells."""

    id: str
    title: str
    judge: Callable[[Facts, Mapping[str, float]], Judgement | None]
    thresholds: dict[str, float]
    cause: str
    remedies: tuple[Remedy, ...]
    avoid: tuple[str, ...]
    sources: tuple[str, ...]


class Note(NamedTuple):
    """A row of what is worth saying and needs no action. unless: ids of findings beside which it would mislead."""

    id: str
    text: str
    judge: Callable[[Facts, Mapping[str, float]], dict[str, Any] | None]
    thresholds: dict[str, float]
    unless: tuple[str, ...]


def percent(part: float | None, whole: float | None) -> float | None:
    """How much of the whole it is; None where that cannot be told."""
    return None if part is None or not whole else round(100 * part / whole, 1)


def above(value: float | None, bounds: Mapping[str, float]) -> str | None:
    """The severity that a value has reached by bounds named for severities; None for none."""
    if value is None:
        return None
    return next((name for name in reversed(SEVERITIES) if name in bounds and value >= bounds[name]), None)


def worst(*severities: str | None) -> str | None:
    """The most urgent of them; None where there is none."""
    return max(filter(None, severities), key=SEVERITIES.index, default=None)
