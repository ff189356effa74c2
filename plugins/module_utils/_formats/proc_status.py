# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""/proc/PID/status: who a process runs as and what it may do (proc_pid_status(5), capabilities(7))."""

from __future__ import annotations

from typing import NamedTuple

from .._common.errors import MalformedInput

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
