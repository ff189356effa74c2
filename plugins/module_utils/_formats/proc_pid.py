# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of one process: /proc/PID/stat, status, uid_map and limits (proc_pid_stat(5) and its neighbours).

The functions raise MalformedInput.
"""

from __future__ import annotations

from typing import NamedTuple

from .._common.errors import MalformedInput
from .._common.text import without_prefix
from .rlimit import INFINITY, Limit

_PARENT, _START = 4, 22  # fields of /proc/PID/stat
_CAP_SYS_RESOURCE = 24  # capabilities(7)
_WHOLE_ID_RANGE = ["0", "0", "4294967295"]
_LIMITS_ROW = "Max open files"


class Stat(NamedTuple):
    """A process by /proc/PID/stat.

    name: at most 15 bytes. parent: its pid. start: clock ticks after boot, which with the pid identify the process.
    """

    pid: int
    name: str
    parent: int
    start: int


class Ids(NamedTuple):
    """Real, effective and saved ids."""

    uids: tuple[int, ...]
    gids: tuple[int, ...]

    def all_as_real(self) -> Ids:
        """Return the ids that a process must have so that prlimit(2) by this one needs no capability."""
        return Ids(self.uids[:1] * 3, self.gids[:1] * 3)


def parse_stat(text: str) -> Stat:
    """Parse /proc/PID/stat. The name may contain spaces and parentheses; it ends at the last `)`."""
    head, _open, rest = text.partition("(")
    name, _close, tail = rest.rpartition(")")
    fields = tail.split()
    try:
        # The first field after the name is field 3.
        return Stat(int(head), name, int(fields[_PARENT - 3]), int(fields[_START - 3]))
    except (ValueError, IndexError) as error:
        raise MalformedInput(f"/proc/PID/stat: cannot parse {text[:80]!r}") from error


def ids(status: str) -> Ids | None:
    """Return the ids in /proc/PID/status, or None if the text is empty because the process has ended."""
    if not status:
        return None
    try:
        uids, gids = (tuple(map(int, _field(status, name).split()[:3])) for name in ("Uid", "Gid"))
    except ValueError as error:
        raise MalformedInput(f"/proc/PID/status: {error}") from error
    return Ids(uids, gids)


def may_raise_limits(status: str) -> bool:
    """Return whether CAP_SYS_RESOURCE is among the effective capabilities in /proc/PID/status."""
    try:
        return bool(int(_field(status, "CapEff") or "0", 16) >> _CAP_SYS_RESOURCE & 1)
    except ValueError as error:
        raise MalformedInput(f"/proc/PID/status: CapEff: {error}") from error


def is_initial_map(uid_map: str | None) -> bool:
    """Return whether /proc/PID/uid_map is that of the initial user namespace.

    A capability in any other user namespace does not allow to raise limits. None means a kernel without namespaces.
    """
    return uid_map is None or uid_map.split() == _WHOLE_ID_RANGE


def open_files(limits: str) -> Limit:
    r"""Return RLIMIT_NOFILE from /proc/PID/limits (fs/proc/base.c, proc_pid_limits).

    >>> open_files("Max open files            1024                 524288               files\n")
    Limit(soft=1024, hard=524288)
    """
    for line in limits.split("\n"):
        if line.startswith(_LIMITS_ROW):
            return _limit(line)
    raise MalformedInput(f"/proc/PID/limits has no row {_LIMITS_ROW!r}")


def _field(status: str, name: str) -> str:
    for line in status.split("\n"):
        key, colon, value = line.partition(":")
        if colon and key == name:
            return value.strip()
    return ""


def _limit(line: str) -> Limit:
    fields = without_prefix(line, _LIMITS_ROW).split()
    if len(fields) < 2 or not all(_is_number(field) for field in fields[:2]):
        raise MalformedInput(f"/proc/PID/limits: expected two numbers in {line!r}")
    soft, hard = (INFINITY if field == "unlimited" else int(field) for field in fields[:2])
    return Limit(soft, hard)


def _is_number(field: str) -> bool:
    return field == "unlimited" or (field.isascii() and field.isdigit())
