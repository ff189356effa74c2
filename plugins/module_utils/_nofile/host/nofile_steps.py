# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a plan for open-file limits, carried out on a host; those on files can be undone."""

from __future__ import annotations

from collections.abc import Iterable

from ..._common.errors import ApplyFailed, NettuneError
from ..._formats.rlimit import reaches
from ..._host.files import HostFiles
from ..._host.journal import Journal
from ..live import Change, attempts
from ..steps import Action, KeepEdited, MakeDirectory, Reload, RemoveDirectory, RemoveFile, SetLimit, WriteFile
from .processes import Processes
from .units import Units


class FileSteps:
    """Carries out the steps on files, and remembers them."""

    def __init__(self, files: HostFiles, journal: Journal, units: Units) -> None:
        self._files = files
        self._journal = journal
        self._units = units
        self._done: list[Action] = []

    def carry_out(self, actions: Iterable[Action]) -> None:
        """Do the steps in their order and read back what was written. Raises OSError, ForeignFile and ApplyFailed."""
        steps = [action for action in actions if not isinstance(action, SetLimit)]
        for action in steps:
            self._done.append(action)
            self._do(action)
        for action in steps:
            if isinstance(action, WriteFile) and self._files.read_text(action.path) != action.after:
                raise ApplyFailed(f"{action.path} does not hold what was written; something else may be writing it")

    def undo(self) -> list[str]:
        """Undo the steps, the last one first; returns what could not be undone."""
        failed = []
        for action in reversed(self._done):
            try:
                self._undo(action)
            except (NettuneError, OSError) as error:
                failed.append(str(error))
        if any(isinstance(action, Reload) for action in self._done):
            failed += self._reload_again()
        return failed

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
        elif isinstance(action, (WriteFile, RemoveFile)) and action.before is None:
            self._files.remove(action.path)
        elif isinstance(action, (WriteFile, RemoveFile)):
            self._files.replace_text(action.path, action.before or "")

    def _reload_again(self) -> list[str]:
        try:
            self._units.reload()
        except ApplyFailed as error:
            return [str(error)]
        return []


def set_limits(changes: Iterable[Change], processes: Processes) -> tuple[Change, ...]:
    """Give each process its limit; returns the changes as they came about, without processes that have ended."""
    done = (_set(change, processes) for change in changes)
    return tuple(change for change in done if change is not None)


def _set(change: Change, processes: Processes) -> Change | None:
    process = change.process
    if change.after == process.limit:
        return change
    why_not = change.why_not
    for limit in attempts(process, change.after):
        try:
            if not processes.set(process, limit):
                return None
            break
        except (OSError, ValueError) as error:
            why_not = f"the kernel refused {limit}: {getattr(error, 'strerror', None) or error}"
    found = processes.limit(process.pid)
    if found is None:
        return None
    if not why_not and not reaches(found, change.after):
        why_not = "the limit was set, and something else, perhaps the program itself, has changed it since"
    return change._replace(after=found, why_not=why_not)
