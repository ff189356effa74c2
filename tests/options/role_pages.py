# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables in the README of each role, from its argument specs. `python -m tests.options` writes them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Mapping

import yaml

from .page import ROOT

PAGES = sorted(ROOT.glob("roles/*/README.md"))
_START = "<!-- Written by `python -m tests.options`. -->\n"
_END = "<!-- End of the variables. -->\n"
# Ansible's markup for names and values: O(option), O(plugin#type:option), V(value), C(code), M(module), P(plugin#type),
# E(environment variable).
_CODE = re.compile(r"\b[OVCMPE]\(([^()]*(?:\([^()]*\))?[^()]*)\)")
_BASE = "tuning"


def text(page: Path) -> str:
    """Return the README with the variables of its role between the markers."""
    readme = page.read_text(encoding="utf-8")
    before, start, rest = readme.partition(_START)
    _old, end, after = rest.partition(_END)
    if not start or not end:
        raise ValueError(f"{page.relative_to(ROOT)} lacks {_START.strip()} or {_END.strip()}")
    return f"{before}{_START}\n{_table(page.parent.name)}\n{_END}{after}"


def _options(role: str) -> dict[str, Mapping[str, Any]]:
    """Return {variable: specification} of all entry points; the one of `main` counts if several have a variable."""
    specs = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text())["argument_specs"]
    entries = sorted(specs, key=lambda name: name != "main")
    return {name: option for entry in reversed(entries) for name, option in (specs[entry].get("options") or {}).items()}


def _table(role: str) -> str:
    options = _options(role)
    defaults = yaml.safe_load((ROOT / "roles" / role / "defaults" / "main.yml").read_text()) or {}
    lines = ["| variable | type | default | meaning |", "|---|---|---|---|"]
    for name, option in sorted(options.items(), key=lambda item: (not item[1].get("required", False), item[0])):
        default = _default(option) or ("[defaults](defaults/main.yml)" if name in defaults else "")
        lines.append(f"| `{name}` | {_type(option)} | {default} | {_meaning(option)} |")
    return "\n".join(lines) + "\n"


def _type(option: Mapping[str, Any]) -> str:
    inner = f" of {option['elements']}" if "elements" in option else ""
    return f"{option.get('type', 'str')}{inner}"


def _default(option: Mapping[str, Any]) -> str:
    if option.get("required"):
        return "required"
    default = option.get("default")
    if default is None:
        return ""
    shown = str(default).lower() if isinstance(default, bool) else str(default)
    return f"`{shown}`" if shown else "empty"


def _meaning(option: Mapping[str, Any]) -> str:
    """Return the description as one paragraph of Markdown, and the choices."""
    parts = option["description"]
    found = " ".join([parts] if isinstance(parts, str) else parts)
    if "choices" in option:
        found += " One of " + ", ".join(f"V({choice})" for choice in option["choices"]) + "."
    return _CODE.sub(lambda match: f"`{_name(match[1])}`", " ".join(found.split())).replace("|", "\\|")


def _name(name: str) -> str:
    """Return the name of an option or plugin without the plugin's type and the option's entry point."""
    plugin, marked, rest = name.partition("#")
    option = rest.rpartition(":")[2] if ":" in rest else ""
    if not marked:
        return name
    return option if option.startswith(_BASE) else f"{option}` of `{plugin}" if option else plugin
