# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan needs to know of a host's kernel parameters: a snapshot, read by the edge, judged by the core."""

from __future__ import annotations

from typing import Mapping, NamedTuple

from .._formats import sysctl_conf
from .._formats.meminfo import HostMemory
from .._formats.sysctl_conf import Assignment
from . import boot


class Reading(NamedTuple):
    """One file of /proc/sys. text: as the kernel printed it, None where there is none.

    unreadable: why it cannot be read. locked: why it cannot be written. Both empty where there is nothing in the way.
    """

    text: str | None
    unreadable: str = ""
    locked: str = ""


ABSENT = Reading(None)


class Host(NamedTuple):
    """A host as it was read.

    kernel: its release, such as `6.18.0-13-amd64`. readings: by canonical name. names: every parameter below /proc/sys,
    read only where an unknown name was given. owns_machine: whether this is the machine's initial PID and network
    namespace. only_network: whether it stands for another process's network namespace.
    loader: of sysctl_precedence. boot_files: texts by path of what the loader may read. listeners: ports
    of TCP listeners.
    datagram_ports: ports of UDP sockets that are not connected, clients' among them. owners: who else writes a
    parameter. boot_id: changes with every boot. memory: of the machine, and its limit.
    module_files: texts by path of what is below /etc/modules-load.d.
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

    def reading(self, name: str) -> Reading:
        return self.readings.get(name, ABSENT)


def boot_lines(files: Mapping[str, str], *, loader: str) -> list[Assignment]:
    """Every line that the next boot would read from `files` (texts by path), in order."""
    lines: list[Assignment] = []
    for path in boot.files_in_order(files, loader=loader):
        lines += sysctl_conf.assignments(path, files[path])
    return lines


def without(files: Mapping[str, str], paths: frozenset[str]) -> dict[str, str]:
    """`files` less `paths`."""
    return {path: text for path, text in files.items() if path not in paths}
