# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the pages on kernel parameters; see page.py and values_page.py.

Arguments are records of `make vm-full PART=boundaries`, .cache/logs/vm-IMAGE-boundaries.json. Their parameters are
added to tests/fixtures/kernel_boundaries.json first.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "playbooks" / "collections"))

from . import page, values_page
from .record import add

for path in sys.argv[1:]:
    add(Path(path))
for each in (page, values_page):
    each.PAGE.write_text(each.text())
    print(each.PAGE)
