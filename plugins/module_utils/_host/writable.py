# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether files can be written, found without writing: read-only file systems, full disks and missing permission.

statvfs(3) tells the first two; access(2) with the effective IDs also knows capabilities and immutable directories.
"""

from __future__ import annotations

import errno
import os
from typing import Mapping

from .._common.errors import NotWritable
from .files import HostFiles

WITHOUT_FILES = "set persistent: false to change only the running values, until the next reboot"
# For new directories, and for the temporary file that replaces the old one.
_SPARE_BLOCKS = 4


def check(files: HostFiles, texts: Mapping[str, str | None], *, hint: str = "") -> None:
    """Raise NotWritable or PermissionError if a file of `texts` cannot be written or removed.

    texts: by path, None for a file to remove. hint: what to do instead, for the message.
    """
    for path, text in texts.items():
        check_file(files, path, size=0 if text is None else len(text.encode("utf-8", "surrogateescape")), hint=hint)


def check_file(files: HostFiles, path: str, *, size: int, hint: str = "") -> None:
    """As check(), for a file of `size` bytes; 0 for one that needs no room."""
    for nearest in reversed(_folders(path)):
        try:
            state = os.statvfs(files.locate(nearest))
            reason = _reason(files, nearest, state, size)
        except (FileNotFoundError, NotADirectoryError):
            continue  # Not made yet, or just removed by another run.
        if reason:
            raise NotWritable(
                "; ".join(filter(None, (f"nothing was changed: {reason}, so {path} cannot be written", hint)))
            )
        if os.access(files.locate(nearest), os.W_OK | os.X_OK, effective_ids=True):
            return
        if files.is_directory(nearest):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), nearest)


def _reason(files: HostFiles, directory: str, state: os.statvfs_result, size: int) -> str:
    """Return why the file system of a directory takes no file of this size; empty if it does."""
    if state.f_flag & os.ST_RDONLY:
        return f"{_first_read_only(files, directory)} is read-only"
    return f"the disk of {directory} is full" if size and _is_full(state, size) else ""


def _folders(path: str) -> list[str]:
    """Return the directories above a file, the root first."""
    parts = path.split("/")[1:-1]
    return ["/", *(f"/{'/'.join(parts[: at + 1])}" for at in range(len(parts)))]


def _first_read_only(files: HostFiles, directory: str) -> str:
    """Return the topmost read-only directory above this one or itself, but not the root, which says less."""
    folders = _folders(f"{directory}/")
    return next((one for one in folders[1:] if os.statvfs(files.locate(one)).f_flag & os.ST_RDONLY), "/")


def _is_full(state: os.statvfs_result, size: int) -> bool:
    """Return whether there is no room for a file of `size` bytes. File systems without a fixed inode table have 0."""
    free = state.f_bfree if os.geteuid() == 0 else state.f_bavail
    blocks = -(-size // max(state.f_frsize, 1)) + _SPARE_BLOCKS
    return free < blocks or (state.f_files > 0 and state.f_ffree == 0)
