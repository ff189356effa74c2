# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The help of a playbook: a table of its options."""

from __future__ import annotations

from ansible_collections.nettune.tcp.plugins.plugin_utils.screens import line
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.line import Line

from . import rows
from .playbooks import Playbook
from .rows import Row

_HEADER = ("OPTION", "TYPE", "DEFAULT", "MEANING")


def lines(playbook: Playbook, *, width: int) -> list[Line]:
    """Return the help as lines no longer than `width`."""
    target = Row("target", "str", "Host pattern; it is read from -e only", "web", (), playbook.target)
    table = [line.Row(_cells(row)) for row in (target, *rows.of(playbook.name))]
    shown = [Line(f"nettune.tcp.{playbook.name}: {playbook.does}"), Line("")]
    shown += line.table(_HEADER, table, width=width)
    shown += [Line("")]
    if playbook.role:
        shown += line.paragraph(
            f"Variables of the roles {' and '.join(playbook.roles)} apply too:"
            f" ansible-doc -t role nettune.tcp.{playbook.role} nettune.tcp.tuning",
            width=width,
        )
    shown += line.paragraph(
        "Set options with -e NAME=VALUE, or in the inventory. Lists are values separated by commas.", width=width
    )
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


def _cells(row: Row) -> list[str]:
    kind = "str" if row.kind in ("file", "output") else row.kind
    return [row.name, kind, default(row), f"{meaning(row)}; e.g. {row.example}"]


# The exclusions of nettune_subset double its choices.
_LONG_CHOICES = ("nettune_subset",)
