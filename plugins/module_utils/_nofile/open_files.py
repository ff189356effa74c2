# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The open files of processes, and how near they are to their limit."""

from __future__ import annotations

from typing import Any, Iterable, NamedTuple

from .._common.errors import MalformedInput
from .._formats.rlimit import Limit, finite, shown

# The default of fs.nr_open (fs/file.c, sysctl_nr_open).
NR_OPEN = 1048576
_DIGITS = 4


class OpenFiles(NamedTuple):
    """The open files of a process.

    unit: the service it belongs to, or None. descriptors: the number of open descriptors, None if unknown.
    """

    pid: int
    name: str
    unit: str | None
    descriptors: int | None
    limit: Limit

    @property
    def ratio(self) -> float | None:
        """Descriptors divided by the soft limit; None if unknown or if the limit is 0, as sandboxes set it."""
        if self.descriptors is None or not self.limit.soft:
            return None
        return round(self.descriptors / self.limit.soft, _DIGITS)


def nearest(processes: Iterable[OpenFiles]) -> list[OpenFiles]:
    """Return the processes, those nearest to their soft limit first."""
    return sorted(processes, key=lambda one: (-_known(one.ratio), -_known(one.descriptors), one.pid))


def process_row(process: OpenFiles, *, ghosts: int | None, nr_open: int) -> dict[str, Any]:
    """Return a row of the fact `processes`."""
    return {
        "pid": process.pid,
        "name": process.name,
        "unit": process.unit,
        "descriptors": process.descriptors,
        **shown(finite(process.limit, nr_open=nr_open)),
        "ratio": process.ratio,
        "ghosts": ghosts,
    }


def first_number(text: str) -> int:
    """Return the number at the start of a file of /proc/sys. Raises MalformedInput."""
    field = (text.split() or [""])[0]
    if not (field.isascii() and field.isdigit()):
        raise MalformedInput(f"{text[:80]!r} does not begin with a number")
    return int(field)


def _known(number: float | None) -> float:
    return -1 if number is None else number
