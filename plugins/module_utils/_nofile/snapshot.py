# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan needs to know about a host's open-file limits. host/read.py reads it; the rest of the package is pure."""

from __future__ import annotations

from typing import Mapping, NamedTuple, Tuple

from .._formats.limits_conf import Account
from .._formats.rlimit import INFINITY, Limit, at_most

# Path and text of each file, in the order in which they are read.
Files = Tuple[Tuple[str, str], ...]


class Found(NamedTuple):
    """What is at a path that belongs to a profile.

    text: None if there is no regular file. obstacle: why a profile must not write there, for example a symbolic link.
    """

    text: str | None
    obstacle: str = ""


class Unit(NamedTuple):
    """A service as systemd finds it.

    name: its real name, also if it was looked up by an alias. files: its unit file and drop-ins, including ours.
    unavailable: the reason why it has no limit to change. unread: why drop-ins of it cannot be read.
    """

    name: str
    files: Files = ()
    unavailable: str = ""
    unread: tuple[str, ...] = ()


class Process(NamedTuple):
    """A running process of a service.

    start: field 22 of /proc/PID/stat. ours: whether it runs as our own user and group. descriptors: how many it holds,
    counted only if its limit is to be lowered.
    """

    pid: int
    start: int
    name: str
    unit: str
    limit: Limit
    ours: bool = True
    descriptors: int | None = None


class Parent(NamedTuple):
    """A process that passes its limit on to its children: a daemon that opens sessions, or PID 1.

    may_raise: whether it has CAP_SYS_RESOURCE. Without it, no child can exceed its hard limit.
    """

    name: str
    limit: Limit
    may_raise: bool = True

    def ceiling(self, nr_open: int) -> int:
        """Return the highest limit that it can give to a child."""
        return nr_open if self.may_raise else min(nr_open, self.limit.hard)

    def granted(self, asked: Limit, nr_open: int) -> Limit:
        """Return the limit that PID 1 sets if it asks for `asked`.

        If the kernel refuses it, systemd falls back to its own hard limit (src/basic/rlimit-util.c,
        setrlimit_closest).
        """
        return asked if asked.hard <= self.ceiling(nr_open) else at_most(asked, self.limit.hard)


class Host(NamedTuple):
    """A host as it was read.

    nr_open: fs.nr_open at the time the limits are set, that is, after the profile has raised it.
    nr_open_reason: why it could not be raised enough; empty otherwise.
    login_daemons: the processes that open sessions, at least one.
    init: PID 1.
    limits: the files that pam_limits reads. limits_unread: why others of them cannot be read.
    pam: whether the host has pam_limits files at all.
    session_base: the limit from which pam_limits starts each session; None if that is the inherited one.
    set_all: the names of the daemons whose sessions start from the limit of PID 1.
    unlimited_fails: whether pam_limits cannot set `unlimited`.
    outside_pam: by the name of a daemon, why its sessions do not use pam_limits with limits.d, but keep its own limit.
    failure_ends_session: whether pam_limits refuses a session if its limit cannot be set.
    root_needs_own_line: whether lines for groups and `*` do not apply to root.
    accounts: by name; None for an account that does not exist.
    units: by the name that the request uses.
    defaults: systemd's own configuration files. defaults_unread: why others of them cannot be read.
    systemd: whether systemd is running.
    processes: the processes of services; None if the service of a process is unknown.
    may_raise: whether we have CAP_SYS_RESOURCE.
    found: by path, for every path that a plan may change.
    directories: the existing parent directories of these paths.
    boot_id: changes with every boot.
    """

    nr_open: int
    login_daemons: tuple[Parent, ...]
    init: Parent
    nr_open_reason: str = ""
    limits: Files = ()
    limits_unread: tuple[str, ...] = ()
    pam: bool = True
    session_base: Limit | None = None
    set_all: frozenset[str] = frozenset()
    failure_ends_session: bool = False
    root_needs_own_line: bool = False
    unlimited_fails: bool = False
    outside_pam: Mapping[str, str] = {}
    accounts: Mapping[str, Account | None] = {}
    units: Mapping[str, Unit] = {}
    defaults: Files = ()
    defaults_unread: tuple[str, ...] = ()
    systemd: bool = True
    processes: tuple[Process, ...] | None = ()
    may_raise: bool = True
    found: Mapping[str, Found] = {}
    directories: frozenset[str] = frozenset()
    boot_id: str = ""

    @property
    def unlimited(self) -> int:
        """What pam_limits tries to set for `unlimited`."""
        return INFINITY if self.unlimited_fails else self.nr_open

    def base_of(self, daemon: Parent) -> Limit | None:
        """Return the limit from which pam_limits starts the sessions of a daemon; None if that is the inherited one."""
        return self.session_base or (self.init.limit if daemon.name in self.set_all else None)

    @property
    def pam_daemons(self) -> tuple[Parent, ...]:
        """The processes that open sessions with pam_limits, or all if none of them does."""
        with_pam = tuple(daemon for daemon in self.login_daemons if daemon.name not in self.outside_pam)
        return with_pam or self.login_daemons
