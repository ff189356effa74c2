# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of the checkout at a path that Ansible's tools accept: .cache/src/ansible_collections/nettune/tcp.

It holds what git knows or would add, so a run judges one moment of the checkout, and only what a clone would have.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from .places import ROOT, SOURCES

# A link to the checkout itself, for running its playbooks without installing them: in a copy it would be a loop.
_LEFT_OUT = "playbooks/collections/"


def listed(checkout: Path) -> list[Path]:
    """The checkout's files, relative to it: tracked, or neither tracked nor ignored."""
    command = ["git", "-C", checkout, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except FileNotFoundError:
        raise SystemExit("git is needed to tell the project's files; as root: apt-get install git") from None
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"git cannot list the files of {checkout}: {error.stderr.strip()}") from None
    names = (name for name in done.stdout.split("\0") if name and not name.startswith(_LEFT_OUT))
    # A tracked file that was just deleted is still listed.
    return [Path(name) for name in names if (checkout / name).exists() or (checkout / name).is_symlink()]


def copy(checkout: Path, destination: Path) -> int:
    """Make `destination` a copy of the checkout's files, and of nothing else; how many there are."""
    files = listed(checkout)
    shutil.rmtree(destination, ignore_errors=True)
    for file in files:
        target = destination / file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(checkout / file, target, follow_symlinks=False)
    # A repository of its own: tools that ask git for the files would otherwise be told that all of .cache is ignored.
    subprocess.run(["git", "init", "--quiet", destination], check=True)
    subprocess.run(["git", "-C", destination, "add", "--all", "--force"], check=True)
    return len(files)


if __name__ == "__main__":
    print(copy(ROOT, SOURCES), "files")
