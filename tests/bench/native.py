# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The compiled helpers, made anew from native/*.c for each benchmark."""

from __future__ import annotations

import subprocess
from pathlib import Path

_SOURCES = Path(__file__).resolve().parent / "native"


def compiled(name: str, *, into: Path) -> Path:
    """The program made of native/<name>.c."""
    program = into / name
    into.mkdir(parents=True, exist_ok=True)
    subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-o", program, _SOURCES / f"{name}.c"], check=True)
    return program
