# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a checkout importable as `ansible_collections.nettune.tcp`, wherever it is; ansible-test does so itself."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any


def _make_importable(checkout: Path) -> None:
    for name, path in (
        ("ansible_collections", []),
        ("ansible_collections.nettune", []),
        ("ansible_collections.nettune.tcp", [str(checkout)]),
    ):
        module = ModuleType(name)
        module.__path__ = path
        sys.modules[name] = module
        parent, _dot, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, module)


def pytest_configure(config: Any) -> None:
    """Register the marker `long` here, as ansible-test reads no other configuration of the checkout."""
    config.addinivalue_line("markers", "long: takes seconds of CPU time; `make check` leaves it out")


try:
    importlib.import_module("ansible_collections.nettune.tcp.plugins")
except ImportError:
    _make_importable(Path(__file__).resolve().parents[2])
