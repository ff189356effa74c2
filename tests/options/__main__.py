# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the reference pages of the playbooks and of the metrics; see page.py and metrics_page.py."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "playbooks" / "collections"))

from . import metrics_page, page

for each in (page, metrics_page):
    each.PAGE.write_text(each.text())
    print(each.PAGE)
