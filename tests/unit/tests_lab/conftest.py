# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab is scripts beside each other, not a package; an installed collection comes without it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

LAB = Path(__file__).parents[2] / "lab"

if LAB.is_dir():
    sys.path.insert(0, str(LAB))
else:
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session")
def needs_namespaces() -> None:
    """Skip, with the reason, where this machine cannot make private hosts."""
    from namespaces import what_is_missing

    missing = what_is_missing()
    if missing:
        pytest.skip(missing)
