# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab is a directory of scripts, not a package; an installed collection does not have it."""

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
    """Skip the test, with the reason, if this machine cannot make local test hosts."""
    from namespaces import missing_requirement

    missing = missing_requirement()
    if missing:
        pytest.skip(missing)
