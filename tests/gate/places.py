# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Directories of the gate, all below .cache/, and the environment its commands run in."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
LOGS = CACHE / "logs"
VENV = CACHE / "venv"
BIN = VENV / "bin"
BUILD = CACHE / "build"
COLLECTIONS = CACHE / "collections"
# Ansible and ansible-test would otherwise write to the user's home directory.
HOME = CACHE / "home"


def environment() -> dict[str, str]:
    """Return the environment for commands: pinned tools first in PATH, no Ansible settings of the user, UTF-8."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "MOLECULE_"))}
    path = kept.get("PATH", os.defpath)
    return {
        **kept,
        "PATH": path if path.startswith(f"{BIN}{os.pathsep}") else f"{BIN}{os.pathsep}{path}",
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_HOME": str(HOME / ".ansible"),
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_NOCOLOR": "1",
        "NO_COLOR": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
