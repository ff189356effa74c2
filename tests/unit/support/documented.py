# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the documented options of a module, to compare them with its argument spec."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any

import yaml

_FRAGMENTS = "ansible_collections.nettune.tcp.plugins.doc_fragments"


def options(module: ModuleType) -> dict[str, Any]:
    """Return the options in DOCUMENTATION and its fragments, without descriptions."""
    documentation = yaml.safe_load(module.DOCUMENTATION)
    found: dict[str, Any] = {}
    for fragment in documentation.get("extends_documentation_fragment", ()):
        name, _dot, section = fragment.replace("nettune.tcp.", "", 1).partition(".")
        texts = import_module(f"{_FRAGMENTS}.{name}").ModuleDocFragment
        found.update(yaml.safe_load(getattr(texts, (section or "documentation").upper())).get("options") or {})
    found.update(documentation.get("options") or {})
    return {name: {key: row[key] for key in row if key != "description"} for name, row in found.items()}
