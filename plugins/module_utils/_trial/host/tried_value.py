# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one parameter that a trial changes. What was there is written down before the first change, and stays so until it
is there again; whoever comes next puts it back if the trial cannot.
"""

from __future__ import annotations

import inspect
import subprocess
import sys
import time
from typing import Any, Sequence

from ..._common.errors import ApplyFailed
from ..._formats import sysctl_conf
from ..._host import trial_watchdog
from ..._host.files import HostFiles
from ..._host.journal import Journal
from ..._host.trial_lock import DOCUMENT, FORMAT, TRIALS
from ..._parameters import value as sysctl_value
from ..._parameters.row import Parameter
from ..._sysctl.host import proc_sys
from ..._sysctl.host.proc_sys import ProcSys

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
        record = FORMAT.write({"name": name, "token": token, "key": key, "boot_id": boot_id})
        path = self._files.locate(f"{proc_sys.DIRECTORY}/{sysctl_conf.to_path(key)}")
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
        return trial_watchdog.put_back(self._files.locate(TRIALS))

    def _record(self) -> dict[str, Any]:
        record = self._journal.load(DOCUMENT)
        if not record:
            raise ApplyFailed(f"{self._parameter.name} has been put back meanwhile by the watchdog, as after a hang")
        return record


# Starts the watchdog of a trial, apart from everything that may die with the trial.

_PROGRAM = f"{TRIALS}/watchdog.py"
_PID_FILE = f"{TRIALS}/{trial_watchdog.PID_FILE}"
_SECONDS_TO_START, _POLL_SECONDS = 60.0, 0.02
_NOWHERE = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)


def arm(files: HostFiles, *, name: str, token: str, seconds: float) -> int:
    """Start the watchdog of the trial `name`, and return its pid when it watches. Raises ApplyFailed.

    Where systemd runs it gets a unit of its own, so that the end of a session does not end it; else it is a process in
    a session of its own.
    """
    files.replace_text(_PROGRAM, inspect.getsource(trial_watchdog), mode=0o600)
    files.remove(_PID_FILE)
    command = [sys.executable, "-I", files.locate(_PROGRAM), files.locate(TRIALS), token, f"{seconds:.0f}"]
    if files.exists("/run/systemd/system") and _beside_init(files):
        unit = f"nettune-trial-{name.replace('_', '-')}-{token}"
        # If somebody kills the watchdog first, another one comes.
        options = ["--quiet", "--collect", "--property=Restart=on-failure", f"--unit={unit}"]
        started = _run(["systemd-run", *options, *command])
    else:
        started = subprocess.Popen(command, cwd="/", start_new_session=True, **_NOWHERE)
    return _watching(files, started)


def _beside_init(files: HostFiles) -> bool:
    """Whether what the host's first process starts sees the parameters that this process sees."""
    try:
        init, own = ([files.readlink(f"/proc/{who}/ns/{one}") for one in ("net", "mnt")] for who in ("1", "self"))
    except PermissionError:
        return False
    return init == own


def _run(command: Sequence[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, cwd="/")
    except OSError as error:
        raise ApplyFailed(f"the watchdog could not be started, so nothing was changed: {error}") from error
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()
        raise ApplyFailed(f"the watchdog could not be started, so nothing was changed: {command[0]}: {said}")


def _watching(files: HostFiles, started: subprocess.Popen | None) -> int:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline:
        pid = files.read_text(_PID_FILE)
        if pid:
            return int(pid)
        if started is not None and started.poll() is not None:
            break
        time.sleep(_POLL_SECONDS)
    raise ApplyFailed(f"the watchdog ({_PROGRAM}) does not run, so nothing was changed")
