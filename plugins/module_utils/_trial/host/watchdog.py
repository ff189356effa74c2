# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start the watchdog of a trial, outside of everything that may be killed with the trial."""

from __future__ import annotations

import inspect
import subprocess
import sys
import time
from typing import Sequence

from ..._common.errors import ApplyFailed
from ..._host import trial_watchdog
from ..._host.files import HostFiles
from ..._host.trial_lock import TRIALS

_PROGRAM = f"{TRIALS}/watchdog.py"
_PID_FILE = f"{TRIALS}/{trial_watchdog.PID_FILE}"
# A trial may take longer than planned, for example on a host with a million sockets.
_TIMEOUT_FACTOR, _TIMEOUT_EXTRA_SECONDS = 2.0, 120.0
_SECONDS_TO_START, _POLL_SECONDS = 60.0, 0.02
_NO_STREAMS = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)


def start(files: HostFiles, *, name: str, token: str, expected_seconds: float) -> int:
    """Start the watchdog of the trial `name`, and return its PID once it is running. Raises ApplyFailed.

    With systemd it runs in a unit of its own, so that the end of the session does not end it; otherwise in a session of
    its own. expected_seconds: how long the trial is planned to take.
    """
    timeout = _TIMEOUT_FACTOR * expected_seconds + _TIMEOUT_EXTRA_SECONDS
    files.replace_text(_PROGRAM, inspect.getsource(trial_watchdog), mode=0o600)
    files.remove(_PID_FILE)
    command = [sys.executable, "-I", files.locate(_PROGRAM), files.locate(TRIALS), token, f"{timeout:.0f}"]
    if files.exists("/run/systemd/system") and _shares_namespaces_with_init(files):
        unit = f"nettune-trial-{name.replace('_', '-')}-{token}"
        # systemd starts another watchdog if this one is killed.
        restart = ("Restart=on-failure", f"RestartPreventExitStatus={trial_watchdog.DAMAGED}")
        options = ["--quiet", "--collect", *(f"--property={one}" for one in restart), f"--unit={unit}"]
        started = _run(["systemd-run", *options, *command])
    else:
        started = subprocess.Popen(  # pylint: disable=ansible-bad-function  # no AnsibleModule here
            command, cwd="/", start_new_session=True, **_NO_STREAMS
        )
    return _wait_until_running(files, started)


def _shares_namespaces_with_init(files: HostFiles) -> bool:
    """Return whether a process started by PID 1 would see the same parameters as this process."""
    try:
        init, own = ([files.readlink(f"/proc/{who}/ns/{one}") for one in ("net", "mnt")] for who in ("1", "self"))
    except PermissionError:
        return False
    return init == own


def _run(command: Sequence[str]) -> None:
    try:
        done = subprocess.run(  # pylint: disable=ansible-bad-function  # no AnsibleModule here
            command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, cwd="/"
        )
    except OSError as error:
        raise ApplyFailed(f"the watchdog could not be started, so nothing was changed: {error}") from error
    if done.returncode != 0:
        output = (done.stderr or done.stdout).strip()
        raise ApplyFailed(f"the watchdog could not be started, so nothing was changed: {command[0]}: {output}")


def _wait_until_running(files: HostFiles, started: subprocess.Popen | None) -> int:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline:
        pid = files.read_text(_PID_FILE)
        if pid:
            return int(pid)
        if started is not None and started.poll() is not None:
            break
        time.sleep(_POLL_SECONDS)
    raise ApplyFailed(f"the watchdog ({_PROGRAM}) did not start, so nothing was changed")
