# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference page of the playbooks. `python -m tests.options` writes docs/docsite/rst/reference_playbooks.rst."""

from __future__ import annotations

from pathlib import Path
from typing import Sequence

from ansible_collections.nettune.tcp.plugins.plugin_utils.options import help as help_screen
from ansible_collections.nettune.tcp.plugins.plugin_utils.options import playbooks, rows
from ansible_collections.nettune.tcp.plugins.plugin_utils.options.playbooks import Playbook
from ansible_collections.nettune.tcp.plugins.plugin_utils.options.rows import Row

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "docsite" / "rst" / "reference_playbooks.rst"
HEAD = """\
..
  SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
  SPDX-License-Identifier: GPL-3.0-or-later

  Made by `python -m tests.options`.

.. _ansible_collections.nettune.tcp.docsite.reference_playbooks:

Playbooks and their options
===========================

Set options with ``-e NAME=VALUE`` or in the inventory; an option must have the same value on all hosts of a run. The
host pattern ``target`` is read from ``-e`` only. Separate the values of a list by commas. With
``-e nettune_help=true`` a playbook prints its options and ends without contacting a host.

Before a playbook contacts any host, it checks all variables that begin with ``nettune_`` or ``tuning_``, or with the
prefix of the role that it applies. Values of the wrong type and misspelt names are refused. If a variable of your own
looks like a misspelt one, name it in ``nettune_allow_variables``.

"""
_COMMON = (rows.OUTPUT, rows.ALLOW, rows.HELP)


def text() -> str:
    """Return the page."""
    common = [row for row in rows.of("facts") if row.name in _COMMON]
    parts = [_section("Options of every playbook", "", common)]
    parts += [_section(f"nettune.tcp.{each.name}", _about(each), _own(each)) for each in playbooks.PLAYBOOKS]
    return HEAD + "\n".join(parts)


def _about(playbook: Playbook) -> str:
    about = [f"{playbook.does}. Hosts without ``-e target``: ``{playbook.target}``."]
    if playbook.role:
        about.append(
            f"The variables of the roles :ansplugin:`nettune.tcp.{playbook.role}#role` and"
            " :ansplugin:`nettune.tcp.tuning#role` apply too."
        )
    return "\n".join(about) + "\n"


def _own(playbook: Playbook) -> list[Row]:
    """Return the options of a playbook that not every playbook has."""
    return [row for row in rows.of(playbook.name) if row.name not in _COMMON or len(row.used_by) == 1]


def _section(title: str, about: str, options: Sequence[Row]) -> str:
    lines = [title, "-" * len(title), ""]
    lines += [about] if about else []
    if options:
        lines += [".. list-table::", "   :header-rows: 1", "   :widths: 25 8 17 30 20", ""]
        lines += ["   * - Option", "     - Type", "     - Default", "     - Meaning", "     - Example"]
    for row in options:
        lines += [
            f"   * - {_code(row.name)}",
            f"     - {help_screen.kind(row)}",
            f"     - {_plain(help_screen.default(row))}",
        ]
        lines += [f"     - {_plain(help_screen.meaning(row))}.", f"     - {_code(row.example)}"]
    return "\n".join(lines).rstrip("\n") + "\n"


def _code(line: str) -> str:
    return f"``{line}``"


def _plain(message: str) -> str:
    """Return the text with the characters escaped that are markup in RST, and that begin a list."""
    escaped = message.replace("\\", "\\\\").replace("*", "\\*").replace("_", "\\_")
    return f"\\{escaped}" if escaped == "-" else escaped
