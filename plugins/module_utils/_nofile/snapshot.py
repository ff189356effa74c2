# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan needs to know of a host's open-file limits: a snapshot, read by the edge, judged by the core."""

from __future__ import annotations

from typing import Mapping, NamedTuple, Tuple

from .._formats.limits_conf import Account
from .._formats.rlimit import Limit

Files = Tuple[Tuple[str, str], ...]


class Found(NamedTuple):
    """What is at a path of ours.

    text: None where there is nothing. why_not: what makes it none of ours, a link for one.
    """

    text: str | None
    why_not: str = ""


class Unit(NamedTuple):
    """A service as systemd finds it.

    name: its real one, where an alias was given. files: path and text of its unit file and its drop-ins, in the order
    they count, ours among them. why_not: why there is none to change.
    """

    name: str
    files: Files = ()
    why_not: str = ""


class Process(NamedTuple):
    """A process that runs for a service.

    start: field 22 of /proc/PID/stat. ours: whether it runs as the user we are.
    """

    pid: int
    start: int
    name: str
    unit: str
    limit: Limit
    ours: bool = True


class Giver(NamedTuple):
    """A process whose children inherit its limit: one that opens sessions, or PID 1.

    may_raise: whether it has CAP_SYS_RESOURCE; without it no child gets more than its hard limit.
    """

    name: str
    limit: Limit
    may_raise: bool = True

    def ceiling(self, nr_open: int) -> int:
        """The most a child of it can be given."""
        return nr_open if self.may_raise else min(nr_open, self.limit.hard)


class Host(NamedTuple):
    """A host as it was read.

    nr_open: fs.nr_open as it is when the limits are set, that is after it was raised for them. nr_open_why: why it is
    not higher, empty where nobody asked. limits: path and text of the files pam_limits reads, in its order. pam:
    whether they are in use at all. session_base: what pam_limits starts each session from, None where that is what it
    inherits. root_by_name: whether lines for groups and everybody leave root out. accounts: by name, None where there
    is none. logins: who opens sessions, at least one. units: by the name they were given. defaults: path and text of
    systemd's own configuration, in order. systemd: whether it runs. init: PID 1. processes: None where it cannot be
    told what belongs to which service. may_raise: whether we have CAP_SYS_RESOURCE. found: by path, those this plan may
    touch. directories: those among their parents that exist. boot_id: changes with every boot.
    """

    nr_open: int
    logins: tuple[Giver, ...]
    init: Giver
    nr_open_why: str = ""
    limits: Files = ()
    pam: bool = True
    session_base: Limit | None = None
    root_by_name: bool = False
    accounts: Mapping[str, Account | None] = {}
    units: Mapping[str, Unit] = {}
    defaults: Files = ()
    systemd: bool = True
    processes: tuple[Process, ...] | None = ()
    may_raise: bool = True
    found: Mapping[str, Found] = {}
    directories: frozenset[str] = frozenset()
    boot_id: str = ""
