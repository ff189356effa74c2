# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a checkout importable as `ansible_collections.nettune.tcp`, wherever it is; ansible-test does so itself.

Also where temporary files are, and which tests are long.
"""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

MEMORY = Path("/dev/shm")
WITHOUT_LONG = Path(__file__).with_name("without_long")


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


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    """Leave out the long tests if a file asks for that: ansible-test gives pytest no options and no environment."""
    if WITHOUT_LONG.exists():
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("long")])
        items[:] = [item for item in items if not item.get_closest_marker("long")]


# Tests sync thousands of small files, which takes half the time in memory.
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 1 << 30:
    tempfile.tempdir = str(MEMORY)
try:
    importlib.import_module("ansible_collections.nettune.tcp.plugins")
except ImportError:
    _make_importable(Path(__file__).resolve().parents[2])
