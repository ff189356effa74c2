# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameter that a trial changes.

The old value is recorded before the first change, until it is restored. If the trial cannot restore it, the watchdog or
the next module that changes the host does so from this record.
"""

from __future__ import annotations

from typing import Any

from ..._common.errors import ApplyFailed
from ..._formats import sysctl_conf
from ..._host import trial_watchdog
from ..._host.files import HostFiles
from ..._host.identity import BOOT_ID
from ..._host.journal import Journal
from ..._host.trial_lock import DOCUMENT, FORMAT, TRIALS
from ..._parameters.row import Parameter
from ..._parameters.value import normal
from ..._sysctl.host import proc_sys
from ..._sysctl.host.proc_sys import ProcSys


class TrialValue:
    """The parameter during a trial. before: the old value; this and all values are in normal form."""

    def __init__(self, files: HostFiles, parameter: Parameter, before: str) -> None:
        self._files = files
        self._journal = Journal(files)
        self._proc_sys = ProcSys(files)
        self._parameter = parameter
        self._before = before
        self.current = before

    def begin(self, *, name: str, token: str, boot_id: str) -> None:
        """Record the old value for the trial `name`."""
        key = self._parameter.name
        record = FORMAT.write({"name": name, "token": token, "key": key, "boot_id": boot_id})
        path = self._files.locate(f"{proc_sys.DIRECTORY}/{sysctl_conf.to_path(key)}")
        record.update(path=path, boot_id_path=self._files.locate(BOOT_ID))
        record.update(before=self._before, ours=[], unread=False)
        self._journal.save(DOCUMENT, record)

    def write(self, value: str) -> None:
        """Set the parameter, and record the value that the kernel made of it. Raises ApplyFailed if it differs."""
        record = self._record()
        self._journal.save(DOCUMENT, {**record, "ours": [value], "unread": True})
        self._proc_sys.write(self._parameter.name, value)
        found = self.found()
        if found is None or (found != value and not self._parameter.rounds):
            raise ApplyFailed(f"{self._parameter.name} = {value} was written, but it is {found}")
        self.current = found
        self._journal.save(DOCUMENT, {**record, "ours": [found], "unread": False})

    def found(self) -> str | None:
        """Return the present value; None if the parameter no longer exists."""
        text = self._proc_sys.read(self._parameter.name).text
        return None if text is None else normal(self._parameter, text)

    def forget(self) -> None:
        """Remove the record, so that the present value stays; if that fails, restore the old value."""
        try:
            self._journal.save(DOCUMENT, {})
        except OSError:
            self._proc_sys.write(self._parameter.name, self._before)  # the record may be gone all the same
            raise

    def restore(self) -> str:
        """Restore the old value; returns why it was not restored, or nothing. Raises ApplyFailed."""
        try:
            return trial_watchdog.put_back(self._files.locate(TRIALS))
        except OSError as error:
            left = f"{self._parameter.name} could not be restored ({error}); the watchdog will try again"
            raise ApplyFailed(left) from error
        except ValueError as error:
            raise ApplyFailed(f"{self._parameter.name} could not be restored to {self._before}: {error}") from error

    def _record(self) -> dict[str, Any]:
        record = self._journal.load(DOCUMENT)
        if not record:
            raise ApplyFailed(f"the watchdog has restored {self._parameter.name} meanwhile, as after a hang")
        return record
