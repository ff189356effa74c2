# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find ghosts: descriptors of TCP sockets that were connected once and are closed.

A socket of another process is examined through a copy of its descriptor (pidfd_getfd(2)); no data is read or sent.
"""

from __future__ import annotations

import ctypes
import errno
import os
import socket

from ..._formats.tcp_state import is_ghost

# System call numbers from 424 on are the same on all architectures.
_PIDFD_OPEN, _PIDFD_GETFD = 434, 438
_GONE = (errno.ESRCH, errno.EBADF)
_INFO_SIZE = 256


class Ghosts:
    """Tells which descriptors are ghosts."""

    def __init__(self) -> None:
        self._call = ctypes.CDLL(None, use_errno=True).syscall

    def has(self, pid: int, descriptor: int, path: str) -> bool:
        """Return whether a descriptor of a process is a ghost; `path` is its link in /proc. Raises OSError (EPERM)."""
        try:
            return _is_tcp(path) and self._examine(pid, descriptor)
        except OSError as error:
            if error.errno in _GONE:
                return False
            raise

    def _examine(self, pid: int, descriptor: int) -> bool:
        process = self._system_call(_PIDFD_OPEN, pid, 0)
        try:
            copy = self._system_call(_PIDFD_GETFD, process, descriptor, 0)
        finally:
            os.close(process)
        with socket.socket(fileno=copy) as ours:
            return is_ghost(ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_SIZE))

    def _system_call(self, *arguments: int) -> int:
        result = self._call(*map(ctypes.c_long, arguments))
        if result < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        return result


def _is_tcp(path: str) -> bool:
    """Return whether a link is a TCP socket, by an extended attribute (net/socket.c, sockfs_xattr_get)."""
    try:
        return os.getxattr(path, "system.sockprotoname").startswith(b"TCP")
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENODATA, errno.EOPNOTSUPP):
            return False
        raise
