# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the gate reads and writes. All it makes is under .cache/, which git ignores."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
LOGS = CACHE / "logs"
BIN = CACHE / "venv" / "bin"
IMPORTER = CACHE / "importer" / "bin"
OLDEST = CACHE / "oldest" / "bin"
# The copy of the checkout that is judged, the tarball built from it, and the collection installed from that.
SOURCES = CACHE / "src" / "ansible_collections" / "nettune" / "tcp"
# Another copy, as ansible-test leaves much in the one it works in.
ANSIBLE_TEST = CACHE / "ansible-test" / "ansible_collections" / "nettune" / "tcp"
BUILD = CACHE / "build"
COLLECTIONS = CACHE / "collections"
DOCS = CACHE / "docs"
# What Ansible and ansible-test would otherwise keep in the user's home.
HOME = CACHE / "home"


def environment() -> dict[str, str]:
    """The environment of every step: our tools first, nothing of the user's Ansible, and a UTF-8 locale."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "MOLECULE_"))}
    return {
        **mine,
        "PATH": f"{BIN}{os.pathsep}{mine.get('PATH', os.defpath)}",
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_HOME": str(HOME / ".ansible"),
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_NOCOLOR": "1",
        "NO_COLOR": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
