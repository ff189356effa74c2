# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""LimitNOFILE= in systemd's files: systemd.syntax(7), systemd.exec(5), systemd-system.conf(5).

Checked against `systemd-analyze verify` of systemd 252: numbers may be written as 4096, 0x1000, 0o10000, 0b1 or 010
(octal). Suffixes such as K, quotes, and spaces around the colon are not allowed. A malformed or empty assignment is
ignored, so the one before it stays in effect.
"""

from __future__ import annotations

import re
from typing import Iterable, NamedTuple

from .rlimit import INFINITY, Limit, bounded_number

UNIT_KEY = ("Service", "LimitNOFILE")
DEFAULT_KEY = ("Manager", "DefaultLimitNOFILE")
# The limit of a service without any assignment (since 240; src/core/main.c, HIGH_RLIMIT_NOFILE).
BUILT_IN = Limit(1024, 524288)

_BASES = {"0x": 16, "0o": 8, "0b": 2}
_DIGITS = re.compile(r"\+?(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)\Z")


class Assignment(NamedTuple):
    """A valid assignment. path, line: where it begins."""

    path: str
    line: int
    limit: Limit

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


def last_assignment(files: Iterable[tuple[str, str]], key: tuple[str, str]) -> Assignment | None:
    """Return the last valid assignment in `files`, or None.

    files: path and text, in the order in which systemd reads them. key: UNIT_KEY or DEFAULT_KEY.
    """
    found = None
    for path, text in files:
        for line, value in _values(text, key):
            limit = parse(value)
            if limit is not None:
                found = Assignment(path, line, limit)
    return found


def parse(value: str) -> Limit | None:
    """Parse the value of an assignment. Returns None if systemd does not accept it.

    >>> parse("65536:0x80000")
    Limit(soft=65536, hard=524288)
    """
    parts = value.split(":")
    numbers = [number for number in map(_number, parts) if number is not None]
    if len(parts) > 2 or len(numbers) < len(parts):
        return None
    limit = Limit(numbers[0], numbers[-1])
    return limit if limit.soft <= limit.hard else None


def render(header: Iterable[str], limit: Limit) -> str:
    """Return the text of a drop-in: the header as comments, then the assignment."""
    section, name = UNIT_KEY
    return "".join(f"# {line}\n" for line in header) + f"\n[{section}]\n{name}={limit}\n"


def _values(text: str, key: tuple[str, str]) -> list[tuple[int, str]]:
    """Return line number and value of each assignment of `key`."""
    section = ""
    values = []
    for number, line in _logical_lines(text):
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
            continue
        name, equals, value = line.partition("=")
        if equals and (section, name.rstrip()) == key:
            values.append((number, value.strip()))
    return values


def _logical_lines(text: str) -> list[tuple[int, str]]:
    """Return line number and text of each line, with continuation lines joined and comments left out."""
    lines: list[tuple[int, str]] = []
    start, held = 0, ""
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.rstrip("\r").lstrip()
        if line.startswith(("#", ";")):
            continue
        start = start or number
        if _continues(line):
            held += line[:-1] + " "
            continue
        lines.append((start, (held + line).strip()))
        start, held = 0, ""
    return lines + ([(start, held.strip())] if held else [])


def _continues(line: str) -> bool:
    """Return whether the line ends with an unescaped backslash."""
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _number(text: str) -> int | None:
    if text == "infinity":
        return INFINITY
    match = _DIGITS.match(text)
    if match is None:
        return None
    digits = match[1].lower()
    base = _BASES.get(digits[:2], 8 if digits.startswith("0") else 10)
    found = bounded_number(digits[2:] if digits[:2] in _BASES else digits, base)
    return found if found < INFINITY else None
