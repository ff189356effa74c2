# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that users bring themselves: rows such as {id, expression, severity, title}, read and checked."""

from __future__ import annotations

import re
from typing import Any, Mapping, NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._common.suggest import closest, did_you_mean
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.facts import Facts
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.rule import (
    SEVERITIES,
    WARNING,
    Judgement,
    Remedy,
    Rule,
)
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.rules import NOTES, RULES

_ID = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")
_TAKEN = {row.id for row in (*RULES, *NOTES)}
_NEEDED = ("id", "expression", "title")
_TEXTS = (*_NEEDED, "severity", "cause")
_LISTS = ("remedies", "avoid", "sources")
_KINDS = ("application", "sysctl", "nofile", "network")


class OwnRule(NamedTuple):
    """A rule, and the expression that somebody else is to evaluate for it."""

    rule: Rule
    expression: str
    severity: str

    def found(self, answer: Any) -> tuple[Rule, Judgement] | None:
        """What it comes to; an answer that is null, false, 0 or empty is none. A dictionary is evidence as it is."""
        if not answer:
            return None
        return self.rule, Judgement(self.severity, answer if isinstance(answer, Mapping) else {"found": answer})


def checked(rows: Any) -> list[OwnRule]:
    """The rules in `rows`. Raises InvalidOption that names the row, what stands there, and what may."""
    if rows is None:
        return []
    if not isinstance(rows, list):
        raise InvalidOption(f"rules is {rows!r}; it must be a list of rows with {', '.join(_NEEDED)}")
    found = [_checked(row, f"rules[{number}]") for number, row in enumerate(rows)]
    ids = [own.rule.id for own in found]
    for name in ids:
        if ids.count(name) > 1:
            raise InvalidOption(f"rules has {name!r} more than once")
    return found


def _checked(row: Any, where: str) -> OwnRule:
    if not isinstance(row, Mapping):
        raise InvalidOption(f"{where} is {row!r}; it must be a row with {', '.join(_NEEDED)}")
    _keys(row, (*_TEXTS, *_LISTS), where)
    for name in _TEXTS:
        if not isinstance(row.get(name, "" if name in _NEEDED else "-"), str) or row.get(name, "-") == "":
            raise InvalidOption(f"{where}.{name} is {row[name]!r}; it must be text")
    for name in _NEEDED:
        if name not in row:
            raise InvalidOption(f"{where} has no {name}")
    _one_of(row.get("severity", WARNING), SEVERITIES, f"{where}.severity")
    if not _ID.match(row["id"]) or row["id"] in _TAKEN:
        why = (
            "a rule of nettune.tcp is called so" if row["id"] in _TAKEN else "small letters, digits and _ are possible"
        )
        raise InvalidOption(f"{where}.id is {row['id']!r}; {why}")
    return OwnRule(_rule(row, where), row["expression"], row.get("severity", WARNING))


def _rule(row: Mapping[str, Any], where: str) -> Rule:
    remedies = _list(row, "remedies", where)
    return Rule(
        id=row["id"],
        title=row["title"],
        judge=_nothing,
        thresholds={},
        cause=row.get("cause", ""),
        remedies=tuple(_remedy(remedy, f"{where}.remedies[{number}]") for number, remedy in enumerate(remedies)),
        avoid=tuple(map(str, _list(row, "avoid", where))),
        sources=tuple(map(str, _list(row, "sources", where))),
    )


def _nothing(_facts: Facts, _bounds: Mapping[str, float]) -> None:
    """Its expression has been evaluated already."""


def _list(row: Mapping[str, Any], name: str, where: str) -> list[Any]:
    value = row.get(name, [])
    if not isinstance(value, list):
        raise InvalidOption(f"{where}.{name} is {value!r}; it must be a list")
    return value


def _remedy(given: Any, where: str) -> Remedy:
    if not isinstance(given, Mapping) or not isinstance(given.get("text"), str):
        raise InvalidOption(f"{where} is {given!r}; it must be like {{kind: application, text: ...}}")
    _keys(given, ("kind", "text", "profile"), where)
    _one_of(given.get("kind", "application"), _KINDS, f"{where}.kind")
    return Remedy(given.get("kind", "application"), given["text"], given.get("profile"))


def _keys(row: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for name in row:
        if name not in known:
            hint = did_you_mean(closest(name, known))
            raise InvalidOption(f"{where} has {name!r}{hint} (known: {', '.join(known)})")


def _one_of(value: Any, known: tuple[str, ...], where: str) -> None:
    if value not in known:
        raise InvalidOption(f"{where} is {value!r}; it must be {', '.join(known[:-1])} or {known[-1]}")
