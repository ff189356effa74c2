# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the reference pages of playbooks, metrics and result files; see the files *page.py."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "playbooks" / "collections"))

from . import metrics_page, page, results_page

for each in (page, metrics_page, results_page):
    each.PAGE.write_text(each.text())
    print(each.PAGE)
