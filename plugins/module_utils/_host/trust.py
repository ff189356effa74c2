# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Directories that this collection writes to: opened once, and refused if someone other than root could redirect us.

A link on the way to a directory is followed only if the link, its target and all directories on the way belong to root
and no one else can write to them. Each part is opened relative to the one before, so that none can be exchanged between
the check and the use (openat(2), RATIONALE).
"""

from __future__ import annotations

import errno
import os
import stat

from .._common.errors import ForeignFile
from .._common.text import without_prefix

# As the kernel (path_resolution(7)).
_MOST_LINKS = 40
_OPEN = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def open_directory(root: str, path: str) -> int:
    """Return a descriptor of the host's directory `path`, for use as dir_fd. root: where the host's files start.

    Raises ForeignFile if the way leads through a link that cannot be trusted, and OSError.
    """
    way = _Way(root, path)
    try:
        way.follow()
        if way.links and way.doubt:
            link, target = way.links[0]
            raise ForeignFile(
                f"{path} leads through the symbolic link {link} to {target}, and {way.doubt}; nettune.tcp only writes"
                " through links that nobody but root can change: make it a directory"
            )
    except BaseException:
        os.close(way.descriptor)
        raise
    return way.descriptor


def doubt(found: os.stat_result) -> str:
    """Return why a file or directory is not root's alone; empty if it is. Tests run as another user than root."""
    if found.st_uid not in (0, os.geteuid()):
        return f"belongs to the user {found.st_uid}"
    # Links have all bits set, and they do not matter.
    if not stat.S_ISLNK(found.st_mode) and found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return f"can be written by other users (mode {stat.S_IMODE(found.st_mode):04o})"
    return ""


class _Way:
    """The way to a directory. links: those on it, with their targets. doubt: the first reason not to trust them."""

    def __init__(self, root: str, path: str) -> None:
        self._root = root
        self._path = path
        self.links: list[tuple[str, str]] = []
        self.doubt = ""
        self.descriptor = os.open(root or "/", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)

    def follow(self) -> None:
        """Open one part after the other."""
        parts = self._path.split("/")
        done: list[str] = []
        while parts:
            part = parts.pop(0)
            if part in ("", "."):
                continue
            target = self._link(part, "/" + "/".join([*done, part]))
            if target is None:
                self._enter(part, "/" + "/".join([*done, part]))
                done = done[:-1] if part == ".." else [*done, part]
                continue
            if target.startswith("/"):
                inside = self._root and target.startswith(self._root + "/")
                top = self._root if inside else ""
                self._restart(top)
                target, done = without_prefix(target, top), []
            parts = [*target.split("/"), *parts]

    def _link(self, part: str, shown: str) -> str | None:
        try:
            target = os.readlink(part, dir_fd=self.descriptor)
        except OSError as error:
            if error.errno in (errno.EINVAL, errno.ENOENT):
                return None
            raise
        if len(self.links) >= _MOST_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), self._path)
        self.links.append((shown, target))
        self._check(os.stat(part, dir_fd=self.descriptor, follow_symlinks=False), shown)
        return target

    def _enter(self, part: str, shown: str) -> None:
        try:
            descriptor = os.open(part, _OPEN, dir_fd=self.descriptor)
        except OSError as error:
            raise OSError(error.errno, error.strerror, shown) from None
        os.close(self.descriptor)
        self.descriptor = descriptor
        self._check(os.fstat(descriptor), shown)

    def _restart(self, root: str) -> None:
        os.close(self.descriptor)
        self.descriptor = os.open(root or "/", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)

    def _check(self, found: os.stat_result, shown: str) -> None:
        reason = doubt(found)
        if reason and not self.doubt:
            self.doubt = f"{shown} {reason}"
