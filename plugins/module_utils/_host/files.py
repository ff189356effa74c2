# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole files of one host, read and replaced under an injectable root."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from typing import Iterator

from .._common.errors import ForeignFile

_ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)
_TEMPORARY = (".nettune-", ".tmp")


class HostFiles:
    """Files of the host whose file system starts at `root`; every path given is absolute, as the host sees it."""

    def __init__(self, root: str = "/") -> None:
        self._root = root.rstrip("/")

    def locate(self, path: str) -> str:
        """The path on this machine of the host's `path`."""
        return self._root + path

    def read_text(self, path: str) -> str | None:
        """The file's text, or None where there is no such file. Bytes that are not UTF-8 survive a later write."""
        try:
            with open(self.locate(path), encoding="utf-8", errors="surrogateescape", newline="") as stream:
                return stream.read()
        except OSError as error:
            if error.errno in _ABSENT:
                return None
            raise

    def lines(self, path: str) -> Iterator[str]:
        """The file's lines as they are asked for, for files that are better not read whole; none where it is absent."""
        try:
            with open(self.locate(path), encoding="utf-8", errors="surrogateescape", newline="") as stream:
                yield from stream
        except OSError as error:
            if error.errno not in _ABSENT:
                raise

    def write_in_place(self, path: str, text: str) -> None:
        """Write `text` in a single write(2), as files of /proc/sys want it; the file must exist."""
        descriptor = os.open(self.locate(path), os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC)
        try:
            os.write(descriptor, text.encode("utf-8", "surrogateescape"))
        finally:
            os.close(descriptor)

    def replace_text(self, path: str, text: str, *, mode: int = 0o644, keep: bool = False) -> None:
        """Put `text` at `path` atomically: the old content or the new one is there, never a part, also after a
        crash. keep: whether the file keeps its own mode and owner.
        """
        self.refuse_irregular(path)
        held = self.lstat(path) if keep else None
        target = self.locate(path)
        directory = os.path.dirname(target)
        descriptor, temporary = tempfile.mkstemp(prefix=_TEMPORARY[0], suffix=_TEMPORARY[1], dir=directory)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape", newline="") as stream:
                stream.write(text)
                stream.flush()
                if held is not None:
                    os.fchown(stream.fileno(), held.st_uid, held.st_gid)
                os.fchmod(stream.fileno(), mode if held is None else stat.S_IMODE(held.st_mode))
                os.fsync(stream.fileno())
            os.rename(temporary, target)
        except BaseException:
            os.unlink(temporary)
            raise
        _sync_directory(directory)

    def sweep(self, directory: str) -> None:
        """Remove what a run killed inside replace_text() left in `directory`; only for who keeps others out."""
        for name in self.listdir(directory):
            if name.startswith(_TEMPORARY[0]) and name.endswith(_TEMPORARY[1]):
                self.remove(f"{directory}/{name}")

    def refuse_irregular(self, path: str) -> None:
        """Raise ForeignFile where `path` is taken by a link, a directory or a device: we only ever make regular
        files.
        """
        found = self.lstat(path)
        if found is not None and stat.S_ISLNK(found.st_mode):
            raise ForeignFile(
                f"{path} is a symbolic link to {os.readlink(self.locate(path))}; nettune.tcp makes regular files only"
                " and does not write through somebody's link: remove the link or choose another name"
            )
        if found is not None and not stat.S_ISREG(found.st_mode):
            raise ForeignFile(f"{path} is not a regular file; nettune.tcp did not make it and leaves it alone")

    def lstat(self, path: str) -> os.stat_result | None:
        """lstat(2) of `path`, or None where there is nothing."""
        try:
            return os.lstat(self.locate(path))
        except OSError as error:
            if error.errno in _ABSENT:
                return None
            raise

    def exists(self, path: str) -> bool:
        """Whether `path` leads to anything, links followed."""
        return os.path.exists(self.locate(path))

    def is_file(self, path: str) -> bool:
        """Whether `path` leads to a regular file, links followed."""
        return os.path.isfile(self.locate(path))

    def is_directory(self, path: str) -> bool:
        """Whether `path` leads to a directory."""
        return os.path.isdir(self.locate(path))

    def readlink(self, path: str) -> str | None:
        """Where the symbolic link `path` points, or None where it is no link."""
        try:
            return os.readlink(self.locate(path))
        except OSError as error:
            if error.errno in (*_ABSENT, errno.EINVAL):
                return None
            raise

    def listdir(self, path: str) -> list[str]:
        """Names in the directory, in byte order; none where there is no such directory."""
        try:
            return sorted(os.listdir(self.locate(path)), key=os.fsencode)
        except OSError as error:
            if error.errno in _ABSENT:
                return []
            raise

    def make_directory(self, path: str, *, mode: int = 0o755) -> bool:
        """Make one directory with exactly `mode`; False where it was there already."""
        try:
            os.mkdir(self.locate(path), mode)
        except FileExistsError:
            return False
        os.chmod(self.locate(path), mode)
        return True

    def remove(self, path: str) -> bool:
        """Remove a file (of a link the link itself); False where there was none."""
        try:
            os.unlink(self.locate(path))
        except OSError as error:
            if error.errno in _ABSENT:
                return False
            raise
        _sync_directory(os.path.dirname(self.locate(path)))
        return True

    def remove_directory(self, path: str) -> bool:
        """Remove an empty directory; False where it is absent or not empty."""
        try:
            os.rmdir(self.locate(path))
        except OSError as error:
            if error.errno in (*_ABSENT, errno.ENOTEMPTY, errno.EEXIST, errno.EBUSY):
                return False
            raise
        return True


def _sync_directory(directory: str) -> None:
    """Make a rename or removal survive a power failure (fsync(2), NOTES)."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# Files of a host for one look at it, in which the same directories and links are asked for again and again.


class RememberedFiles(HostFiles):
    """Reads a directory or a link once and answers from memory after that; only for who changes nothing.

    Finding the drop-ins of a unit takes every link of systemd's directories, and finding those of the next one the
    same links.
    """

    def __init__(self, files: HostFiles) -> None:
        super().__init__(files.locate(""))
        self._names: dict[str, list[str]] = {}
        self._links: dict[str, str | None] = {}

    def listdir(self, path: str) -> list[str]:
        """As HostFiles.listdir()."""
        if path not in self._names:
            self._names[path] = super().listdir(path)
        return self._names[path]

    def readlink(self, path: str) -> str | None:
        """As HostFiles.readlink()."""
        if path not in self._links:
            self._links[path] = super().readlink(path)
        return self._links[path]
