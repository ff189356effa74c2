# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one parameter that a trial changes. What was there is written down before the first change, and stays so until it
is there again; whoever comes next puts it back if the trial cannot.
"""

from __future__ import annotations

from typing import Any

from ..._common.errors import ApplyFailed, JournalError
from ..._formats import sysctl_key
from ..._host.files import HostFiles
from ..._host.journal import DIRECTORY, Journal
from ..._parameters import value as sysctl_value
from ..._parameters.row import Parameter
from ..._sysctl.host import proc_sys
from ..._sysctl.host.proc_sys import ProcSys
from . import watchdog

TRIALS = f"{DIRECTORY}/trials"
# No trial can be named so: names have no hyphens.
DOCUMENT = "trials/in-force"
_VERSION = 1
_BOOT_ID = "/proc/sys/kernel/random/boot_id"


class TrialValue:
    """The parameter while a trial has it; `before` and values written are in normal form."""

    def __init__(self, files: HostFiles, parameter: Parameter, before: str) -> None:
        self._files = files
        self._journal = Journal(files)
        self._proc_sys = ProcSys(files)
        self._parameter = parameter
        self._before = before
        self.in_force = before

    def begin(self, *, name: str, token: str, boot_id: str) -> None:
        """Write down what is there, for the trial `name`."""
        key = self._parameter.name
        record = {"version": _VERSION, "name": name, "token": token, "key": key, "boot_id": boot_id}
        path = self._files.locate(f"{proc_sys.DIRECTORY}/{sysctl_key.to_path(key)}")
        record.update(path=path, boot_id_path=self._files.locate(_BOOT_ID))
        record.update(before=self._before, ours=[], unread=False)
        self._journal.save(DOCUMENT, record)

    def write(self, value: str) -> None:
        """Set the parameter, and note what the kernel has made of it. Raises ApplyFailed where it cannot be."""
        record = self._record()
        self._journal.save(DOCUMENT, {**record, "ours": [value], "unread": True})
        self._proc_sys.write(self._parameter.name, value)
        found = self.found()
        if found is None or (found != value and not self._parameter.rounds):
            raise ApplyFailed(f"{self._parameter.name} = {value} was written, and it is {found} all the same")
        self.in_force = found
        self._journal.save(DOCUMENT, {**record, "ours": [found], "unread": False})

    def found(self) -> str | None:
        """What the parameter is now; None where it is gone."""
        text = self._proc_sys.read(self._parameter.name).text
        return None if text is None else sysctl_value.normal(self._parameter, text)

    def keep(self, value: str) -> None:
        """Leave the parameter at `value`."""
        self.write(value)
        self._journal.save(DOCUMENT, {})

    def put_back(self) -> str:
        """Let the parameter be what it was before; returns why it is not, where it is not."""
        return watchdog.put_back(self._files.locate(TRIALS))

    def _record(self) -> dict[str, Any]:
        record = self._journal.load(DOCUMENT)
        if not record:
            raise ApplyFailed(f"{self._parameter.name} has been put back meanwhile by the watchdog, as after a hang")
        return record


def pending(files: HostFiles) -> dict[str, Any]:
    """{name, key, before, ...} of the trial that has, or had when it died, a parameter; {} where there is none."""
    record = Journal(files).load(DOCUMENT)
    if record and record.get("version") != _VERSION:
        raise JournalError(f"{DIRECTORY}/{DOCUMENT}.json is of a version that this nettune.tcp does not read")
    return record
