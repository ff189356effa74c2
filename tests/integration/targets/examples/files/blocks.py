# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the examples of this collection: EXAMPLES of plugins, and YAML blocks of READMEs, guides and tutorials."""

from __future__ import annotations

import ast
import re
import textwrap
from pathlib import Path
from typing import Any, Iterator, NamedTuple

import yaml

ROOT = Path(__file__).resolve().parents[5]
_PLUGINS = ("modules", "filter", "lookup", "test")
_MARKDOWN = re.compile(r"^```ya?ml\n(.*?)^```", re.MULTILINE | re.DOTALL)
_RST = re.compile(r"^\.\. code-block:: ya?ml\n((?:[ \t]*\n|[ ]{2,}.*\n)+)", re.MULTILINE)


class Block(NamedTuple):
    """An example: where it is printed, and its text."""

    name: str
    text: str

    @property
    def first_line(self) -> str:
        """The first line, by which a file of another program names itself."""
        return self.text.partition("\n")[0]

    @property
    def content(self) -> Any:
        """The example as YAML: a list of tasks or plays, or a dictionary of variables."""
        return yaml.safe_load(self.text)


def find() -> list[Block]:
    """Return all examples, in order of their file."""
    found = [block for kind in _PLUGINS for block in _of_plugins(ROOT / "plugins" / kind)]
    for path in [ROOT / "README.md", *sorted(ROOT.glob("roles/*/README.md"))]:
        found += _in_text(path, _MARKDOWN)
    for path in sorted(ROOT.glob("docs/docsite/rst/*.rst")):
        found += _in_text(path, _RST)
    return found


def idempotent_modules() -> set[str]:
    """Return the full names of the modules whose documentation promises full idempotence."""
    names = set()
    for path in (ROOT / "plugins" / "modules").glob("*.py"):
        attributes = yaml.safe_load(_constant(path, "DOCUMENTATION")).get("attributes") or {}
        if attributes.get("idempotent", {}).get("support") == "full":
            names.add(f"nettune.tcp.{path.stem}")
    return names


def _of_plugins(directory: Path) -> Iterator[Block]:
    for path in sorted(directory.glob("*.py")):
        text = _constant(path, "EXAMPLES")
        if text.strip():
            yield Block(str(path.relative_to(ROOT)), text)


def _constant(path: Path, name: str) -> str:
    """Return a text constant of a plugin, "" if it has none."""
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Assign) and getattr(statement.targets[0], "id", "") == name:
            return ast.literal_eval(statement.value)
    return ""


def _in_text(path: Path, pattern: re.Pattern[str]) -> Iterator[Block]:
    text = path.read_text(encoding="utf-8")
    for match in pattern.finditer(text):
        line = text.count("\n", 0, match.start(1)) + 1
        yield Block(f"{path.relative_to(ROOT)}:{line}", textwrap.dedent(match[1]).strip("\n") + "\n")
