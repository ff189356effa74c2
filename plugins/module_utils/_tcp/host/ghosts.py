# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks at sockets of other processes by copies of their descriptors (pidfd_getfd(2)); nothing is read or sent."""

from __future__ import annotations

import ctypes
import errno
import os
import socket

from ..._formats.tcp_state import is_ghost

# Numbers of system calls since 424 are the same on all machines.
_PIDFD_OPEN, _PIDFD_GETFD = 434, 438
_GONE = (errno.ESRCH, errno.EBADF)
_INFO_SIZE = 256


class Ghosts:
    """Tells sockets that nothing but a descriptor is left of. Raises OSError where the kernel refuses to tell."""

    def __init__(self) -> None:
        self._call = ctypes.CDLL(None, use_errno=True).syscall

    def has(self, pid: int, descriptor: int, path: str) -> bool:
        """Whether the process's descriptor, whose link is `path`, is of such a TCP socket."""
        try:
            return _is_tcp(path) and self._look(pid, descriptor)
        except OSError as error:
            if error.errno in _GONE:
                return False
            raise

    def _look(self, pid: int, descriptor: int) -> bool:
        process = self._checked(_PIDFD_OPEN, pid, 0)
        try:
            copy = self._checked(_PIDFD_GETFD, process, descriptor, 0)
        finally:
            os.close(process)
        with socket.socket(fileno=copy) as ours:
            return is_ghost(ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_SIZE))

    def _checked(self, *arguments: int) -> int:
        result = self._call(*map(ctypes.c_long, arguments))
        if result < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        return result


def _is_tcp(path: str) -> bool:
    """The kernel names a socket's protocol in an extended attribute (net/socket.c, sockfs_xattr_get)."""
    try:
        return os.getxattr(path, "system.sockprotoname").startswith(b"TCP")
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENODATA, errno.EOPNOTSUPP):
            return False
        raise
