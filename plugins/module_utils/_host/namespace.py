# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another process's network namespace, entered for a moment (setns(2), network_namespaces(7))."""

from __future__ import annotations

import os

from .netlink import OwnNamespace

_CLONE_NEWNET = 0x40000000


class OtherNamespace(OwnNamespace):
    """Puts this thread into the network namespace of `path` while it is used in a `with`, and back afterwards.

    Sockets made meanwhile stay in it; nothing else of the process is touched. `path` and `own` are such as
    /proc/PID/ns/net. Raises OSError where the kernel refuses (EPERM without CAP_SYS_ADMIN).
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
    try:
        _setns(descriptor)
    finally:
        os.close(descriptor)


def _setns(descriptor: int) -> None:
    """os.setns appeared in Python 3.12."""
    if hasattr(os, "setns"):
        os.setns(descriptor, _CLONE_NEWNET)
        return
    import ctypes

    library = ctypes.CDLL(None, use_errno=True)
    if library.setns(descriptor, _CLONE_NEWNET):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
