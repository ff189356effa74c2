# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ansible-playbook from this checkout on local hosts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def run(directory: Path, playbook: str, *options: str, inventory: str = "") -> tuple[int, str]:
    """Return the exit code and the output of a playbook, given as text. Without inventory only localhost exists."""
    link = directory / "collections" / "ansible_collections" / "nettune" / "tcp"
    if not link.is_symlink():
        link.parent.mkdir(parents=True)
        link.symlink_to(ROOT)
    (directory / "play.yml").write_text(playbook)
    if inventory:
        (directory / "hosts").write_text(inventory)
        options = ("-i", "hosts", *options)
    done = subprocess.run(
        [sys.executable, "-m", "ansible.cli.playbook", "play.yml", "-c", "local", *options],
        cwd=directory,
        env={
            **_environment(),
            "ANSIBLE_HOME": str(directory),
            "ANSIBLE_COLLECTIONS_PATH": str(directory / "collections"),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    return {**kept, "ANSIBLE_NOCOLOR": "true", "ANSIBLE_LOCALHOST_WARNING": "false", "COLUMNS": "80"}
