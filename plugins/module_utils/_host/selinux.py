# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SELinux context of files that we write: the one that the policy expects, as restorecon(8) sets it.

A file is written under another name and renamed, so it would otherwise have the context of its directory. Without
SELinux, as in containers, nothing is loaded and nothing is set.
"""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress
from functools import lru_cache
from typing import Any

# selinuxfs(5); is_selinux_enabled(3) looks for it too. Containers do not have it.
_ENFORCE = "/sys/fs/selinux/enforce"
_LIBRARY = "libselinux.so.1"
_ATTRIBUTE = "security.selinux"


def enabled() -> bool:
    """Return whether the kernel of this host has SELinux, and we can see it."""
    return os.path.exists(_ENFORCE)


def set_expected(descriptor: int, path: str) -> None:
    """Set the context that the policy expects for `path` on an open file or directory, if it expects one.

    On failure the file keeps the context that the kernel gave it, as files of other programs do.
    """
    context = _expected(path, os.fstat(descriptor).st_mode) if enabled() else None
    if context:
        _set(descriptor, context + b"\0")


def copy(source: int, descriptor: int) -> None:
    """Give an open file the context of another one."""
    with suppress(OSError):
        _set(descriptor, os.getxattr(source, _ATTRIBUTE))


def _set(descriptor: int, context: bytes) -> None:
    with suppress(OSError):
        os.setxattr(descriptor, _ATTRIBUTE, context)


def _expected(path: str, mode: int) -> bytes | None:
    """Return the context of a path by matchpathcon(3); None without the library or without a rule for the path."""
    library = _library()
    if library is None:
        return None
    context = ctypes.c_char_p()
    if library.matchpathcon(os.fsencode(path), ctypes.c_uint(mode), ctypes.byref(context)) != 0:
        return None
    try:
        return context.value
    finally:
        library.freecon(context)


@lru_cache(maxsize=1)
def _library() -> Any:
    try:
        return ctypes.CDLL(_LIBRARY)
    except OSError:
        return None
