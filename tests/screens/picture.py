# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take the picture of a tune run for README.md: what a terminal shows, as docs/img/tune-web.svg.

    python -m tests.screens.picture

The hosts are local test hosts; this machine is not changed.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

from tests.screens.__main__ import record
from tests.screens.scenarios import Screen

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lab"))

from hosts import Lab  # noqa: E402  # the lab's files import each other without a package

_PICTURE = Path(__file__).resolve().parents[2] / "docs" / "img" / "tune-web.svg"
_WIDTH = 112
# Settings that users have too: only tasks that changed something, with colours.
_SETTINGS = {
    "ANSIBLE_DISPLAY_OK_HOSTS": "false",
    "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
    "ANSIBLE_FORCE_COLOR": "true",
    "ANSIBLE_NOCOLOR": "false",
    "COLUMNS": str(_WIDTH),
}
# The template of rich, without its fonts, which a browser would load from another server.
_FORMAT = Path(__file__).with_name("terminal.svg")


def picture(text: str) -> str:
    """Return an SVG of a terminal that shows the text, whose colours are ANSI escape sequences."""
    console = Console(width=_WIDTH, record=True, file=io.StringIO(), legacy_windows=False)
    console.print(Text.from_ansi(f"{text}\n "), soft_wrap=True)
    svg = console.export_svg(theme=DIMMED_MONOKAI, code_format=_FORMAT.read_text(), unique_id="tune")
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def main() -> int:
    """Return 0 if the run has changed its hosts."""
    screen = Screen("tune-web", "tune_web", ())
    with tempfile.TemporaryDirectory(prefix="nettune-picture-") as state:
        Path(state, "ansible.cfg").touch()
        with Lab(["web1", "web2", "web3"], state=os.path.join(state, "lab")) as lab:
            text = record(screen, lab, state, _SETTINGS)
    shown, _separator, code = text.rstrip().rpartition("\nexit code: ")
    if code != "0":
        print(text)
        return 1
    _PICTURE.write_text(picture(shown.rstrip()), encoding="utf-8")
    print(f"wrote docs/img/{_PICTURE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
