# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sysctl configuration file, in which each line is a setting, a comment, blank, or a line that no loader accepts.

Loaders are sysctl of procps and of busybox, and systemd-sysctl, which also excludes the keys of lines such as `-key`.
"""

from __future__ import annotations

import itertools
import re
from typing import Iterable, Iterator

from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue

from . import keys, shell, text
from .lines import Line
from .row import FILE, REFUSED, VALUE, Setting

_NAME = re.compile(r"-?\s*[\w./*?\[\]:@%+{}$-]+", re.ASCII)
# Most lines of most files, which need no closer look.
_PLAIN = re.compile(r"(?P<key>[a-z][\w./-]+)[ \t]*=[ \t]*(?P<value>-?\d+(?:[ \t]+-?\d+){0,2})", re.ASCII)
_EXCLUSION = re.compile(r"-\s*[\w./*?\[\]:@%+-]+", re.ASCII)
# Lines of a template that are not in the file it makes.
_TEMPLATE = re.compile(r"\s*(?:\{[%#].*|<%.*|\{\{[^=]*\}\}\s*$|\{\{.*?\}\}\s*=.*)", re.DOTALL)
_MARKER = re.compile(r"\s*(?:[*+>|•·\"'`]|\d{1,3}[.)]\s)")
# So many lines show what kind of file it is.
_LOOKED_AT = 5000
# At most this many other lines for each setting.
_NAMED, _UNNAMED = 1.0, 1 / 3

_A_COMMAND = "a command; a settings file has only lines of the form key = value"
_NO_EQUALS = "without = every loader skips this line"
_NO_NAME = "no loader accepts this name"
_MARKED = "the character before the name makes every loader refuse it"


def looks_like(lines: Iterable[Line], *, named: bool) -> bool:
    """Return whether most lines are settings. named: whether the name of the file ends with .conf."""
    settings = others = 0
    for line in itertools.islice(lines, _LOOKED_AT):
        if not line.text or line.comment or _TEMPLATE.match(line.text):
            continue
        if (
            line.prompt
            or line.text.startswith(("```", "~~~", "["))
            or "<<" in line.text
            or line.text.startswith("lxc.")
        ):
            return False
        found = text.whole(line)
        if found and found[0].flaw != text.COLON:
            settings += 1
            continue
        others += 1
        if not named and (found or shell.is_command(line.text) or text.mentions(line)):
            return False
    return settings > 0 and others <= settings * (_NAMED if named else _UNNAMED)


def settings(lines: Iterable[Line], raw: Iterable[str]) -> Iterator[Setting]:
    """Yield a setting for each line that is not blank, a comment, or part of a template. raw: the lines as written."""
    for line, written in zip(lines, raw):
        if line.text and not written.lstrip("\ufeff \t").startswith(("#", ";")) and not _TEMPLATE.match(written):
            yield _setting(line, written.strip())


def _setting(line: Line, written: str) -> Setting:
    plain = _PLAIN.fullmatch(written)
    if plain and not line.foreign and keys.has_root(plain["key"]):
        return Setting(line.number, keys.canonical(plain["key"]), " ".join(plain["value"].split()), FILE)
    for one in shell.settings(line.text):
        return Setting(line.number, one.key, one.value, FILE, VALUE, 0, _A_COMMAND)
    if not line.comment:
        for raw in text.whole(line):
            flaw = _MARKED if _MARKER.match(written) else raw.flaw
            return text.to_setting(raw._replace(flaw=flaw), block=0, repeated=True)
    name, equals, value = (part.strip() for part in line.text.partition("="))
    if not equals and _EXCLUSION.fullmatch(line.text) and keys.has_root(line.text[1:].strip()):
        return Setting(line.number, keys.canonical(name[1:].strip()), "", FILE, REFUSED, 0, "")
    if equals and _NAME.fullmatch(name) and not line.comment:
        return Setting(line.number, keys.canonical(name.lstrip("- ")), " ".join(value.split()), FILE)
    first, *rest = line.text.split()
    if not equals and rest and catalogue.find(keys.canonical(first)):
        return Setting(line.number, keys.canonical(first), " ".join(rest), FILE, VALUE, 0, _NO_EQUALS)
    flaw = _NO_NAME if equals else _NO_EQUALS
    return Setting(line.number, name, " ".join(value.split()), FILE, REFUSED, 0, flaw)
