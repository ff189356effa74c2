# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take the screenshots of the documentation, docs/img/report-*.png. `make pictures` does it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(_ROOT / "playbooks" / "collections"))

from tests.report import pages  # noqa: E402  # the line above makes the collection importable
from tests.report.browser import started  # noqa: E402  # as above

_IMAGES = _ROOT / "docs" / "img"
# Name, what follows the name of the file, width, height, dark.
SHOTS = (
    ("report", "", 1280, 860, False),
    ("report-dark", "", 1280, 860, True),
    ("report-hosts", "#hosts", 1280, 760, False),
    ("report-host", "#host=web3", 1280, 1180, False),
    ("report-phone", "", 390, 844, False),
)


def main() -> None:
    """Take all screenshots of the small site."""
    page = pages.site()
    with tempfile.TemporaryDirectory(prefix="nettune-report-") as directory, started(Path(directory)) as browser:
        for name, address, width, height, dark in SHOTS:
            browser.open(page, address, width=width, height=height, dark=dark)
            path = _IMAGES / f"{name}.png"
            browser.driver.save_screenshot(str(path))
            print(path.relative_to(_ROOT))


if __name__ == "__main__":
    main()
