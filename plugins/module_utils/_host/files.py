# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of a host, read and replaced whole. The root can be any directory, for tests."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from contextlib import contextmanager, suppress
from typing import Iterable, Iterator

from .._common.errors import ForeignFile, UnreadableFile
from . import procfs, reader, selinux, trust

_ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)
_TEMPORARY = (".nettune-", ".tmp")
# Of all files of one kind of configuration together, in characters.
_MOST_TEXT = 2 << 20


class HostFiles:
    """The files of a host whose file system starts at `root`. Paths are absolute, as seen on the host."""

    def __init__(self, root: str = "/") -> None:
        self._root = root.rstrip("/")

    def locate(self, path: str) -> str:
        """Return the path on this machine of the host's `path`. Raises FileNotFoundError for an impossible one."""
        try:
            is_possible = b"\0" not in os.fsencode(path)
        except UnicodeEncodeError:
            is_possible = False
        if not is_possible:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        return self._root + path

    def read_text(self, path: str) -> str | None:
        """Return the text of a file, or None if there is none. Bytes that are not UTF-8 survive a later write.

        Raises UnreadableFile for what is not a regular file or is larger than reader.limit_of(). /dev/null is empty.
        """
        try:
            content = reader.read(self.locate(path), shown=path)
        except OSError as error:
            if error.errno in _ABSENT:
                return None
            raise
        return content.decode("utf-8", "surrogateescape")

    def try_text(self, path: str) -> tuple[str, str]:
        """Return the text of a file, empty if there is none, and why it cannot be read, empty if it can."""
        try:
            return self.read_text(path) or "", ""
        except UnreadableFile as error:
            return "", str(error)
        except OSError as error:
            return "", f"{path} cannot be read: {procfs.reason(error)}"

    def lines(self, path: str) -> Iterator[str]:
        """Yield the lines of a file, one of /proc without reading it whole; none if it is absent.

        Raises UnreadableFile as read_text() does.
        """
        if not path.startswith("/proc/"):
            yield from (self.read_text(path) or "").split("\n")
            return
        try:
            with open(self.locate(path), encoding="utf-8", errors="surrogateescape", newline="") as stream:
                yield from stream
        except OSError as error:
            if error.errno not in _ABSENT:
                raise

    def write_in_place(self, path: str, text: str) -> None:
        """Write `text` with a single write(2), as files of /proc/sys require; the file must exist."""
        descriptor = os.open(self.locate(path), os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC)
        try:
            os.write(descriptor, text.encode("utf-8", "surrogateescape"))
        finally:
            os.close(descriptor)

    def replace_text(self, path: str, text: str, *, mode: int = 0o644, keep: bool = False) -> None:
        """Replace the text of `path` atomically and durably. keep: whether the file keeps its mode, owner and context.

        Raises ForeignFile if `path` is not a regular file.
        """
        with self._directory_of(path) as (directory, name):
            self._refuse_irregular(path, name, directory)
            held = os.stat(name, dir_fd=directory, follow_symlinks=False) if keep else None
            temporary = secrets.token_hex(8).join(_TEMPORARY)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            descriptor = os.open(temporary, flags, 0o600, dir_fd=directory)
            try:
                try:
                    _write_whole(descriptor, text.encode("utf-8", "surrogateescape"))
                    if held is not None:
                        os.fchown(descriptor, held.st_uid, held.st_gid)
                    os.fchmod(descriptor, mode if held is None else stat.S_IMODE(held.st_mode))
                    _set_context(descriptor, path, name, directory, keep=held is not None)
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
                os.rename(temporary, name, src_dir_fd=directory, dst_dir_fd=directory)
            except BaseException:
                with suppress(OSError):  # the next run removes it
                    os.unlink(temporary, dir_fd=directory)
                raise
            _sync_directory(directory)

    def sweep(self, directory: str) -> None:
        """Remove temporary files that a killed run left in `directory`. Hold the journal's lock."""
        for name in self.listdir(directory):
            if name.startswith(_TEMPORARY[0]) and name.endswith(_TEMPORARY[1]):
                self.remove(f"{directory}/{name}")

    def refuse_irregular(self, path: str) -> None:
        """Raise ForeignFile if `path` is a link, a directory or a device, or leads through a link that is not trusted.

        This collection only writes regular files.
        """
        try:
            with self._directory_of(path) as (directory, name):
                self._refuse_irregular(path, name, directory)
        except OSError as error:
            if error.errno not in _ABSENT:
                raise

    @staticmethod
    def _refuse_irregular(path: str, name: str, directory: int) -> None:
        try:
            found = os.stat(name, dir_fd=directory, follow_symlinks=False)
        except FileNotFoundError:
            return
        if stat.S_ISLNK(found.st_mode):
            raise ForeignFile(
                f"{path} is a symbolic link to {os.readlink(name, dir_fd=directory)}, and nettune.tcp does not write"
                " through links: remove the link or choose another name"
            )
        if not stat.S_ISREG(found.st_mode):
            raise ForeignFile(f"{path} is not a regular file, so nettune.tcp did not write it and leaves it alone")

    @contextmanager
    def _directory_of(self, path: str) -> Iterator[tuple[int, str]]:
        """Open the directory of `path` for the calls that change it; yields its descriptor and the name in it."""
        self.locate(path)  # refuses a path that no file can have
        above, _slash, name = path.rpartition("/")
        directory = trust.open_directory(self._root, above)
        try:
            yield directory, name
        except OSError as error:
            # The calls know the name in the directory only.
            error.filename = path
            raise
        finally:
            os.close(directory)

    def lstat(self, path: str) -> os.stat_result | None:
        """Return lstat(2) of `path`, or None if it does not exist."""
        try:
            return os.lstat(self.locate(path))
        except OSError as error:
            if error.errno in _ABSENT:
                return None
            raise

    def exists(self, path: str) -> bool:
        """Return whether `path` exists; links are followed. Raises OSError if that cannot be found out."""
        return self._mode(path) != 0

    def is_file(self, path: str) -> bool:
        """Return whether `path` is a regular file, as exists()."""
        return stat.S_ISREG(self._mode(path))

    def is_executable(self, path: str) -> bool:
        """Return whether `path` is a regular file that any user may execute; errors are those of exists()."""
        mode = self._mode(path)
        return stat.S_ISREG(mode) and mode & 0o111 != 0

    def is_directory(self, path: str) -> bool:
        """Return whether `path` is a directory, as exists()."""
        return stat.S_ISDIR(self._mode(path))

    def _mode(self, path: str) -> int:
        """Return st_mode of a file, 0 if it is absent. An error of the disk must not pass for an absent file."""
        try:
            return os.stat(self.locate(path)).st_mode
        except OSError as error:
            if error.errno in (*_ABSENT, errno.ELOOP, errno.EACCES):
                return 0
            raise

    def readlink(self, path: str) -> str | None:
        """Return the target of the symbolic link `path`, or None if it is not a link."""
        try:
            return os.readlink(self.locate(path))
        except OSError as error:
            if error.errno in (*_ABSENT, errno.EINVAL):
                return None
            raise

    def listdir(self, path: str) -> list[str]:
        """Return the names in a directory in byte order; none if there is no such directory."""
        try:
            return sorted(os.listdir(self.locate(path)), key=os.fsencode)
        except OSError as error:
            if error.errno in _ABSENT:
                return []
            raise

    def try_listdir(self, path: str, unread: dict[str, str]) -> list[str]:
        """Return the names in a directory as listdir() does. unread: takes, by path, why it cannot be read."""
        try:
            return self.listdir(path)
        except OSError as error:
            unread[path] = f"{path} cannot be read: {procfs.reason(error)}"
            return []

    def try_texts(self, paths: Iterable[str], unread: dict[str, str]) -> dict[str, str]:
        """Return the texts by path of the files that can be read, empty for one that is absent; without directories.

        unread: takes, by path, why a file cannot be read, or is left out because all together are too large.
        """
        texts, left = {}, _MOST_TEXT
        for path in paths:
            with suppress(OSError):  # try_text() has the reason
                if self.is_directory(path):
                    continue
            text, why = self.try_text(path)
            if len(text) > left:
                why = f"{path} is left out: files like it are larger than {_MOST_TEXT >> 20} MB together"
            if why:
                unread[path] = why
                continue
            texts[path] = text
            left -= len(text)
        return texts

    def make_directory(self, path: str, *, mode: int = 0o755) -> bool:
        """Create one directory with exactly `mode`; return False if it exists already."""
        with self._directory_of(path) as (above, name):
            try:
                os.mkdir(name, mode, dir_fd=above)
            except FileExistsError:
                return False
            made = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=above)
            try:
                os.fchmod(made, mode)
                selinux.set_expected(made, path)
            finally:
                os.close(made)
            _sync_directory(above)
        return True

    def remove(self, path: str) -> bool:
        """Remove a file or a link; return False if there was none."""
        try:
            with self._directory_of(path) as (directory, name):
                os.unlink(name, dir_fd=directory)
                _sync_directory(directory)
        except OSError as error:
            if error.errno in _ABSENT:
                return False
            raise
        return True

    def remove_directory(self, path: str) -> bool:
        """Remove an empty directory; return False if it is absent or not empty."""
        try:
            with self._directory_of(path) as (above, name):
                os.rmdir(name, dir_fd=above)
                _sync_directory(above)
        except OSError as error:
            if error.errno in (*_ABSENT, errno.ENOTEMPTY, errno.EEXIST, errno.EBUSY):
                return False
            raise
        return True


def _write_whole(descriptor: int, content: bytes) -> None:
    """Write all of `content`; write(2) may take a part only, as on a disk that has just become full."""
    while content:
        written = os.write(descriptor, content)
        content = content[written:]


def _set_context(descriptor: int, path: str, name: str, directory: int, *, keep: bool) -> None:
    """Set the SELinux context of the new file: that of the file it replaces, or the one that the policy expects."""
    if not keep:
        selinux.set_expected(descriptor, path)
    if not keep or not selinux.enabled():
        return
    held = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=directory)
    try:
        selinux.copy(held, descriptor)
    finally:
        os.close(held)


def _sync_directory(directory: int) -> None:
    """Make a new name, a rename or a removal survive a power failure (fsync(2), NOTES)."""
    descriptor = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=directory)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class RememberedFiles(HostFiles):
    """Files that read each directory and link once. Use it for reading only.

    To find the drop-ins of a unit, all links in systemd's directories are read; the next unit needs the same ones.
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
