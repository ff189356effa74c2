# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Python interpreters of this machine, by version."""

from __future__ import annotations

import shutil
import subprocess


def find_python(version: str) -> str | None:
    """Return the path of a Python of that version that can make virtual environments, or None."""
    candidates = [shutil.which(f"python{version}")]
    if shutil.which("pyenv"):
        candidates += _output("pyenv", "whence", "--path", f"python{version}").split()
    # A shim of pyenv fails unless its version is selected.
    code = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2])"
    return next((path for path in candidates if path and _output(path, "-c", code).strip() == version), None)


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
