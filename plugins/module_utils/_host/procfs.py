# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of /proc and /sys, read under injectable roots: an absent file is None, one that is refused raises OSError."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator

from .reading import whole_text

# The kernel fills such a file by pages; asking for many at once saves calls and keeps memory bounded.
_PIECE = 1 << 16


class ProcFS:
    """The /proc of a machine; its /proc/net is that of `process`: a pid, or 'self'."""

    def __init__(self, root: str = "/proc", *, process: str = "self", sys_root: str = "/sys") -> None:
        self._root = root
        self._sys_root = sys_root
        self.process = process

    def read(self, path: str) -> str | None:
        """The whole text of the file at a path of this machine, or None where there is no such file."""
        return whole_text(path)

    def locate(self, path: str) -> str:
        """The path on this machine of `path`, which is relative to /proc."""
        return os.path.join(self._root, path)

    def read_text(self, path: str) -> str | None:
        """The whole text of a file of /proc, or None where there is no such file."""
        return self.read(self.locate(path))

    def read_net(self, name: str) -> str | None:
        """The whole text of a file of /proc/net, or None where there is no such file."""
        return self.read(self.locate(f"{self.process}/net/{name}"))

    def read_sys(self, path: str) -> str | None:
        """The whole text of a file of /sys, or None where there is no such file."""
        return self.read(os.path.join(self._sys_root, path))

    def net_pieces(self, name: str) -> Iterator[bytes]:
        """A file of /proc/net in pieces of at most 64 KiB, cut anywhere; FileNotFoundError where there is none."""
        with open(self.locate(f"{self.process}/net/{name}"), "rb", buffering=_PIECE) as stream:
            yield from iter(lambda: stream.read(_PIECE), b"")

    def exists(self, path: str) -> bool:
        """Whether there is such a file of /proc."""
        return os.path.exists(self.locate(path))


def reason(error: Exception) -> str:
    """What stood in the way, in few words: 'EPERM (Operation not permitted)' for an error of the kernel."""
    number = getattr(error, "errno", None)
    return f"{errno.errorcode.get(number, number)} ({error.strerror})" if number else str(error)
