# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a linter takes in and gives out: settings as some text wrote them, and a row for each."""

from __future__ import annotations

from collections import Counter
from typing import Any, Mapping, NamedTuple, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._common import text
from ansible_collections.nettune.tcp.plugins.module_utils._formats.sysctl_conf import spelling
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.catalogue import HIDDEN
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.catalogue import shown as shown_value

OK, REMOVED, RENAMED, TYPO, INVALID = "ok", "removed", "renamed", "typo", "invalid"
LOWERS, WRONG_DIRECTION, HAZARD, COLLIDES = "lowers", "wrong_direction", "hazard", "collides"
NO_EFFECT, ORDERING = "no_effect", "ordering"
# Where several hold of one setting, the first of these is its verdict.
VERDICTS = (
    *(TYPO, REMOVED, RENAMED, INVALID, ORDERING, COLLIDES, HAZARD),
    *(WRONG_DIRECTION, LOWERS, NO_EFFECT, OK),
)

FILE, COMMAND, YAML = "file", "command", "yaml"
VALUE, AT_LEAST, AT_MOST, INCLUDE, SHARE = "value", "at_least", "at_most", "include", "share_of_memory"
_LONGEST = 200


class Setting(NamedTuple):
    """One setting of a text.

    line: where it stands, from 1. key: as written, with dots. value: as written, without what only surrounds it.
    form: FILE (a line of sysctl.conf), COMMAND (a shell's) or YAML. how: VALUE, or what else the value is.
    block: settings of one number belong to one file. flaw: why no loader would take the line, though it can be read.
    repeated: whether a later setting of the same key in the block makes this one pointless. remark: worth saying of
    how it is written.
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


class Finding(NamedTuple):
    """One thing to say of a setting.

    write: the key and value that should stand in its place, or beside it; key empty: the line should go;
    None: nothing is suggested.
    """

    verdict: str
    message: str
    write: tuple[str, str] | None = None


GO = ("", "")


def row(setting: Setting, finding: Finding, writes: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The row of a setting, in plain types. writes: what to suggest, a line each."""
    hidden = shown_value(setting.key, setting.value) == HIDDEN
    shown = setting._replace(value=HIDDEN) if hidden else setting
    return {
        "line": setting.line,
        "key": _short(setting.key),
        "value": _short(shown.value),
        "verdict": finding.verdict,
        "message": finding.message,
        "suggestion": "" if hidden else "\n".join(suggestion(setting, write) for write in writes),
    }


def suggestion(setting: Setting, write: tuple[str, str]) -> str:
    """A line to paste, in the form the setting has."""
    key, value = write
    if not key:
        return f"# {line(_short(setting.key), _short(setting.value), setting.form)}"
    return line(key, value, setting.form)


def inside_a_sentence(note: str) -> str:
    """A note of the catalogue, which is a sentence, as the end of another."""
    begins = note[:1].lower() if note[1:2].islower() or note[1:2] == " " else note[:1]
    return begins + note[1:].rstrip(".")


def line(key: str, value: str, form: str) -> str:
    """A setting as a line of its form.

    >>> line("net.ipv4.ip_local_port_range", "1024 65535", COMMAND)
    'sysctl -w net.ipv4.ip_local_port_range="1024 65535"'
    """
    if form == YAML:
        return f"{key}: {value}" if value.isdigit() else f'{key}: "{value}"'
    name = spelling(key)
    if form == COMMAND:
        return f'sysctl -w {name}="{value}"' if " " in value else f"sysctl -w {name}={value}"
    return f"{name} = {value}".rstrip()


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


# What the linter found, as a table for people.

HEADER = ("LINE", "VERDICT", "SETTING", "WHY, AND WHAT TO WRITE")


def lines(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """A header, a line for each row and one for each line it suggests, and a summary."""
    if not rows:
        return ["no settings"]
    width = max(len(str(row["line"])) for row in [*rows, {"line": HEADER[0]}])
    cells = [cell for row in rows for cell in _cells(row, width)]
    return [*text.lines(HEADER, cells), "", summary(rows)]


def summary(rows: Sequence[Mapping[str, Any]]) -> str:
    """How many settings have which verdict; the gravest first.

    >>> summary([{"verdict": "ok"}, {"verdict": "removed"}, {"verdict": "ok"}])
    '3 settings: 1 removed, 2 ok'
    """
    counted = Counter(row["verdict"] for row in rows)
    told = ", ".join(f"{counted[verdict]} {verdict}" for verdict in VERDICTS if counted[verdict])
    return f"{len(rows)} setting{'s' if len(rows) != 1 else ''}: {told}"


def _cells(row: Mapping[str, Any], width: int) -> list[tuple[str, str, str, str]]:
    setting = f"{row['key']} = {row['value']}".rstrip()
    why = row["message"] or ("-" if row["verdict"] == OK else "")
    written = [("", "", "", f"→ {line}") for line in row["suggestion"].split("\n") if line]
    return [(str(row["line"]).rjust(width), row["verdict"], setting, why), *written]
