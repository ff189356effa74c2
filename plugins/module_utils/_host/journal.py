# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal: JSON documents below /var/lib/nettune/tcp with the original values, and the lock that its writer holds.

How a document of another release is read is in _common/journal_format.py.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import stat
import time
from contextlib import contextmanager, suppress
from typing import Any, Iterator

from .._common.errors import ForeignFile, JournalError, UnreadableFile
from .._common.journal_format import NEXT_STEP, json_document
from . import trust
from .files import HostFiles
from .writable import check_file

TOP = "/var/lib/nettune"
DIRECTORY = f"{TOP}/tcp"
EDITED = f"{DIRECTORY}/edited"
_POLL_SECONDS = 0.1


class Journal:
    """Loads and saves documents by name, whole and atomically; lock() admits one run at a time."""

    def __init__(self, files: HostFiles) -> None:
        self._files = files

    def load(self, name: str) -> dict[str, Any]:
        """Return the document `name`; {} if there is none. Raises JournalError if it is damaged."""
        path = self._path(name)
        check_trusted(self._files)
        try:
            text = self._files.read_text(path)
        except UnreadableFile as error:
            raise JournalError(f"{error}; {NEXT_STEP}") from error
        if text is None:
            return {}
        try:
            document = json_document(text)
        except ValueError as error:
            raise JournalError(f"{path} is damaged: not valid JSON ({error}); {NEXT_STEP}") from error
        if not isinstance(document, dict):
            raise JournalError(f"{path} is damaged: a journal is a JSON object; {NEXT_STEP}")
        return document

    def save(self, name: str, document: dict[str, Any]) -> None:
        """Replace the document `name`; remove it if it is empty."""
        if not document:
            self._files.remove(self._path(name))
            return
        self._make_directory()
        text = json.dumps(document, indent=1) + "\n"
        self._files.replace_text(self._path(name), text, mode=0o600)

    def keep_edited(self, path: str, text: str) -> str:
        """Save the text that someone wrote into a file of ours, before it is replaced; return the path of the copy."""
        digest = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:8]
        kept = f"{EDITED}/{os.path.basename(path)}.{digest}"
        self._make_directory()
        self._files.make_directory(EDITED, mode=0o700)
        self._files.replace_text(kept, text, mode=0o600)
        return kept

    def check_writable(self, *, size: int) -> None:
        """Raise NotWritable or PermissionError if documents of `size` bytes cannot be saved."""
        check_file(self._files, self._path("journal"), size=size, hint="the journal is needed to revert changes")

    @contextmanager
    def lock(self, *, seconds: float) -> Iterator[None]:
        """Lock the journal, waiting up to `seconds`. Removes its directory afterwards if that is empty.

        Raises JournalError if another run still holds the lock, and what check_writable() raises.
        """
        self.check_writable(size=0 if self._files.is_directory(DIRECTORY) else 1)
        descriptor = self._acquire(time.monotonic() + seconds, seconds)
        try:
            for directory in (DIRECTORY, EDITED):
                self._files.sweep(directory)
            yield
        finally:
            try:
                # While the lock is held: a run that waits for the removed directory notices and makes a new one.
                with suppress(OSError):  # the run is done, and an empty directory does no harm
                    for path in (DIRECTORY, TOP):
                        self._files.remove_directory(path)
            finally:
                with suppress(OSError):  # also with an error, close(2) releases the lock
                    os.close(descriptor)

    def _acquire(self, deadline: float, seconds: float) -> int:
        while True:
            descriptor = self._open_directory()
            if descriptor is not None:
                if _try_lock(descriptor) and self._is_current(descriptor):
                    return descriptor
                os.close(descriptor)
            if time.monotonic() >= deadline:
                state = "cannot be created" if descriptor is None else "is locked"
                raise JournalError(
                    f"another nettune.tcp run has been changing this host for {seconds:g} s ({DIRECTORY} {state});"
                    " nothing was changed: run again when it has ended"
                )
            time.sleep(_POLL_SECONDS)

    def _open_directory(self) -> int | None:
        """Open the directory, creating it if needed; None if another run has just removed it or its parent."""
        try:
            self._make_directory()
            descriptor = os.open(self._files.locate(DIRECTORY), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        try:
            check_trusted(self._files)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _is_current(self, descriptor: int) -> bool:
        """Return whether the locked directory is still at its path; its last user may have removed it."""
        try:
            return os.path.samestat(os.stat(self._files.locate(DIRECTORY)), os.fstat(descriptor))
        except FileNotFoundError:
            return False

    def _make_directory(self) -> None:
        check_trusted(self._files)
        self._files.make_directory(TOP, mode=0o755)
        self._files.make_directory(DIRECTORY, mode=0o700)

    @staticmethod
    def _path(name: str) -> str:
        return f"{DIRECTORY}/{name}.json"


def check_trusted(files: HostFiles) -> None:
    """Raise JournalError if someone other than root could have written or replaced the journal."""
    for path, may_be_link in ((TOP, False), (DIRECTORY, True)):
        found = files.lstat(path)
        if found is None:
            return
        reason = trust.doubt(found)
        if stat.S_ISLNK(found.st_mode) and not may_be_link:
            reason = f"is a symbolic link to {files.readlink(path)}"
        elif stat.S_ISLNK(found.st_mode):
            reason = reason or _doubt_of_target(files, path)
        if reason:
            raise JournalError(
                f"{path} {reason}, so the journal in it is not trusted and nothing was changed: it must be a directory"
                " that belongs to root and that only root can write"
            )


def _doubt_of_target(files: HostFiles, path: str) -> str:
    """Return why the directory that a link leads to, or the way there, is not root's alone; empty if it is."""
    try:
        descriptor = trust.open_directory(files.locate(""), path)
    except ForeignFile as error:
        return f"cannot be trusted ({error})"
    os.close(descriptor)
    return trust.doubt(os.stat(files.locate(path)))


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
