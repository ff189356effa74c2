# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Open-file limits as facts: processes by name, and the limits that PAM and systemd give.

The facts have no value for `unlimited`: no process can open more files than fs.nr_open, and recent releases of
pam_limits use that value for a line that says unlimited.
"""

from __future__ import annotations

from typing import Any, Iterable

from .._common.errors import InvalidOption
from .._formats import limits_conf, unit_conf, unit_name
from .._formats.limits_conf import Entry
from .._formats.rlimit import Limit
from .open_files import OpenFiles
from .snapshot import Files, Parent

# The kernel truncates process names to this length (include/linux/sched.h, TASK_COMM_LEN).
_LONGEST_NAME = 15


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


def entry_row(entry: Entry, *, nr_open: int) -> dict[str, Any]:
    """Return a row of the fact `pam.entries`. value is None for a line that exempts its domain from all limits."""
    value = None if entry.value is None else limits_conf.value(entry, unlimited=nr_open)
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


def _truncated(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")[:_LONGEST_NAME]
