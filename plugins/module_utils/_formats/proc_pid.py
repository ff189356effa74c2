# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""/proc/PID/stat: one process in one line (proc_pid_stat(5))."""

from __future__ import annotations

from typing import NamedTuple

from .._common.errors import MalformedInput

_PARENT, _START = 4, 22


class Stat(NamedTuple):
    """name: at most 15 bytes.

    parent: its pid. start: clock ticks after boot; with the pid it names one process for ever.
    """

    pid: int
    name: str
    parent: int
    start: int


def parse(text: str) -> Stat:
    """The process of a line.

    The name may hold blanks and parentheses: it ends at the last `)`. Raises MalformedInput.
    """
    head, _open, rest = text.partition("(")
    name, _close, tail = rest.rpartition(")")
    fields = tail.split()
    try:
        # What follows the name begins with field 3.
        return Stat(int(head), name, int(fields[_PARENT - 3]), int(fields[_START - 3]))
    except (ValueError, IndexError) as error:
        raise MalformedInput(f"/proc/PID/stat: {text[:80]!r} is no line of it") from error
