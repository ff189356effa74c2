# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the metrics of a host to a directory of node_exporter, and remove them.

Only a file that has what we wrote, and that belongs to root, is replaced or removed.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Iterator, Sequence

from ..._common.errors import ApplyFailed, ForeignFile, InvalidOption, NettuneError
from ..._host import trust
from ..._host.files import HostFiles
from ..._host.journal import Journal
from ..._host.writable import check_file
from .. import journal
from ..journal import DOCUMENT, NAME, State

LOCK_SECONDS = 60.0
_EXPECTED = "as written"
_UNFINISHED = "the journal still has what was written: run again"


class Textfile:
    """The textfile of one host. Hold lock() while it is changed."""

    def __init__(self, files: HostFiles) -> None:
        self._files = files
        self._journal = Journal(files)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Return a context in which no other run changes this host. It begins by cleaning up after a killed run."""
        with self._journal.lock(seconds=LOCK_SECONDS):
            for path in self._state():
                self._files.sweep(path.rpartition("/")[0])
            yield

    def write(self, directory: str, text: str, *, only_check: bool = False) -> dict[str, Any]:
        """Write the text to the directory, and remove what an earlier run wrote to another one.

        Returns {changed, files, left_alone}. Raises InvalidOption for a directory that does not exist, ForeignFile if
        the file is not ours or the way to it cannot be trusted, and NotWritable.
        """
        path = f"{directory}/{NAME}"
        if not journal.is_directory_path(directory) or not self._files.is_directory(directory):
            raise InvalidOption(
                f"there is no directory {directory}; create it, or name the one that node_exporter reads"
            )
        before, new = self._state(), journal.digest(text)
        found, reason = self._foreign(path, before.get(path, ()))
        if reason:
            raise ForeignFile(f"{path} was left alone: {reason}; remove it, or choose another directory")
        self._files.refuse_irregular(path)  # for the way to a file that is new
        check_file(self._files, path, size=len(text.encode("utf-8", "surrogateescape")))
        others = [one for one in before if one != path]
        if only_check:
            removed, left = self._remove(others, before, only_check=True)
        else:
            self._save({**before, path: (*before.get(path, ()), new)})
            try:
                self._files.replace_text(path, text)
                removed, left = self._remove(others, before)
                self._save({path: (new,)})
            except (NettuneError, OSError) as error:
                raise ApplyFailed(f"{error}; {_UNFINISHED}") from error
        written = {"path": path, "status": "replaced" if found else "created"}
        return {"changed": True, "files": [written, *removed], "left_alone": left}

    def remove(self, *, only_check: bool = False) -> dict[str, Any]:
        """Remove the files that were written. Returns {changed, files, left_alone}."""
        before = self._state()
        try:
            removed, left = self._remove(list(before), before, only_check=only_check)
            if before and not only_check:
                self._save({})
        except (NettuneError, OSError) as error:
            if all(self._files.lstat(path) for path in before):
                raise
            raise ApplyFailed(f"{error}; {_UNFINISHED}") from error
        return {"changed": bool(removed), "files": removed, "left_alone": left}

    def _remove(
        self, paths: Sequence[str], state: State, *, only_check: bool = False
    ) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
        """Remove files; return those that were removed, and those of someone else that were left alone."""
        removed, left = [], []
        for path in paths:
            found, reason = self._foreign(path, state[path])
            if reason:
                left.append({"what": path, "expected": _EXPECTED, "found": found, "reason": reason})
            elif found:
                if not only_check:
                    self._files.remove(path)
                removed.append({"path": path, "status": "removed"})
        return removed, left

    def _foreign(self, path: str, digests: Sequence[str]) -> tuple[str, str]:
        """Return what is at a path, empty for nothing, and why it is not ours, empty if it is.

        digests: of what we wrote there.
        """
        found = self._files.lstat(path)
        if found is None:
            return "", ""
        try:
            self._files.refuse_irregular(path)
            text = self._files.read_text(path)
        except NettuneError as error:
            return "another file", str(error)
        doubt = trust.doubt(found)
        if doubt:
            return "another file", f"it {doubt}"
        if text is None or journal.digest(text) in digests:
            return _EXPECTED if text is not None else "", ""
        return "edited" if digests else "another file", (
            "it was changed by someone else" if digests else "it was not written by nettune.tcp"
        )

    def _state(self) -> State:
        return journal.parse(self._journal.load(DOCUMENT))

    def _save(self, state: State) -> None:
        self._journal.save(DOCUMENT, journal.render(state))
