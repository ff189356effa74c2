# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that users add: rows such as {id, expression, title}, validated."""

from __future__ import annotations

import re
from typing import Any, Mapping, NamedTuple

from ...module_utils._common.errors import InvalidOption
from ...module_utils._common.suggest import closest, did_you_mean
from ...module_utils._diagnosis.facts import Facts
from ...module_utils._diagnosis.rule import SEVERITIES, WARNING, Judgement, Remedy, Rule, Thresholds
from ...module_utils._diagnosis.rules import NOTES, RULES

_ID = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")
_TAKEN = {row.id for row in (*RULES, *NOTES)}
_REQUIRED = ("id", "expression", "title")
_TEXTS = (*_REQUIRED, "severity", "cause")
_LISTS = ("remedies", "avoid", "sources")
_KINDS = ("application", "sysctl", "nofile", "network")


class AdditionalRule(NamedTuple):
    """A rule with the query expression that judges for it."""

    rule: Rule
    expression: str
    severity: str

    def found(self, result: Any) -> tuple[Rule, Judgement] | None:
        """Return the judgement for the result of the expression, or None if that is null, false, 0 or empty.

        A dictionary is taken as evidence, anything else becomes the evidence `found`.
        """
        if not result:
            return None
        return self.rule, Judgement(self.severity, result if isinstance(result, Mapping) else {"found": result})


def parse(rows: Any) -> list[AdditionalRule]:
    """Return the rules in `rows`; none for None. Raises InvalidOption naming the row, what was given and allowed."""
    if rows is None:
        return []
    if not isinstance(rows, list):
        raise InvalidOption(f"rules is {rows!r}; it must be a list of rows with {', '.join(_REQUIRED)}")
    found = [_parse_row(row, f"rules[{number}]") for number, row in enumerate(rows)]
    ids = [one.rule.id for one in found]
    for name in ids:
        if ids.count(name) > 1:
            raise InvalidOption(f"rules has {name!r} more than once")
    return found


def _parse_row(row: Any, place: str) -> AdditionalRule:
    if not isinstance(row, Mapping):
        raise InvalidOption(f"{place} is {row!r}; it must be a row with {', '.join(_REQUIRED)}")
    _check_keys(row, (*_TEXTS, *_LISTS), place)
    for name in _TEXTS:
        if not isinstance(row.get(name, "" if name in _REQUIRED else "-"), str) or row.get(name, "-") == "":
            raise InvalidOption(f"{place}.{name} is {row[name]!r}; it must be text")
    for name in _REQUIRED:
        if name not in row:
            raise InvalidOption(f"{place} has no {name}")
    _check_choice(row.get("severity", WARNING), SEVERITIES, f"{place}.severity")
    if row["id"] in _TAKEN:
        raise InvalidOption(f"{place}.id is {row['id']!r}, which is a rule of nettune.tcp; choose another id")
    if not _ID.match(row["id"]):
        raise InvalidOption(f"{place}.id is {row['id']!r}; allowed are lower-case letters, digits and underscores")
    return AdditionalRule(_rule(row, place), row["expression"], row.get("severity", WARNING))


def _rule(row: Mapping[str, Any], place: str) -> Rule:
    remedies = _list(row, "remedies", place)
    return Rule(
        id=row["id"],
        title=row["title"],
        judge=_judged_by_expression,
        thresholds={},
        figures=(),
        cause=row.get("cause", ""),
        remedies=tuple(_remedy(remedy, f"{place}.remedies[{number}]") for number, remedy in enumerate(remedies)),
        avoid=tuple(map(str, _list(row, "avoid", place))),
        sources=tuple(map(str, _list(row, "sources", place))),
    )


def _judged_by_expression(_facts: Facts, _bounds: Thresholds) -> None:
    """Judge nothing: the expression has been evaluated already."""


def _list(row: Mapping[str, Any], name: str, place: str) -> list[Any]:
    value = row.get(name, [])
    if not isinstance(value, list):
        raise InvalidOption(f"{place}.{name} is {value!r}; it must be a list")
    return value


def _remedy(given: Any, place: str) -> Remedy:
    if not isinstance(given, Mapping) or not isinstance(given.get("text"), str):
        raise InvalidOption(f"{place} is {given!r}; it must be like {{kind: application, text: ...}}")
    _check_keys(given, ("kind", "text", "profile"), place)
    _check_choice(given.get("kind", "application"), _KINDS, f"{place}.kind")
    return Remedy(given.get("kind", "application"), given["text"], given.get("profile"))


def _check_keys(row: Mapping[str, Any], known: tuple[str, ...], place: str) -> None:
    for name in row:
        if name not in known:
            hint = did_you_mean(closest(name, known))
            raise InvalidOption(f"{place} has {name!r}{hint} (known: {', '.join(known)})")


def _check_choice(value: Any, known: tuple[str, ...], place: str) -> None:
    if value not in known:
        raise InvalidOption(f"{place} is {value!r}; it must be {', '.join(known[:-1])} or {known[-1]}")
