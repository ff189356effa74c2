# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tells one boot of a host from the next, and one process from a later one with the same pid.

The journal records both, so that a later run does not take one for the other.
"""

from __future__ import annotations

from .._common.errors import MalformedInput
from .._formats import proc_pid
from .files import HostFiles

BOOT_ID = "/proc/sys/kernel/random/boot_id"


def boot_id(files: HostFiles) -> str:
    """Return the id of this boot (random(4)); empty if it cannot be read."""
    return (files.read_text(BOOT_ID) or "").strip()


def process_start(files: HostFiles, pid: int) -> int | None:
    """Return when a process started, in clock ticks after boot (field 22 of /proc/PID/stat); None if it has ended."""
    try:
        text = files.read_text(f"/proc/{pid}/stat")
        return proc_pid.parse_stat(text).start if text else None
    except (ProcessLookupError, MalformedInput):  # it ended between the opening and the reading
        return None
