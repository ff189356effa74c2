# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carry out a plan for kernel parameters: write files and values, read them back, undo everything if a step fails."""

from __future__ import annotations

import os.path
from contextlib import suppress
from typing import Any, NamedTuple

from ..._common.errors import CHANGED_MEANWHILE, ApplyFailed, NettuneError
from ..._host.files import HostFiles
from ..._host.journal import Journal
from ..._parameters import catalogue
from .. import journal, profile_files, read_back
from ..file_change import FileChange
from ..journal import State
from ..plan import Plan
from ..snapshot import Host
from .proc_sys import ProcSys


class Planned(NamedTuple):
    """A plan, the host it is for, and its settings as rows of the result."""

    plan: Plan
    host: Host
    rows: list[dict[str, Any]]


class _Done(NamedTuple):
    """What has been done so far. values: name and value to write to undo it. files: as they were replaced."""

    values: list[tuple[str, str]]
    files: list[FileChange]


class Applier:
    """Carries out plans on one host. Hold the journal's lock from planning to the end."""

    def __init__(self, files: HostFiles, documents: Journal, proc_sys: ProcSys) -> None:
        self._files = files
        self._journal = documents
        self._proc_sys = proc_sys

    def carry_out(self, planned: Planned) -> Planned:
        """Do what was planned and return it with the rows as found afterwards.

        Raises ApplyFailed if a step is refused, after undoing all steps before it.
        """
        plan = planned.plan
        if plan.before == plan.after and not plan.changes_anything:
            return planned
        planned = planned._replace(plan=self._with_directories(plan))
        plan, done = planned.plan, _Done([], [])
        try:
            # Without rows that ended with a reboot: they must not hide that this run sets the same parameter.
            before = journal.current(plan.before, boot_id=planned.host.boot_id)
            self._save(journal.during(before, plan.after))
            self._write(plan, done)
            values = self._read_back(planned)
            self._save(self._without_directories(read_back.finished(plan, values)))
        except (NettuneError, OSError) as error:
            raise ApplyFailed(f"{error}; {self._undo(planned, done)}") from error
        return planned._replace(rows=read_back.rows_as_found(planned.rows, values))

    def _with_directories(self, plan: Plan) -> Plan:
        """Return the plan with the directories that it has to make for its files."""
        needed = {
            os.path.dirname(change.path) for change in plan.files if change.takes_effect and change.after is not None
        }
        new = sorted(path for path in needed if not self._files.is_directory(path))
        known = [path for path in plan.after.directories if path not in new]
        return plan._replace(after=plan.after._replace(directories=(*known, *new)))

    def _without_directories(self, state: State) -> State:
        """Remove the directories that we made and no longer use, if they are empty, and return what is left."""
        used = tuple(
            path for path in state.directories if path in profile_files.directories_of(state.profiles.values())
        )
        for path in state.directories:
            if path not in used:
                self._files.remove_directory(path)
        return state._replace(directories=used)

    def _save(self, state: State) -> None:
        self._journal.save(journal.DOCUMENT, journal.render(state))

    def _write(self, plan: Plan, done: _Done) -> None:
        for change in plan.files:
            self._replace(change, done)
        for name, change in plan.writes:
            done.values.append(plan.undo(name))
            self._proc_sys.write(name, change.after, shown=catalogue.shown(name, change.after))

    def _replace(self, change: FileChange, done: _Done) -> None:
        if change.left_alone:
            return
        if self._files.read_text(change.path) != change.before:
            raise ApplyFailed(f"{change.path}: {CHANGED_MEANWHILE}: run again")
        if change.edited and change.before is not None:
            self._journal.keep_edited(change.path, change.before)
        done.files.append(change)
        self._write_or_remove(change.path, change.after, keep=change.foreign)

    def _write_or_remove(self, path: str, text: str | None, *, keep: bool) -> None:
        if text is None:
            self._files.remove(path)
        else:
            self._files.make_directory(os.path.dirname(path))
            self._files.replace_text(path, text, keep=keep)

    def _read_back(self, planned: Planned) -> dict[str, str]:
        """Return the written values as the kernel prints them. Raises ApplyFailed if one is not as written."""
        readings = {name: self._proc_sys.read(name) for name, _change in planned.plan.writes}
        unread = [f"{name} cannot be read back: {one.unreadable}" for name, one in readings.items() if one.unreadable]
        if unread:
            raise ApplyFailed("; ".join(unread))
        values = read_back.found(planned.host, {name: one.text for name, one in readings.items()})
        problems = read_back.problems(planned.plan, planned.host, values)
        if problems:
            raise ApplyFailed("; ".join(problems))
        return values

    def _undo(self, planned: Planned, done: _Done) -> str:
        """Undo what was done, last first, and return a clause that says how that went."""
        failed = [*self._undo_values(planned, done), *self._undo_files(planned, done)]
        if failed:
            return f"not everything written before could be restored, the journal still has it: {'; '.join(failed)}"
        with suppress(NettuneError, OSError):  # the journal then holds more than is needed, but nothing wrong
            self._save(planned.plan.before)
        return "everything written before it was restored"

    def _undo_values(self, planned: Planned, done: _Done) -> list[str]:
        """Restore values and return what failed. A value that is as before, as its write was refused, is skipped."""
        readings = {name: self._proc_sys.read(name) for name, _value in done.values}
        known = {name: one.text for name, one in readings.items() if not one.unreadable}
        failed, now = [], read_back.found(planned.host, known)
        for name, value in reversed(done.values):
            if now.get(name) == value:
                continue
            try:
                self._proc_sys.write(name, value, shown=catalogue.shown(name, value))
            except ApplyFailed as error:
                failed.append(str(error))
        return failed

    def _undo_files(self, planned: Planned, done: _Done) -> list[str]:
        failed = []
        for change in reversed(done.files):
            try:
                found = self._files.read_text(change.path)
                if found == change.before:
                    continue  # the write itself failed
                if found != change.after:
                    raise ApplyFailed(f"{CHANGED_MEANWHILE} and left alone")
                self._write_or_remove(change.path, change.before, keep=change.foreign)
            except (NettuneError, OSError) as error:
                failed.append(f"{change.path}: {error}")
        for path in set(planned.plan.after.directories) - set(planned.plan.before.directories):
            self._files.remove_directory(path)
        return failed
