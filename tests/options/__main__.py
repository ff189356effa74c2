# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the reference pages, see *page.py, and the variables of roles in their READMEs, see role_pages.py."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "playbooks" / "collections"))

from . import metrics_page, page, results_page, role_pages

for each in (page, metrics_page, results_page):
    each.PAGE.write_text(each.text())
    print(each.PAGE)

for readme in role_pages.PAGES:
    readme.write_text(role_pages.text(readme))
    print(readme)
