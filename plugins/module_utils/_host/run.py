# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands of a host, found where root finds them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable

_SECONDS = 90


def run(command: Iterable[str]) -> tuple[int, str]:
    """Run a command to its end; its exit status (127 where there is none of that name), and what it said."""
    program, *arguments = command
    found = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/bin:/bin:/usr/sbin:/sbin")
    if found is None:
        return 127, f"there is no {program} on this host"
    try:
        done = subprocess.run(
            [found, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return 1, str(error)
    return done.returncode, done.stderr or done.stdout
