# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""/proc/PID/stat: one process in one line (proc_pid_stat(5))."""

from __future__ import annotations

from typing import NamedTuple

from .._common.errors import MalformedInput
from .rlimit import INFINITY, Limit

# /proc/PID/status: who a process runs as and what it may do (proc_pid_status(5), capabilities(7)).

_CAP_SYS_RESOURCE = 24
_EVERY_ID = ["0", "0", "4294967295"]


class Ids(NamedTuple):
    """Real, effective and saved ids."""

    uids: tuple[int, ...]
    gids: tuple[int, ...]

    def all_as_real(self) -> Ids:
        """The ids a process must have for prlimit(2) to let this one at it without a capability."""
        return Ids(self.uids[:1] * 3, self.gids[:1] * 3)


def ids(text: str) -> Ids | None:
    """Whose process it is; None where the text is empty, as it is when the process has ended."""
    if not text:
        return None
    try:
        uids, gids = (tuple(map(int, _field(text, name).split()[:3])) for name in ("Uid", "Gid"))
    except ValueError as error:
        raise MalformedInput(f"/proc/PID/status: {error}") from error
    return Ids(uids, gids)


def may_raise_limits(text: str) -> bool:
    """Whether CAP_SYS_RESOURCE is among its effective capabilities."""
    try:
        return bool(int(_field(text, "CapEff") or "0", 16) >> _CAP_SYS_RESOURCE & 1)
    except ValueError as error:
        raise MalformedInput(f"/proc/PID/status: CapEff: {error}") from error


def is_initial_map(uid_map: str | None) -> bool:
    """Whether /proc/PID/uid_map is that of the machine's own user namespace; a capability of another raises no limit.

    None stands for a kernel without user namespaces.
    """
    return uid_map is None or uid_map.split() == _EVERY_ID


def _field(text: str, name: str) -> str:
    for line in text.splitlines():
        key, colon, value = line.partition(":")
        if colon and key == name:
            return value.strip()
    return ""


# /proc/PID/limits: the limits of one process (proc_pid_limits(5), fs/proc/base.c, proc_pid_limits).

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
