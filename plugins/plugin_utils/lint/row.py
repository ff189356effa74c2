# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the linter takes and gives: the settings of a text, and a row for each of them."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Iterable, NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.rule import CRITICAL, INFO, WARNING
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue

OK, REMOVED, RENAMED, TYPO, INVALID = "ok", "removed", "renamed", "typo", "invalid"
LOWERS, WRONG_DIRECTION, HAZARD, COLLIDES = "lowers", "wrong_direction", "hazard", "collides"
NO_EFFECT, ORDERING, UNKNOWN = "no_effect", "ordering", "unknown"
# Each verdict with its severity: critical if the line can take services down, warning if it does not do what it is set
# for, info if it does nothing. A setting gets the first verdict that applies.
SEVERITY = {
    TYPO: WARNING,
    REMOVED: WARNING,
    RENAMED: WARNING,
    INVALID: WARNING,
    ORDERING: WARNING,
    COLLIDES: CRITICAL,
    HAZARD: CRITICAL,
    WRONG_DIRECTION: WARNING,
    LOWERS: WARNING,
    UNKNOWN: WARNING,
    NO_EFFECT: INFO,
    OK: OK,
}
VERDICTS = tuple(SEVERITY)

FILE, COMMAND, YAML = "file", "command", "yaml"
VALUE, AT_LEAST, INCLUDE, SHARE = "value", "at_least", "include", "share_of_memory"
# A line of a settings file that sets nothing: no loader accepts it.
REFUSED = "refused"

# The suggestion to remove the line.
REMOVE = ("", "")

_LONGEST = 200


class Setting(NamedTuple):
    """One setting of a text.

    line: its line, from 1. key: as written, with dots. value: as written, without what only surrounds it.
    form: FILE (a line of sysctl.conf), COMMAND (a shell command) or YAML. how: VALUE, the word of a request, or
    REFUSED.
    block: settings with the same number belong to the same file. flaw: why sysctl would not accept the line as written.
    repeated: whether a later setting of the same key in the block overrides this one. remark: a note on its spelling.
    last: the last of its lines, if it has several.
    """

    line: int
    key: str
    value: str
    form: str = FILE
    how: str = VALUE
    block: int = 0
    flaw: str = ""
    repeated: bool = True
    remark: str = ""
    last: int = 0


class Finding(NamedTuple):
    """One statement about a setting.

    write: the key and value to write instead of it or in addition; REMOVE to remove the line; None for no suggestion.
    """

    verdict: str
    message: str
    write: tuple[str, str] | None = None


def row(setting: Setting, finding: Finding, writes: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return the row of a setting: {line, key, value, verdict, severity, message, suggestion}.

    writes: one suggestion a line.
    """
    hidden = catalogue.shown(setting.key, setting.value) == catalogue.HIDDEN
    return {
        "line": setting.line,
        "key": _short(setting.key),
        "value": catalogue.HIDDEN if hidden else _short(setting.value),
        "verdict": finding.verdict,
        "severity": SEVERITY[finding.verdict],
        "message": finding.message,
        "suggestion": ""
        if hidden
        else "\n".join(_suggestion(setting.key, setting.value, setting.form, write) for write in writes),
    }


def more(verdict: str, count: int) -> dict[str, Any]:
    """Return the row that stands for more settings with the same verdict. Only such a row has a `count`."""
    return {
        "line": 0,
        "key": "",
        "value": "",
        "verdict": verdict,
        "severity": SEVERITY[verdict],
        "message": f"and {count} more with this verdict, which are not listed",
        "suggestion": "",
        "count": count,
    }


def counts(rows: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """Return how many settings have each verdict."""
    counted: Counter[str] = Counter()
    for one in rows:
        counted[one["verdict"]] += one.get("count", 1)
    return counted


def as_clause(note: str) -> str:
    """Return a sentence of the catalogue as the last part of another sentence."""
    begins = note[:1].lower() if note[1:2].islower() or note[1:2] == " " else note[:1]
    return begins + note[1:].rstrip(".")


def line(key: str, value: str, form: str) -> str:
    """Return a setting as a line of its form.

    >>> line("net.ipv4.ip_local_port_range", "1024 65535", COMMAND)
    'sysctl -w net.ipv4.ip_local_port_range="1024 65535"'
    """
    if form == YAML:
        return f"{key}: {value}" if value.isdigit() else f'{key}: "{value}"'
    if form == COMMAND:
        return f'sysctl -w {key}="{value}"' if " " in value else f"sysctl -w {key}={value}"
    return f"{key} = {value}".rstrip()


def summary(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return how many settings have each verdict, in the order of VERDICTS.

    >>> summary([{"verdict": "ok"}, {"verdict": "removed"}, {"verdict": "ok"}])
    '3 settings: 1 removed, 2 ok'
    """
    counted = counts(rows)
    total = sum(counted.values())
    listed = ", ".join(f"{counted[verdict]} {verdict}" for verdict in VERDICTS if counted[verdict])
    return f"{total} setting{'s' if total != 1 else ''}: {listed}"


@functools.lru_cache(maxsize=4096)
def _suggestion(key: str, value: str, form: str, write: tuple[str, str]) -> str:
    """Return a line to paste, in the form of the setting; a comment if the line should be removed."""
    return line(*write, form) if write[0] else f"# {line(_short(key), _short(value), form)}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
