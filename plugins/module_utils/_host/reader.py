# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a file that someone else may have written: without blocking, up to a limit, and only if it is a regular file.

Links are followed, as the programs that read these files follow them. A file of /proc or /sys has size 0.
"""

from __future__ import annotations

import errno
import os
import stat

from .._common.errors import UnreadableFile

MEGABYTE = 1 << 20
CONFIGURATION = MEGABYTE
_OF_KERNEL = ("/proc/", "/sys/")
# By the beginning of a path: our journal, the lists of dpkg and depmod, and tables of the kernel.
_LARGER = {
    "/var/lib/nettune/": 16 * MEGABYTE,
    "/var/lib/dpkg/": 64 * MEGABYTE,
    "/lib/modules/": 16 * MEGABYTE,
    **dict.fromkeys(_OF_KERNEL, 64 * MEGABYTE),
}
_KINDS = {
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
_PIECE = 1 << 16


def limit_of(path: str) -> int:
    """Return how many bytes of the host's file `path` are read at most."""
    return next((limit for place, limit in _LARGER.items() if path.startswith(place)), CONFIGURATION)


def read(path: str, *, shown: str) -> bytes:
    """Return the bytes of the file at `path`; none for /dev/null. shown: its path on the host, for messages.

    Raises UnreadableFile for what is not a regular file and for one that is larger than limit_of(), IsADirectoryError,
    and any other OSError.
    """
    # Opening some devices has an effect, so the file is looked at before as well.
    if not shown.startswith(_OF_KERNEL) and _is_null(_checked(os.stat(path), shown)):
        return b""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        found = _checked(os.fstat(descriptor), shown)
        if _is_null(found):
            return b""
        limit = limit_of(shown)
        content = b"" if found.st_size > limit else _read(descriptor, limit + 1)
        if max(found.st_size, len(content)) > limit:
            raise UnreadableFile(f"{shown} is larger than {limit // MEGABYTE} MB")
        return content
    finally:
        os.close(descriptor)


def _checked(found: os.stat_result, shown: str) -> os.stat_result:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), shown)
    if not stat.S_ISREG(found.st_mode) and not _is_null(found):
        kind = _KINDS.get(stat.S_IFMT(found.st_mode), "something else")
        raise UnreadableFile(f"{shown} is {kind}, not a regular file")
    return found


def _is_null(found: os.stat_result) -> bool:
    """Return whether this is /dev/null (devices.txt: character device 1, 3), with which links mask files."""
    return stat.S_ISCHR(found.st_mode) and found.st_rdev == os.makedev(1, 3)


def _read(descriptor: int, most: int) -> bytes:
    """Return the content of a file, at most `most` bytes."""
    pieces = []
    while most > 0:
        piece = os.read(descriptor, min(_PIECE, most))
        if not piece:
            break
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)
