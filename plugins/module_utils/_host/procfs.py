# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of /proc and /sys: an absent file is None, a file that cannot be read raises OSError."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator

# The kernel fills such a file page by page. Large reads save system calls; a bound keeps memory small.
_PIECE = 1 << 16
# Reading a file of a process that has just ended fails with ESRCH.
_ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.ESRCH)


def read_file(path: str) -> str | None:
    """Return the whole text of a file, or None if there is no such file. Raises OSError if it cannot be read."""
    try:
        # The name of a process or of a cgroup may contain a carriage return, which is no end of a line.
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as stream:
            return stream.read()
    except OSError as error:
        if error.errno in _ABSENT:
            return None
        raise


def reason(error: Exception) -> str:
    """Return what went wrong in a few words: 'EPERM (Operation not permitted)' for an error of the kernel."""
    number = getattr(error, "errno", None)
    return f"{errno.errorcode.get(number, number)} ({error.strerror})" if number else str(error)


class ProcFS:
    """The /proc and /sys below two directories. /proc/net is that of `process`: a pid, or 'self'."""

    def __init__(self, root: str = "/proc", *, process: str = "self", sys_root: str = "/sys") -> None:
        self._root = root
        self._sys_root = sys_root
        self.process = process

    def locate(self, path: str) -> str:
        """Return the full path of a file, given its path below /proc."""
        return os.path.join(self._root, path)

    def read(self, path: str) -> str | None:
        """Return the text of the file at a full path, as read_file() does."""
        return read_file(path)

    def read_text(self, path: str) -> str | None:
        """Return the text of a file below /proc, or None if it is absent."""
        return self.read(self.locate(path))

    def read_net(self, name: str) -> str | None:
        """Return the text of a file of /proc/net, or None if it is absent."""
        return self.read(self.locate(f"{self.process}/net/{name}"))

    def read_sys(self, path: str) -> str | None:
        """Return the text of a file below /sys, or None if it is absent."""
        return self.read(os.path.join(self._sys_root, path))

    def net_pieces(self, name: str) -> Iterator[bytes]:
        """Yield a file of /proc/net in pieces of at most 64 KiB, cut anywhere. Raises FileNotFoundError."""
        with open(self.locate(f"{self.process}/net/{name}"), "rb", buffering=_PIECE) as stream:
            yield from iter(lambda: stream.read(_PIECE), b"")

    def exists(self, path: str) -> bool:
        """Return whether there is such a file below /proc."""
        return os.path.exists(self.locate(path))
