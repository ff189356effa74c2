# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the documentation are run from a checkout; an installed collection has no tests/documented."""

from __future__ import annotations

from pathlib import Path

if not (Path(__file__).parents[2] / "documented").is_dir():
    collect_ignore_glob = ["test_*.py"]
