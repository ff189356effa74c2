# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that must not be shown, such as the key of TCP Fast Open's cookies."""

from __future__ import annotations

from .._formats import sysctl_conf
from .._sysctl import taken_lines
from . import catalogue

HIDDEN = "(secret)"


def shown(name: str, value: str) -> str:
    """The value as it may be shown."""
    known = catalogue.find(name)
    return HIDDEN if known is not None and known.secret else value


def masked(text: str) -> str:
    """A file's text without the values of secrets."""
    assignments = sysctl_conf.assignments("", taken_lines.uncommented(text))
    secret = {one.line for one in assignments if shown(one.name, "")}
    lines = enumerate(text.split("\n"), start=1)
    return "\n".join(f"{line.partition('=')[0]}= {HIDDEN}" if number in secret else line for number, line in lines)
