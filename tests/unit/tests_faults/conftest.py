# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An installed collection does not have the faults."""

from __future__ import annotations

from pathlib import Path

if not (Path(__file__).parents[2] / "faults").is_dir():
    collect_ignore_glob = ["test_*.py"]
