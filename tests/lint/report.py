# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lint report for the source documents: `python -m tests.lint` writes it to docs/docsite/rst/report_lint.rst.

tests/fixtures/lint has the settings of each source, with one file for each set of settings that belongs together.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Iterator, Sequence

from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.row import summary

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "fixtures" / "lint"
PAGE = ROOT / "docs" / "docsite" / "rst" / "report_lint.rst"

# Number and subject of each source.
SOURCES = {
    "000": "connections that stay ESTABLISHED, and a million of them",
    "001": "web servers, Squid and mail",
    "002": "too many open files, and a section for each state that piles up",
    "003": "TIME_WAIT of clients and of servers",
    "004": "TIME_WAIT with short connections",
}
HEAD = """\
..
  SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
  SPDX-License-Identifier: GPL-3.0-or-later

  Made by `python -m tests.lint`.

.. _ansible_collections.nettune.tcp.docsite.report_lint:

Lint report for the source documents
====================================

This collection began with five documents by operators, some from 2008. This page lists their settings in order, with
the verdict of :ansplugin:`nettune.tcp.sysctl_lint#filter` for current kernels. For the kernels of their time some
verdicts differ; :ref:`ansible_collections.nettune.tcp.docsite.guide_lint` shows how to name a kernel.

"""


def text() -> str:
    """Return the page."""
    everything = [row for source in SOURCES for _name, rows in judged(source) for row in rows]
    return HEAD + summary(everything) + ".\n" + "".join(_section(source) for source in SOURCES)


def judged(source: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield (name, rows) for each file of a source."""
    for path in sorted((FIXTURES / source).iterdir()):
        yield path.stem.partition("-")[2].replace("-", " "), engine.lint(path.read_text())


def _section(source: str) -> str:
    title = f"{source}: {SOURCES[source]}"
    return f"\n{title}\n{'-' * len(title)}\n" + "".join(_table(name, rows) for name, rows in judged(source))


def _table(name: str, rows: Sequence[dict[str, Any]]) -> str:
    head = [f".. list-table:: {name}", "   :header-rows: 1", "   :widths: 5 33 10 29 23", ""]
    cells = [("line", "setting", "verdict", "reason", "suggestion")]
    cells += [
        (str(row["line"]), _code(_setting(row)), row["verdict"], _plain(row["message"]), _lines(row)) for row in rows
    ]
    return "\n" + "\n".join([*head, *(line for cell in cells for line in _row(cell))]) + "\n"


def _row(cells: Sequence[str]) -> Iterator[str]:
    for number, cell in enumerate(cells):
        first, *more = cell.split("\n")
        yield f"   {'*' if number == 0 else ' '} - {first}".rstrip()
        yield from (f"       {line}".rstrip() for line in more)


def _setting(row: dict[str, Any]) -> str:
    return f"{row['key']} = {row['value']}".rstrip()


def _lines(row: dict[str, Any]) -> str:
    """Return the suggestion as an RST line block."""
    lines = [f"| {_code(line)}" for line in row["suggestion"].split("\n") if line]
    return "\n".join(lines) if lines else ""


def _code(line: str) -> str:
    return f"``{line}``"


def _plain(message: str) -> str:
    """Return the message with the characters escaped that are markup in RST."""
    return message.replace("\\", "\\\\").replace("*", "\\*").replace("_", "\\_")
