# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""LimitNOFILE= in systemd's files: systemd.syntax(7), systemd.exec(5), systemd-system.conf(5).

What systemd 252 does was tried with `systemd-analyze verify`: numbers may be written 4096, 0x1000, 0o10000, 0b1 or 010
(octal); for this one the suffixes K, M and G are refused, as are quotes and blanks around the colon. An assignment it
cannot read, an empty one among them, is ignored and leaves the one before it in force.
"""

from __future__ import annotations

import re
from typing import Iterable, NamedTuple, Sequence

from .rlimit import INFINITY, Limit

UNIT_KEY = ("Service", "LimitNOFILE")
DEFAULT_KEY = ("Manager", "DefaultLimitNOFILE")
# What systemd gives a service that says nothing (since 240; src/core/main.c, HIGH_RLIMIT_NOFILE).
BUILT_IN = Limit(1024, 524288)

_BASES = {"0x": 16, "0o": 8, "0b": 2}
_DIGITS = re.compile(r"\+?(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)\Z")


class Assignment(NamedTuple):
    """One line that systemd can read. path, line: where the assignment begins."""

    path: str
    line: int
    limit: Limit

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


def last_assignment(files: Iterable[tuple[str, str]], key: tuple[str, str]) -> Assignment | None:
    """The assignment that counts among `files` (path and text, in the order systemd reads them), or None.

    key: section and name, UNIT_KEY or DEFAULT_KEY.
    """
    found = None
    for path, text in files:
        for line, value in _values(text, key):
            limit = parse(value)
            if limit is not None:
                found = Assignment(path, line, limit)
    return found


def parse(value: str) -> Limit | None:
    """The limit an assignment's value means; None where systemd would not accept it.

    >>> parse("65536:0x80000")
    Limit(soft=65536, hard=524288)
    """
    parts = [_number(part) for part in value.split(":")]
    if len(parts) > 2 or None in parts:
        return None
    limit = Limit(parts[0], parts[-1])  # type: ignore[arg-type]
    return limit if limit.soft <= limit.hard else None


def finite(limit: Limit, *, nr_open: int) -> Limit:
    """The limit as the kernel gives it: fs.nr_open stands above every process."""
    return Limit(*(nr_open if number >= INFINITY else number for number in limit))


def drop_ins_in_order(directories: Sequence[str], names: dict[str, list[str]]) -> list[str]:
    """Paths of the drop-ins to read, in order: by byte order of the file names, and of equal names only the strongest.

    directories: strongest first. names: file names by directory.
    """
    place: dict[str, str] = {}
    for directory in directories:
        for name in names.get(directory, []):
            if name.endswith(".conf") and not name.startswith("."):
                place.setdefault(name, f"{directory}/{name}")
    return [place[name] for name in sorted(place, key=lambda name: name.encode("utf-8", "surrogateescape"))]


def render(header: Iterable[str], limit: Limit) -> str:
    """A drop-in's text: the header as comments, then the assignment."""
    section, name = UNIT_KEY
    return "".join(f"# {line}\n" for line in header) + f"\n[{section}]\n{name}={limit}\n"


def _values(text: str, key: tuple[str, str]) -> list[tuple[int, str]]:
    """Line number and value of each assignment of `key`."""
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
    """Lines with their continuations joined by a blank, each with the number of its first; comments left out, also in
    between.
    """
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
    """Whether the last backslash joins the next line; two of them are one that was escaped."""
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _number(text: str) -> int | None:
    if text == "infinity":
        return INFINITY
    match = _DIGITS.match(text)
    if match is None:
        return None
    digits = match[1].lower()
    base = _BASES.get(digits[:2], 8 if digits.startswith("0") else 10)
    number = int(digits[2:] if digits[:2] in _BASES else digits, base)
    return number if number < INFINITY else None
