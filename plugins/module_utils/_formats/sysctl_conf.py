# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of sysctl.d(5) files, as both loaders read them (systemd-sysctl, procps `sysctl --system`).

`#` and `;` begin comments only at the start of a line; there is no quoting and no continuation; `-key = value`
tolerates failure; `-key` without a value excludes from patterns. CR before LF is tolerated.
"""

from __future__ import annotations

import re
from typing import Iterable, NamedTuple

from . import sysctl_key

_PATTERN = re.compile(r"[*?\[]")
_BLANKS = " \t\r\n\v\f"


class Assignment(NamedTuple):
    """One line that says something. name: canonical; a pattern where it holds `*`, `?` or `[`. value: None for an
    exclusion.
    """

    path: str
    line: int
    name: str
    value: str | None
    tolerant: bool = False

    @property
    def is_pattern(self) -> bool:
        return _PATTERN.search(self.name) is not None


def assignments(path: str, text: str) -> list[Assignment]:
    """The assignments and exclusions of a file's text in their order; lines that say nothing are passed over."""
    found = (_assignment(path, number, raw) for number, raw in enumerate(text.split("\n"), start=1))
    return [line for line in found if line is not None]


def _assignment(path: str, number: int, raw: str) -> Assignment | None:
    line = raw.strip(_BLANKS)
    if not line or line[0] in "#;":
        return None
    key, separator, value = line.partition("=")
    tolerant = key.startswith("-")
    name = _name(key[1:] if tolerant else key)
    if not name or (not separator and not tolerant):
        return None
    return Assignment(path, number, name, value.strip(_BLANKS) if separator else None, tolerant)


def _name(key: str) -> str:
    """The canonical name; empty parts and `.` mean nothing, as in any path."""
    parts = sysctl_key.to_path(key.strip(_BLANKS)).split("/")
    return sysctl_key.from_path("/".join(part for part in parts if part not in ("", ".")))


class Entry(NamedTuple):
    """One line to write. name: canonical. why: said in a comment above it; may be empty."""

    name: str
    value: str
    why: str = ""


def render(header: Iterable[str], entries: Iterable[Entry]) -> str:
    """A drop-in's text: the header as comments, then each entry below its reason."""
    lines = [f"# {line}".rstrip() for line in header]
    for entry in entries:
        lines.append("")
        if entry.why:
            lines.append(f"# {entry.why}")
        lines.append(f"{sysctl_key.spelling(entry.name)} = {entry.value}".rstrip())
    return "\n".join(lines) + "\n"
