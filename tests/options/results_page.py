# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference page of the result files. `python -m tests.options` writes docs/docsite/rst/reference_results.rst."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Iterator, Mapping

from .page import ROOT

PAGE = ROOT / "docs" / "docsite" / "rst" / "reference_results.rst"
SCHEMAS = ROOT / "docs" / "schemas"
HEAD = """\
..
  SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
  SPDX-License-Identifier: GPL-3.0-or-later

  Made by `python -m tests.options`.

.. _ansible_collections.nettune.tcp.docsite.reference_results:

Result files
============

These are the keys of the JSON files that playbooks write to ``nettune_output``, from the JSON Schemas in
``docs/schemas``. The tests validate real results with these schemas. ``[]`` stands for each element of a list, and
``*`` for each key. Later releases may add keys.
:ref:`ansible_collections.nettune.tcp.docsite.guide_output` has examples, and the columns of CSV files.
"""
_TABLE = """
.. list-table::
   :header-rows: 1
   :widths: {widths}

   * - Key
     - Type
"""
# Deeper keys are those of results of modules, which the modules document.
_DEEPEST = 3


def text() -> str:
    """Return the page."""
    return HEAD + "".join(_section(path) for path in sorted(SCHEMAS.glob("*.json")))


def keys(schema: Mapping[str, Any], path: str = "", depth: int = 0) -> Iterator[tuple[str, str, str]]:
    """Yield the path, type and description of each key down to _DEEPEST, in the order of the schema."""
    if path:
        yield path, _type(schema), schema.get("description", "")
        depth += not path.endswith(("[]", "*"))
    if depth >= _DEEPEST:
        return
    if isinstance(schema.get("items"), dict) and _has_keys(schema["items"]):
        yield from list(keys(schema["items"], f"{path}[]", depth))[bool(path) :]
    if _has_keys(schema.get("additionalProperties")):
        yield from list(keys(schema["additionalProperties"], f"{path}.*", depth))[1:]
    for name, value in schema.get("properties", {}).items():
        yield from keys(value, f"{path}.{name}" if path else name, depth)


def _has_keys(schema: Any) -> bool:
    return isinstance(schema, dict) and any(word in schema for word in ("properties", "items", "additionalProperties"))


def _type(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"``{json.dumps(value)}``" for value in schema["enum"])
    if "const" in schema:
        return f"``{json.dumps(schema['const'])}``"
    kinds = schema.get("type", "any")
    return kinds if isinstance(kinds, str) else " or ".join(kinds)


def _section(path: Path) -> str:
    schema = json.loads(path.read_text())
    title = f"{path.stem}.json"
    found = list(keys(schema))
    explained = any(meaning for _name, _kind, meaning in found)
    table = _TABLE.format(widths="38 14 48" if explained else "60 40") + ("     - Meaning\n" if explained else "")
    for name, kind, meaning in found:
        table += f"   * - ``{name}``\n     - {kind}\n"
        table += f"     - {_escaped(meaning)}".rstrip() + "\n" if explained else ""
    what = _escaped(f"{schema['title']}. {schema['description']}")
    return f"\n{title}\n{'-' * len(title)}\n\n{what}\n{table if found else ''}"


def _escaped(meaning: str) -> str:
    return meaning.replace("\\", "\\\\").replace("_", "\\_").replace("*", "\\*").replace("`", "\\`")
