# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""/proc/PID/limits: the limits of one process (proc_pid_limits(5), fs/proc/base.c, proc_pid_limits)."""

from __future__ import annotations

from .._common.errors import MalformedInput
from .rlimit import INFINITY, Limit

_ROW = "Max open files"


def open_files(text: str) -> Limit:
    """RLIMIT_NOFILE of the process whose limits are `text`. Raises MalformedInput where the row is missing or odd.

    >>> open_files("Max open files            1024                 524288               files\n")
    Limit(soft=1024, hard=524288)
    """
    for line in text.splitlines():
        if line.startswith(_ROW):
            return _limit(line)
    raise MalformedInput(f"/proc/PID/limits has no row `{_ROW}`")


def _limit(line: str) -> Limit:
    fields = line[len(_ROW) :].split()
    if len(fields) < 2 or not all(_is_number(field) for field in fields[:2]):
        raise MalformedInput(f"/proc/PID/limits: two numbers were expected in {line!r}")
    soft, hard = (INFINITY if field == "unlimited" else int(field) for field in fields[:2])
    return Limit(soft, hard)


def _is_number(field: str) -> bool:
    return field == "unlimited" or (field.isascii() and field.isdigit())
