# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read, write and list the kernel parameters below /proc/sys."""

from __future__ import annotations

import errno
import os
import stat

from ..._common.errors import ApplyFailed
from ..._formats import sysctl_conf
from ..._host.files import HostFiles
from ..._host.netlink import OwnNamespace
from ..snapshot import ABSENT, Reading


class Network:
    """The network namespace of this process. process: the one whose directory below /proc shows the namespace.

    /proc/sys/net shows the namespace of the task that opens it (sysctl_is_seen() in fs/proc/proc_sysctl.c, net_ctl_root
    in net/sysctl_net.c), so the files of another one can only be reached from inside it.
    """

    process = "self"
    is_other = False

    def __init__(self, namespace: OwnNamespace) -> None:
        self.namespace = namespace

    def check(self, *, persistent: bool) -> None:
        """Raise InvalidOption if settings cannot be persistent in this namespace."""


OWN_NETWORK = Network(OwnNamespace())
DIRECTORY = "/proc/sys"
# Errors of a write below /proc/sys.
_MEANING = {
    errno.EINVAL: "the kernel rejects this value: it is out of bounds, or conflicts with another parameter",
    errno.ENOENT: "the kernel does not know this name; an algorithm or a queueing discipline may need its module",
    errno.EACCES: "the file is read-only in this namespace; the parameter may be host-wide",
    errno.EPERM: "a capability is missing (CAP_NET_ADMIN or CAP_SYS_ADMIN), or the kernel has locked the parameter",
    errno.EROFS: "/proc/sys is mounted read-only, as in containers; set it from outside",
    errno.EBUSY: "the kernel cannot change it while it is in use",
    errno.ENOMEM: "the kernel lacks memory for a table of this size",
    errno.ERANGE: "the number is out of range",
    errno.ENODEV: "its device no longer exists",
}


def explain(number: int) -> str:
    """Return the name of an errno with its meaning, such as `EINVAL: the kernel rejects this value …`."""
    name = errno.errorcode.get(number, str(number))
    meaning = _MEANING.get(number)
    return f"{name}: {meaning}" if meaning else name


class ProcSys:
    """The parameters of one host, by canonical name; those below net.* in the network namespace `namespace`."""

    def __init__(self, files: HostFiles, namespace: OwnNamespace = OWN_NETWORK.namespace) -> None:
        self._files = files
        self._namespace = namespace

    def read(self, name: str) -> Reading:
        """Return the parameter as it is; ABSENT if this kernel or namespace does not have it."""
        with self._namespace:
            try:
                return self._read(self._path(name))
            except OSError as error:
                return Reading(None, unreadable=f"{errno.errorcode.get(error.errno or 0, '')}: {error.strerror}")

    def _read(self, path: str) -> Reading:
        found = self._files.lstat(path)
        if found is None or not stat.S_ISREG(found.st_mode):
            return ABSENT
        if not found.st_mode & 0o444:
            return Reading(None, unreadable="it is write-only")
        text = self._files.read_text(path)
        return ABSENT if text is None else Reading(text.strip("\n"), locked=self._locked(path, found.st_mode))

    def write(self, name: str, value: str, *, shown: str | None = None) -> None:
        """Write a value with a single write(2). Raises ApplyFailed. shown: the value for the message, if secret."""
        try:
            with self._namespace:
                self._files.write_in_place(self._path(name), value + "\n")
        except OSError as error:
            reason = explain(error.errno or 0)
            raise ApplyFailed(f"{name} = {value if shown is None else shown} was refused: {reason}") from error

    def names(self) -> frozenset[str]:
        """Return the names of all parameters of this host."""
        top = self._files.locate(DIRECTORY)
        with self._namespace:
            paths = [os.path.join(directory, name) for directory, _below, names in os.walk(top) for name in names]
        return frozenset(sysctl_conf.from_path(os.path.relpath(path, top)) for path in paths)

    def _locked(self, path: str, mode: int) -> str:
        if not mode & 0o222:
            return "its file is not writable here (the parameter may be host-wide)"
        if os.statvfs(self._files.locate(path)).f_flag & os.ST_RDONLY:
            return explain(errno.EROFS)
        return ""

    @staticmethod
    def _path(name: str) -> str:
        return f"{DIRECTORY}/{sysctl_conf.to_path(name)}"
