# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Open-file limits as facts: processes near their limit, and the limits that PAM and systemd give.

The facts have no value for `unlimited`: no process can open more files than fs.nr_open, and pam_limits uses that value
for a line that says unlimited.
"""

from __future__ import annotations

from typing import Any, Iterable, NamedTuple

from .._common.errors import InvalidOption, MalformedInput
from .._formats import limits_conf, unit_conf, unit_name
from .._formats.limits_conf import Entry
from .._formats.rlimit import Limit, shown
from .snapshot import Files, Parent

# The default of fs.nr_open (fs/file.c, sysctl_nr_open).
NR_OPEN = 1048576
# The kernel truncates process names to this length (include/linux/sched.h, TASK_COMM_LEN).
_LONGEST_NAME = 15
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


def matching(processes: Iterable[OpenFiles], name: str, service: str | None) -> list[OpenFiles]:
    """Return the processes named `name` and those of `service`."""
    truncated = _truncated(name)
    return [
        one
        for one in processes
        if truncated == _truncated(one.name) or (service and one.unit and unit_name.covers(service, one.unit))
    ]


def service(name: str) -> str | None:
    """Return the service that the name of a process or service may refer to, or None if it is not a valid name."""
    try:
        return unit_name.service(name)
    except InvalidOption:
        return None


def process_row(process: OpenFiles, *, ghosts: int | None, nr_open: int) -> dict[str, Any]:
    """Return a row of the fact `processes`."""
    return {
        "pid": process.pid,
        "name": process.name,
        "unit": process.unit,
        "descriptors": process.descriptors,
        **shown(unit_conf.finite(process.limit, nr_open=nr_open)),
        "ratio": process.ratio,
        "ghosts": ghosts,
    }


def entry_row(entry: Entry, *, nr_open: int) -> dict[str, Any]:
    """Return a row of the fact `pam.entries`. value is None for a line that exempts its domain from all limits."""
    value = None if entry.value is None else limits_conf.value(entry, nr_open=nr_open)
    return {
        "path": entry.path,
        "line": entry.line,
        "domain": entry.domain,
        "type": entry.type,
        "value": value,
        "written": entry.written or None,
    }


def limit_of_unit(files: Files, defaults: Files, *, init: Parent, nr_open: int) -> Limit:
    """Return the limit that a service gets when systemd starts it.

    files: its unit file and drop-ins. defaults: systemd's own configuration. init: PID 1.
    """
    for source, key in ((files, unit_conf.UNIT_KEY), (defaults, unit_conf.DEFAULT_KEY)):
        assignment = unit_conf.last_assignment(source, key)
        if assignment:
            return init.granted(assignment.limit, nr_open)
    return init.granted(unit_conf.BUILT_IN, nr_open)


def first_number(text: str) -> int:
    """Return the number at the start of a file of /proc/sys. Raises MalformedInput."""
    field = (text.split() or [""])[0]
    if not (field.isascii() and field.isdigit()):
        raise MalformedInput(f"{text[:80]!r} does not begin with a number")
    return int(field)


def _truncated(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")[:_LONGEST_NAME]


def _known(number: float | None) -> float:
    return -1 if number is None else number
