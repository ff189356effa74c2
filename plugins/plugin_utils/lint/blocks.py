# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings in code whose name and value are fields of a block, such as Terraform, CDK and Bicep have.

sysctl {                                  sysctl_config {
  name  = "net.core.somaxconn"              net_core_somaxconn = 8192
  value = "8192"                          }
}
"""

from __future__ import annotations

import bisect
import re
from typing import Iterator

from . import keys
from .row import FILE, VALUE, Setting

_LIKELY = re.compile(
    r"\b(?:name|key|namespace|parameter)[\"']?\s*[=:]\s*[\"'](?:net|fs|kernel|vm)[./]|\bsysctl_?config\b"
)
_VALUE = r"(?P<{}>\"[^\"\n]*\"|'[^'\n]*'|[^\s,;}}\])\[({{]+)"
_TOKEN = re.compile(
    r"(?P<comment>^[ \t]*(?:\#|//).*$)|(?P<filled>\$\{[^{}\n]*\})|(?P<config>\bsysctl_?config\s*[=:]?\s*\{)"
    r"|(?P<brace>[{}])|(?:^|(?<=[{,(\[ \t]))[\"']?(?:"
    r"(?:name|key|namespace|parameter)[\"']?[ \t]*[=:](?![=>])[ \t]*[\"'](?P<name>[A-Za-z][\w./-]+)[\"']"
    rf"|(?:value|val)[\"']?[ \t]*[=:](?![=>])[ \t]*{_VALUE.format('value')}"
    rf"|(?P<flat>(?:net|fs|kernel|vm)(?:_[a-z]|[A-Z])\w+)[\"']?[ \t]*[=:](?![=>])[ \t]*{_VALUE.format('given')})",
    re.ASCII | re.MULTILINE | re.IGNORECASE,
)
_NUMBERS = re.compile(r"-?\d[\d ,\t-]*")


def settings(text: str) -> list[Setting]:
    """Return the settings of the blocks in a text."""
    if not _LIKELY.search(text):
        return []
    breaks = [0, *(one.end() for one in re.finditer("\n", text))]
    return sorted(_settings(text, breaks), key=lambda one: one.line)


def _settings(text: str, breaks: list[int]) -> Iterator[Setting]:
    name: re.Match[str] | None = None
    value: re.Match[str] | None = None
    flat: dict[str, tuple[int, str]] | None = None
    for token in _TOKEN.finditer(text):
        if token["brace"] or token["config"]:
            yield from _of_config(flat or {})
            name = value = None
            flat = {} if token["config"] else None
            continue
        line = bisect.bisect_right(breaks, token.start())
        if token["flat"] and flat is not None:
            flat[token["flat"]] = line, _plain(token["given"])
        elif token["name"]:
            name = token if keys.is_name(token["name"]) else None
        elif token["value"]:
            value = token
        if name is not None and value is not None:
            ends = sorted(bisect.bisect_right(breaks, one.start()) for one in (name, value))
            key = keys.canonical(name["name"])
            yield Setting(ends[0], key, _plain(value["value"]), FILE, VALUE, 0, last=ends[1])
            name = value = None


def _of_config(flat: dict[str, tuple[int, str]]) -> Iterator[Setting]:
    """Yield the settings of a block with flat names. flat: (line, value) by name."""
    values = {name: value for name, (_line, value) in flat.items()}
    for key, used, value in keys.of_flat(values):
        lines = [flat[name][0] for name in used]
        yield Setting(min(lines), key, value, FILE, VALUE, min(one[0] for one in flat.values()), last=max(lines))


def _plain(value: str) -> str:
    """Return a value without its quotes; a reference becomes a placeholder."""
    if value[:1] in "\"'":
        return " ".join(value[1:-1].split())
    return value if _NUMBERS.fullmatch(value) or value in ("true", "false") else f"${{{value}}}"
