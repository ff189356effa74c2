# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Unified diffs: the lines that a file has after the change. Removed lines set nothing.

A hunk is found by its header, which says how many lines it has, in a file of its own or inside prose.
"""

from __future__ import annotations

import re
from typing import NamedTuple, Sequence

NAME = re.compile(r".*\.(?:diff|patch)", re.IGNORECASE)
_HUNK = re.compile(r"(?P<indent>[ \t>]*)@@ -\d+(?:,(?P<old>\d+))? \+\d+(?:,(?P<new>\d+))? @@")
_FILE = re.compile(r"[ \t>]*\+\+\+ (?:b/)?(?P<name>\S+)")
_HEADER = re.compile(r"(?:---|\+\+\+) |diff |index |@@")


class Hunk(NamedTuple):
    """One hunk. begin: how many lines of the text are before it. name: of the changed file. lines: after the change.

    A removed line is empty in `lines`, so that each line keeps its place.
    """

    begin: int
    name: str
    lines: list[str]


def hunks(raw: Sequence[str], name: str = "") -> list[Hunk]:
    """Return the hunks in the lines of a text. name: of the text; one that ends in .diff may lack hunk headers."""
    found, changed, at = [], "", 0
    while at < len(raw):
        file, hunk = _FILE.match(raw[at]), _HUNK.match(raw[at])
        at += 1
        changed = file["name"] if file else changed
        if hunk is None:
            continue
        lines = _after(raw, at, hunk)
        found.append(Hunk(at, changed, lines))
        at += len(lines)
    if not found and NAME.fullmatch(name):
        return [Hunk(0, "", ["" if _HEADER.match(one) else _kept(one) for one in raw])]
    return found


def _after(raw: Sequence[str], at: int, hunk: re.Match[str]) -> list[str]:
    """Return the lines of a hunk, after its header, until both sides of it are complete."""
    old, new = (int(hunk[side] or 1) for side in ("old", "new"))
    lines: list[str] = []
    while (old > 0 or new > 0) and at + len(lines) < len(raw):
        place = at + len(lines)
        line = raw[place]
        line = line[len(hunk["indent"]) :] if line.startswith(hunk["indent"]) else line.lstrip()
        sign = line[:1] or " "
        if sign not in "+- \\":
            break
        old -= sign in "- "
        new -= sign in "+ "
        lines.append(_kept(line))
    return lines


def _kept(line: str) -> str:
    """Return a line of a hunk as it is after the change; empty if it was removed."""
    return line[1:] if line[:1] in ("+", " ") else "" if line[:1] in ("-", "\\") else line
