# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates around YAML and in it, as Ansible, Salt and Helm have them.

{% set params = {'net.core.somaxconn': 4096} %}
settings: "{{ [{'name': 'net.core.somaxconn', 'value': 4096}] }}"
"""

from __future__ import annotations

import re
from typing import Iterator

from . import blocks, text
from .lines import Line
from .row import YAML, Setting

# Lines of a template, which are no YAML, and values that are filled in without quotes around them.
_TEMPLATE_LINE = re.compile(r"^[ \t]*\{[%#].*$|^[ \t]*\{\{-?\s*(?:if|else|end|range|with|include)\b.*$", re.MULTILINE)
_TEMPLATE_VALUE = re.compile(r"^([ \t]*(?:-[ \t]+)?[^\s'\"#{][^:\n]*:[ \t]+|[ \t]*-[ \t]+)(\{\{[^\n]*)$", re.MULTILINE)
# The rest of a longer text is ignored: it is no dictionary.
_LONGEST = 10_000
_STATEMENT = re.compile(r"\s*\{%.*\{")


def as_yaml(given: str) -> str:
    """Return a text without the lines of its template, and with quotes around values that are filled in."""
    return _TEMPLATE_VALUE.sub(_quoted, _TEMPLATE_LINE.sub("", given))


def settings(given: str) -> Iterator[Setting]:
    """Yield the settings of dictionaries in statements, which are no YAML."""
    if "{%" in given:
        for number, raw in enumerate(given.split("\n"), start=1):
            if _STATEMENT.match(raw):
                yield from (one._replace(form=YAML) for one in text.inside(Line(number, raw[:_LONGEST])))


def in_text(given: str) -> Iterator[Setting]:
    """Yield the settings of a dictionary, or a list of dictionaries, that is written in Jinja."""
    given = given[:_LONGEST]
    found = blocks.settings(given) or text.inside(Line(1, given))
    return (one._replace(form=YAML) for one in found)


def _quoted(found: re.Match[str]) -> str:
    quoted = found[2].rstrip().replace("'", "''")
    return f"{found[1]}'{quoted}'"
