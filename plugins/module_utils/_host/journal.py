# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was there before us: JSON documents under /var/lib/nettune/tcp, one writer at a time."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import time
from contextlib import contextmanager
from typing import Any, Iterator

from .._common.errors import JournalError
from .files import HostFiles

DIRECTORY = "/var/lib/nettune/tcp"
EDITED = f"{DIRECTORY}/edited"
_POLL_SECONDS = 0.1


class Journal:
    """Documents by name: load and save are whole and atomic; lock() keeps two runs on one host apart."""

    def __init__(self, files: HostFiles) -> None:
        self._files = files

    def load(self, name: str) -> dict[str, Any]:
        """The document called `name`; {} where there is none. Raises JournalError where it is damaged."""
        text = self._files.read_text(self._path(name))
        if text is None:
            return {}
        try:
            document = json.loads(text)
        except ValueError as error:
            raise JournalError(
                f"{self._path(name)} is damaged ({error}); it holds what nettune.tcp found on this host before its"
                " first change, so it is not overwritten: mend it, or move it away to start from the values of today"
            ) from error
        if not isinstance(document, dict):
            raise JournalError(f"{self._path(name)} does not hold a journal: a JSON object was expected")
        return document

    def save(self, name: str, document: dict[str, Any]) -> None:
        """Replace the document called `name`; an empty one is removed."""
        if not document:
            self._files.remove(self._path(name))
            return
        self._make_directory()
        text = json.dumps(document, indent=1) + "\n"
        self._files.replace_text(self._path(name), text, mode=0o600)

    def keep_edited(self, path: str, text: str) -> str:
        """Keep what somebody wrote into a file of ours before it is replaced; returns where."""
        digest = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:8]
        kept = f"{EDITED}/{os.path.basename(path)}.{digest}"
        self._make_directory()
        self._files.make_directory(EDITED, mode=0o700)
        self._files.replace_text(kept, text, mode=0o600)
        return kept

    @contextmanager
    def lock(self, *, seconds: float) -> Iterator[None]:
        """Hold the host's only writer's place, waiting up to `seconds` for it; leaves no empty directory behind.

        Raises JournalError when another run still holds it then.
        """
        descriptor = self._acquire(time.monotonic() + seconds, seconds)
        try:
            for directory in (DIRECTORY, EDITED):
                self._files.sweep(directory)
            yield
        finally:
            try:
                # Removed while the lock is held; whoever waited on the removed directory notices and makes a new one.
                for path in (DIRECTORY, os.path.dirname(DIRECTORY)):
                    self._files.remove_directory(path)
            finally:
                os.close(descriptor)

    def _acquire(self, deadline: float, seconds: float) -> int:
        while True:
            descriptor = self._open_directory()
            if descriptor is not None:
                if _try_lock(descriptor) and self._is_current(descriptor):
                    return descriptor
                os.close(descriptor)
            if time.monotonic() >= deadline:
                why = "cannot be made" if descriptor is None else "is locked"
                raise JournalError(
                    f"another nettune.tcp run has been changing this host for {seconds:g} s ({DIRECTORY} {why});"
                    " nothing was changed: run again when it has ended"
                )
            time.sleep(_POLL_SECONDS)

    def _open_directory(self) -> int | None:
        """The directory, made where it is absent; None where its last holder has just removed it, or its parent."""
        try:
            self._make_directory()
            return os.open(self._files.locate(DIRECTORY), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except FileNotFoundError:
            return None

    def _is_current(self, descriptor: int) -> bool:
        """Whether the locked directory is still the one at its path: its last holder may have removed it."""
        try:
            return os.path.samestat(os.stat(self._files.locate(DIRECTORY)), os.fstat(descriptor))
        except FileNotFoundError:
            return False

    def _make_directory(self) -> None:
        self._files.make_directory(os.path.dirname(DIRECTORY), mode=0o755)
        self._files.make_directory(DIRECTORY, mode=0o700)

    @staticmethod
    def _path(name: str) -> str:
        return f"{DIRECTORY}/{name}.json"


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
