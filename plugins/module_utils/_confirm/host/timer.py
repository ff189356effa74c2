# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A timer on the host that rolls back unconfirmed changes, without controller, connection or Ansible.

With systemd it is a transient timer, which survives the session that made it; elsewhere a process that has left that
session and sleeps. Both use the monotonic clock.
"""

from __future__ import annotations

import inspect
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from ..._common.errors import ApplyFailed
from ..._host.files import HostFiles
from ..._host.identity import process_start
from ..._host.run import run
from . import take_back

_STARTS_WITHIN = 30


class Timer:
    """The timer of one host. run, start: run a command, or one that detaches; both return exit status and output."""

    def __init__(
        self,
        files: HostFiles,
        *,
        run: Callable[[Iterable[str]], tuple[int, str]] = run,
        start: Callable[[list[str]], tuple[int, str]] | None = None,
        kill: Callable[[int, int], None] = os.kill,
        monotonic: Callable[[], float] = time.monotonic,
        python: str = sys.executable,
    ) -> None:
        self._files = files
        self._run = run
        self._start = start or _start
        self._kill = kill
        self._monotonic = monotonic
        self._python = python

    def arm(self, seconds: int) -> dict[str, Any]:
        """Schedule take_back.py to run in `seconds` and return the argument for disarm(). Raises ApplyFailed."""
        if not self._python:
            raise ApplyFailed(
                "cannot start a timer: the path of the Python interpreter is unknown (sys.executable is empty)"
            )
        self._files.replace_text(take_back.SCRIPT, inspect.getsource(take_back), mode=0o700)
        script = [self._python, "-I", take_back.SCRIPT]
        return self._arm_systemd(script, seconds) if self._has_systemd() else self._arm_process(script, seconds)

    def disarm(self, armed: Mapping[str, Any]) -> None:
        """Stop a timer. One that cannot be stopped is harmless: it reads the journal first and finds nothing due.

        Hold the journal's lock: a script that already runs is then waiting for that lock, not rolling back.
        """
        if "unit" in armed:
            self._run(["systemctl", "stop", f"{armed['unit']}.timer", f"{armed['unit']}.service"])
        elif "pid" in armed and process_start(self._files, armed["pid"]) == armed["start"]:
            with suppress(ProcessLookupError):
                self._kill(armed["pid"], signal.SIGTERM)

    def clear(self) -> None:
        """Remove the script. Call it when nothing is pending."""
        self._files.remove(take_back.SCRIPT)

    def _has_systemd(self) -> bool:
        """Return whether systemd is the init system of this host (sd_booted(3))."""
        return self._files.exists("/run/systemd/system")

    def _arm_systemd(self, script: list[str], seconds: int) -> dict[str, Any]:
        unit = f"nettune-tcp-{os.urandom(4).hex()}"
        when = self._when(seconds)
        timer = [when, "--timer-property=AccuracySec=1s", f"--unit={unit}", "--collect"]
        about = "--description=Roll back unconfirmed changes (nettune.tcp)"
        status, said = self._run(["systemd-run", *timer, about, "--", *script])
        if status != 0:
            raise ApplyFailed(f"cannot start the timer: systemd-run exited with {status}: {_line(said)}")
        return {"unit": unit}

    def _when(self, seconds: int) -> str:
        """Return the time as an option of systemd-run(1), counted from the start of systemd.

        A timer counted from its own start (OnActiveSec=) starts again with each daemon-reload.
        """
        status, said = self._run(["systemctl", "show", "--value", "--property=UserspaceTimestampMonotonic"])
        if status != 0 or not said.strip().isdigit():
            return f"--on-active={seconds}s"
        return f"--on-startup={math.ceil((self._monotonic() + seconds) * 1000 - int(said) / 1000)}ms"

    def _arm_process(self, script: list[str], seconds: int) -> dict[str, Any]:
        status, said = self._start([*script, str(seconds)])
        start = process_start(self._files, int(said)) if status == 0 and said.strip().isdigit() else None
        if start is None:
            raise ApplyFailed(f"cannot start the timer: {script[0]} exited with {status}: {_line(said)}")
        return {"pid": int(said), "start": start}


def _start(script: list[str]) -> tuple[int, str]:
    """Run a script that detaches, in its own session and with a minimal environment."""
    try:
        done = subprocess.run(
            script,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"PATH": os.defpath},
            start_new_session=True,
            text=True,
            timeout=_STARTS_WITHIN,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return 1, str(error)
    return done.returncode, done.stdout


def _line(said: str) -> str:
    return " ".join(said.split()) or "no output"
