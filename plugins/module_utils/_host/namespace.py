# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Enter the network namespace of another process for a moment (setns(2), network_namespaces(7))."""

from __future__ import annotations

import os

from .netlink import OwnNamespace

_CLONE_NEWNET = 0x40000000


class OtherNamespace(OwnNamespace):
    """A context in which this thread is in the network namespace `path`; it returns to `own` at the end.

    Sockets made inside stay in that namespace; the rest of the process is not affected. `path` and `own` are files such
    as /proc/PID/ns/net. Raises OSError if the kernel refuses (EPERM without CAP_SYS_ADMIN).
    """

    def __init__(self, path: str, *, own: str = "/proc/thread-self/ns/net") -> None:
        self._path = path
        self._own = own
        self._home = -1

    def __enter__(self) -> None:
        self._home = _open(self._own)
        try:
            _enter(_open(self._path))
        except OSError:
            os.close(self._home)
            raise

    def __exit__(self, *_exception: object) -> None:
        _enter(self._home)


def _open(path: str) -> int:
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC)


def _enter(descriptor: int) -> None:
    """Enter the namespace of the descriptor, and close it."""
    try:
        _setns(descriptor)
    finally:
        os.close(descriptor)


def _setns(descriptor: int) -> None:
    # os.setns is new in Python 3.12.
    if hasattr(os, "setns"):
        os.setns(descriptor, _CLONE_NEWNET)
        return
    import ctypes

    library = ctypes.CDLL(None, use_errno=True)
    if library.setns(descriptor, _CLONE_NEWNET):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
