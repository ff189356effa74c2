# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Open-file limits as facts: who is near a limit, what PAM and systemd give.

No number in the facts stands for `unlimited`: no process can open more files than fs.nr_open, which is what PAM takes
where a line says so, and so it stands there.
"""

from __future__ import annotations

from typing import Any, Iterable, NamedTuple

from .._common.errors import InvalidOption, MalformedInput
from .._formats import limits_conf, unit_conf, unit_name
from .._formats.limits_conf import Entry
from .._formats.rlimit import Limit, at_most, shown
from .snapshot import Files, Giver

# fs.nr_open where nobody has changed it (fs/file.c, sysctl_nr_open).
NR_OPEN = 1048576
# The kernel cuts names of processes there (include/linux/sched.h, TASK_COMM_LEN).
_LONGEST_NAME = 15
_DIGITS = 4


class Held(NamedTuple):
    """A process. unit: the service it belongs to. descriptors: how many are open, None where that cannot be told."""

    pid: int
    name: str
    unit: str | None
    descriptors: int | None
    limit: Limit

    @property
    def ratio(self) -> float | None:
        """Descriptors to soft limit; None where either is lacking: sandboxes set it to 0 so that nothing is opened."""
        if self.descriptors is None or not self.limit.soft:
            return None
        return round(self.descriptors / self.limit.soft, _DIGITS)


def nearest(processes: Iterable[Held]) -> list[Held]:
    """The processes, those nearest to their soft limit first."""
    return sorted(processes, key=lambda one: (-_known(one.ratio), -_known(one.descriptors), one.pid))


def called(processes: Iterable[Held], name: str, service: str | None) -> list[Held]:
    """Those that run as `name`, or belong to the service it is a name of."""
    cut = _cut(name)
    return [
        one
        for one in processes
        if cut == _cut(one.name)
        or (service is not None and one.unit is not None and unit_name.covers(service, one.unit))
    ]


def service(name: str) -> str | None:
    """The service that a name of a process or service may stand for; None where none can be called so."""
    try:
        return unit_name.service(name)
    except InvalidOption:
        return None


def process_row(held: Held, *, ghosts: int | None, nr_open: int) -> dict[str, Any]:
    """A row of the fact `processes`."""
    return {
        "pid": held.pid,
        "name": held.name,
        "unit": held.unit,
        "descriptors": held.descriptors,
        **shown(unit_conf.finite(held.limit, nr_open=nr_open)),
        "ratio": held.ratio,
        "ghosts": ghosts,
    }


def entry_row(entry: Entry, *, nr_open: int) -> dict[str, Any]:
    """A row of the fact `pam.entries`; value is None where the line only ends the reading for its domain."""
    value = None if entry.value is None else limits_conf.value(entry, nr_open=nr_open)
    return {"path": entry.path, "line": entry.line, "domain": entry.domain, "type": entry.type, "value": value}


def of_unit(files: Files, defaults: Files, *, first: Giver, nr_open: int) -> Limit:
    """What systemd gives a service of those files when it starts it. first: PID 1."""
    for source, key in ((files, unit_conf.UNIT_KEY), (defaults, unit_conf.DEFAULT_KEY)):
        assignment = unit_conf.last_assignment(source, key)
        if assignment:
            return granted(assignment.limit, first=first, nr_open=nr_open)
    return granted(unit_conf.BUILT_IN, first=first, nr_open=nr_open)


def granted(asked: Limit, *, first: Giver, nr_open: int) -> Limit:
    """What comes of a limit that PID 1 asks of the kernel.

    Refused, it takes its own hard limit for a ceiling (systemd, src/basic/rlimit-util.c, setrlimit_closest).
    """
    return asked if asked.hard <= first.ceiling(nr_open) else at_most(asked, first.limit.hard)


def first_number(text: str) -> int:
    """The number a file of /proc/sys begins with. Raises MalformedInput."""
    field = (text.split() or [""])[0]
    if not (field.isascii() and field.isdigit()):
        raise MalformedInput(f"{text[:80]!r} does not begin with a number")
    return int(field)


def _cut(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")[:_LONGEST_NAME]


def _known(number: float | None) -> float:
    return -1 if number is None else number
