# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference page belongs to a checkout; an installed collection has no tests/kernels."""

from __future__ import annotations

from pathlib import Path

if not (Path(__file__).parents[2] / "kernels").is_dir():
    collect_ignore_glob = ["test_*.py"]
