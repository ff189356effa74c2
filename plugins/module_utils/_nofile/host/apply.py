# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carry out the steps of a plan for open-file limits. Steps on files can be undone."""

from __future__ import annotations

from collections.abc import Iterable

from ..._common.errors import CHANGED_MEANWHILE, ApplyFailed, NettuneError
from ..._formats.rlimit import reaches
from ..._host.files import HostFiles
from ..._host.journal import Journal
from ..live import Change, attempts
from ..steps import Action, KeepEdited, MakeDirectory, Reload, RemoveDirectory, RemoveFile, SetLimit, WriteFile
from .processes import Processes
from .units import Units


class FileSteps:
    """Carries out the steps on files and remembers them for undo()."""

    def __init__(self, files: HostFiles, journal: Journal, units: Units) -> None:
        self._files = files
        self._journal = journal
        self._units = units
        self._done: list[Action] = []

    def carry_out(self, actions: Iterable[Action]) -> None:
        """Carry out the steps in order and read back what was written.

        Raises OSError, ForeignFile and ApplyFailed.
        """
        steps = [action for action in actions if not isinstance(action, SetLimit)]
        for action in steps:
            if isinstance(action, (WriteFile, RemoveFile)) and self._files.read_text(action.path) != action.before:
                raise ApplyFailed(f"{action.path}: {CHANGED_MEANWHILE}: run again")
            self._done.append(action)
            self._do(action)
        for action in steps:
            if isinstance(action, WriteFile) and self._files.read_text(action.path) != action.after:
                raise ApplyFailed(f"{action.path} differs from what was written; another tool may be writing it")

    def undo(self) -> list[str]:
        """Undo the steps, the last one first. Returns the errors."""
        errors = []
        for action in reversed(self._done):
            try:
                self._undo(action)
            except (NettuneError, OSError) as error:
                errors.append(str(error))
        if any(isinstance(action, Reload) for action in self._done):
            try:
                self._units.reload()
            except ApplyFailed as error:
                errors.append(str(error))
        return errors

    def _do(self, action: Action) -> None:
        if isinstance(action, KeepEdited):
            self._journal.keep_edited(action.path, action.text)
        elif isinstance(action, MakeDirectory):
            self._files.make_directory(action.path)
        elif isinstance(action, RemoveDirectory):
            self._files.remove_directory(action.path)
        elif isinstance(action, WriteFile):
            self._files.replace_text(action.path, action.after)
        elif isinstance(action, RemoveFile):
            self._files.remove(action.path)
        elif isinstance(action, Reload):
            self._units.reload()

    def _undo(self, action: Action) -> None:
        if isinstance(action, MakeDirectory):
            self._files.remove_directory(action.path)
        elif isinstance(action, RemoveDirectory):
            self._files.make_directory(action.path)
        elif isinstance(action, (WriteFile, RemoveFile)):
            self._undo_file(action)

    def _undo_file(self, action: WriteFile | RemoveFile) -> None:
        found = self._files.read_text(action.path)
        if found == action.before:
            return  # the step itself failed
        if found != (action.after if isinstance(action, WriteFile) else None):
            raise ApplyFailed(f"{action.path}: {CHANGED_MEANWHILE} and left alone")
        if action.before is None:
            self._files.remove(action.path)
        else:
            self._files.replace_text(action.path, action.before)


def set_limits(changes: Iterable[Change], processes: Processes) -> tuple[Change, ...]:
    """Set the limit of each process. Returns the changes with the limits found afterwards, without ended processes."""
    done = (_set(change, processes) for change in changes)
    return tuple(change for change in done if change is not None)


def _set(change: Change, processes: Processes) -> Change | None:
    process = change.process
    if change.after == process.limit:
        return change
    reason = change.reason
    for limit in attempts(process, change.after):
        try:
            if not processes.set(process, limit):
                return None
            break
        except (OSError, ValueError) as error:
            reason = f"the kernel refused {limit}: {getattr(error, 'strerror', None) or error}"
    found = processes.limit(process.pid)
    if found is None:
        return None
    if not reason and not reaches(found, change.after):
        reason = "the limit was set, but something changed it again, possibly the program itself"
    return change._replace(after=found, reason=reason)
