# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets `pytest tests/unit` run straight in a checkout, wherever that is: it becomes `ansible_collections.nettune.tcp`.

ansible-test, and the gate with its copy, bring that package themselves.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType


def _stand_for_the_collection(checkout: Path) -> None:
    for name, path in (
        ("ansible_collections", []),
        ("ansible_collections.nettune", []),
        ("ansible_collections.nettune.tcp", [str(checkout)]),
    ):
        module = ModuleType(name)
        module.__path__ = path
        sys.modules[name] = module
        parent, _dot, last = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], last, module)


try:
    importlib.import_module("ansible_collections.nettune.tcp.plugins")
except ImportError:
    _stand_for_the_collection(Path(__file__).resolve().parents[2])
