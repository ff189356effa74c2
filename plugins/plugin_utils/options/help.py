# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The help of a playbook: a table of its options."""

from __future__ import annotations

import itertools
from typing import Sequence

from ansible_collections.nettune.tcp.plugins.plugin_utils.screens import line
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.line import Line

from . import rows
from .playbooks import Playbook
from .rows import Row

_HEADER = ("OPTION", "TYPE", "DEFAULT", "EXAMPLE")


def lines(playbook: Playbook, *, width: int) -> list[Line]:
    """Return the help as lines no longer than `width`."""
    shown_default = "must be named" if playbook.names_hosts else ""
    target = Row(
        "target", "str", "Host pattern; set it with -e, not in the inventory", "web", (), playbook.target, shown_default
    )
    table = [target, *rows.of(playbook.name)]
    shown = [*line.paragraph(f"nettune.tcp.{playbook.name}: {playbook.does}", width=width), Line("")]
    shown += _table(table, width)
    shown += [Line("")]
    if playbook.role:
        shown += line.paragraph(
            f"The variables of the roles {' and '.join(playbook.roles)} apply too:"
            f" ansible-doc -t role nettune.tcp.{playbook.role} nettune.tcp.tuning",
            width=width,
        )
    return shown + line.paragraph(
        "Set options with -e NAME=VALUE or in the inventory. Separate the values of a list by commas.", width=width
    )


def _table(table: Sequence[Row], width: int) -> list[Line]:
    """Return a row for each option, with its meaning below."""
    # The severity of a row is that of its lines, so it tells which lines belong to which option.
    cells = [line.Row((row.name, kind(row), default(row), row.example), row.name) for row in table]
    head, *drawn = line.table(_HEADER, cells, width=width)
    below = {row.name: line.paragraph(f"{meaning(row)}.", width=width, indent="  ", severity=line.DIM) for row in table}
    shown = [head]
    for name, part in itertools.groupby(drawn, key=lambda each: each.severity):
        shown += [*(Line(each.text) for each in part), *below[name]]
    return shown


def default(row: Row) -> str:
    """Return the default of an option as text."""
    if row.required:
        return "required"
    if row.default_text:
        return row.default_text
    if isinstance(row.default, (list, tuple)):
        return ",".join(map(str, row.default))
    if isinstance(row.default, bool):
        return str(row.default).lower()
    if isinstance(row.default, float):
        return f"{row.default:g}"
    return "-" if row.default is None else str(row.default)


def meaning(row: Row) -> str:
    """Return what the option means, and its choices or range."""
    if row.choices and row.name not in _LONG_CHOICES:
        return f"{row.meaning}: {', '.join(filter(None, row.choices))}"
    if row.low is not None:
        allowed = f"{row.low:g} or more" if row.high is None else f"{row.low:g} to {row.high:g}"
        return f"{row.meaning} ({allowed})"
    return row.meaning


def kind(row: Row) -> str:
    """Return the type of the option as users know it."""
    return "str" if row.kind in ("file", "output") else row.kind


# The exclusions of nettune_subset double its choices.
_LONG_CHOICES = ("nettune_subset",)
