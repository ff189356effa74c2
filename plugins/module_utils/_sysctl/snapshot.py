# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A snapshot of a host's kernel parameters and of what affects them: what a plan is computed from."""

from __future__ import annotations

from typing import Mapping, NamedTuple

from .._formats import sysctl_conf
from .._formats.meminfo import HostMemory
from .._formats.sysctl_conf import Assignment
from . import boot, boot_programs, modules
from .boot_programs import NO_PROGRAMS, Programs


class Reading(NamedTuple):
    """One file of /proc/sys. text: as the kernel printed it, None if it does not exist.

    unreadable, locked: why it cannot be read or written; empty if it can.
    """

    text: str | None
    unreadable: str = ""
    locked: str = ""


ABSENT = Reading(None)


class Host(NamedTuple):
    """A host as it was read.

    kernel: its release, such as `6.18.0-13-amd64`. readings: by canonical name. names: every parameter below /proc/sys,
    read only if an unknown name was given. owns_machine: whether this is the initial PID and network namespace, so that
    host-wide parameters can be set. only_network: whether it is only the network namespace of another process.
    loader: one of boot.py. boot_files: texts by path of what the loader may read. listeners: ports of TCP listeners.
    datagram_ports: ports of UDP sockets that are not connected, including those of clients. owners: who else sets a
    parameter. boot_id: differs for every boot. memory: of the host, and its limit. module_files: texts by path in
    the directories of modules-load.d(5). programs: what sets parameters at boot besides the loader.
    """

    kernel: str
    readings: Mapping[str, Reading]
    names: frozenset[str] = frozenset()
    owns_machine: bool = True
    only_network: bool = False
    loader: str = boot.SYSTEMD
    boot_files: Mapping[str, str] = {}
    listeners: frozenset[int] = frozenset()
    datagram_ports: frozenset[int] = frozenset()
    owners: Mapping[str, list[str]] = {}
    boot_id: str = ""
    memory: HostMemory = HostMemory()
    module_files: Mapping[str, str] = {}
    programs: Programs = NO_PROGRAMS

    @property
    def files_at_boot(self) -> dict[str, str]:
        """The texts by path of all files that decide parameters at boot."""
        return {**self.boot_files, **self.module_files}

    def reading(self, name: str) -> Reading:
        return self.readings.get(name, ABSENT)


def boot_lines(files: Mapping[str, str], *, loader: str, programs: Programs = NO_PROGRAMS) -> list[Assignment]:
    """Return every line that the next boot would read from `files` (texts by path), in order.

    files: with those of modules-load.d(5). programs: those that set parameters before and after the loader; their lines
    are included.
    """
    late = programs.modules - modules.named_in(files) if programs.modules else frozenset()
    lines = boot_programs.before_loader(programs)
    for path in boot.files_in_order(files, loader=loader):
        if path in programs.unread:
            lines.append(boot.unread(path, programs.unread[path]))
        found = sysctl_conf.assignments(path, files[path])
        lines += (boot_programs.if_loaded(line, late) for line in found)
    of_all = (path for path in (*boot.DIRECTORIES, *boot.MASKS, boot.RUNLEVELS) if path in programs.unread)
    lines += (boot.unread(path, programs.unread[path]) for path in of_all)
    return lines + boot_programs.after_loader(programs, files)


def without(files: Mapping[str, str], paths: frozenset[str]) -> dict[str, str]:
    """Return `files` without `paths`."""
    return {path: text for path, text in files.items() if path not in paths}
