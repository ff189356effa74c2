# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernel parameters below /proc/sys: read, written, listed."""

from __future__ import annotations

import errno
import os
import stat

from ..._common.errors import ApplyFailed
from ..._formats import sysctl_conf
from ..._host.files import HostFiles
from ..._host.netlink import OwnNamespace
from ..snapshot import ABSENT, Reading

# Whose kernel parameters below net.* are meant: those of this process's network namespace, or of another's.
#
# /proc/sys/net shows the namespace of the task that opens it (fs/proc/proc_sysctl.c, sysctl_is_seen() and
# net_ctl_root of
# net/sysctl_net.c), so that another one's files can only be reached from inside it.


class Network:
    """The network namespace this process is in. process: whose directory below /proc shows it."""

    process = "self"
    is_other = False

    def __init__(self, namespace: OwnNamespace) -> None:
        self.namespace = namespace

    def check(self, *, persistent: bool) -> None:
        """Raise InvalidOption for what cannot be done there."""


HERE = Network(OwnNamespace())


# What the kernel means by the errors it answers to a write below /proc/sys.

_MEANING = {
    errno.EINVAL: "the kernel does not take this value here: it is out of bounds, or at odds with another parameter",
    errno.ENOENT: "the kernel does not know this name; an algorithm or a queueing discipline may want its module",
    errno.EACCES: "the file is read-only in this namespace; the parameter may belong to the whole machine",
    errno.EPERM: "a capability is missing (CAP_NET_ADMIN or CAP_SYS_ADMIN), or the kernel has locked the parameter",
    errno.EROFS: "/proc/sys is mounted read-only here, as container engines do; set it from outside",
    errno.EBUSY: "the kernel is using what it sizes and cannot change it now",
    errno.ENOMEM: "the kernel has not the memory for a table of this size",
    errno.ERANGE: "the number does not fit",
    errno.ENODEV: "the device it belongs to is gone",
}


def explain(number: int) -> str:
    """`EINVAL: the kernel does not take …` for an errno; its bare name where there is nothing to add."""
    name = errno.errorcode.get(number, str(number))
    meaning = _MEANING.get(number)
    return f"{name}: {meaning}" if meaning else name


DIRECTORY = "/proc/sys"
OWN_NAMESPACE = OwnNamespace()


class ProcSys:
    """The parameters of one host, by canonical name; those below net.* of the network namespace `namespace`."""

    def __init__(self, files: HostFiles, namespace: OwnNamespace = OWN_NAMESPACE) -> None:
        self._files = files
        self._namespace = namespace

    def read(self, name: str) -> Reading:
        """The parameter as it stands; ABSENT where this kernel or namespace has none of that name."""
        with self._namespace:
            return self._read(name)

    def _read(self, name: str) -> Reading:
        path = self._path(name)
        found = self._files.lstat(path)
        if found is None or not stat.S_ISREG(found.st_mode):
            return ABSENT
        if not found.st_mode & 0o444:
            return Reading(None, unreadable="it is a trigger that can only be written")
        try:
            text = self._files.read_text(path)
        except OSError as error:
            return Reading(None, unreadable=f"{errno.errorcode.get(error.errno or 0, '')}: {error.strerror}")
        return ABSENT if text is None else Reading(text.strip("\n"), locked=self._locked(path, found.st_mode))

    def write(self, name: str, value: str, *, shown: str | None = None) -> None:
        """Write a value in one write(2). Raises ApplyFailed saying which, what (or `shown` in its place) and why."""
        try:
            with self._namespace:
                self._files.write_in_place(self._path(name), value + "\n")
        except OSError as error:
            reason = explain(error.errno or 0)
            said = value if shown is None else shown
            raise ApplyFailed(f"{name} = {said} was refused with {reason}") from error

    def names(self) -> frozenset[str]:
        """Every parameter of this host."""
        top = self._files.locate(DIRECTORY)
        with self._namespace:
            paths = [os.path.join(directory, name) for directory, _below, names in os.walk(top) for name in names]
        return frozenset(sysctl_conf.from_path(os.path.relpath(path, top)) for path in paths)

    def _locked(self, path: str, mode: int) -> str:
        if not mode & 0o222:
            return "its file has no write permission here (the parameter may belong to the whole machine)"
        if os.statvfs(self._files.locate(path)).f_flag & os.ST_RDONLY:
            return explain(errno.EROFS)
        return ""

    @staticmethod
    def _path(name: str) -> str:
        return f"{DIRECTORY}/{sysctl_conf.to_path(name)}"
