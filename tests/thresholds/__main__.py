# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the thresholds of the rules into the guide on diagnosing; see table.py."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "playbooks" / "collections"))

from .table import GUIDE, updated

GUIDE.write_text(updated(GUIDE.read_text()))
print(GUIDE)
