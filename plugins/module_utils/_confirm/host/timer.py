# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A timer of the host itself that takes back what nobody confirms: it needs no controller, no connection, no Ansible.

Where systemd runs it is a transient timer, which survives the session it was made in; elsewhere a process that has left
that session and sleeps. Both go by the monotonic clock.
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
from ..._host import run as command
from ..._host.files import HostFiles
from ..._host.identity import process_start
from . import take_back

_STARTS_WITHIN = 30


class Timer:
    """The timer of one host. run: runs a command, and start: one that detaches; both return exit status and output."""

    def __init__(
        self,
        files: HostFiles,
        *,
        run: Callable[[Iterable[str]], tuple[int, str]] = command.run,
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
        """Have take_back.py run in `seconds`; returns what disarm() wants. Raises ApplyFailed where it cannot be."""
        if not self._python:
            raise ApplyFailed("Python does not say where its interpreter is, so no timer can run it")
        self._files.replace_text(take_back.SCRIPT, inspect.getsource(take_back), mode=0o700)
        script = [self._python, "-I", take_back.SCRIPT]
        return self._arm_systemd(script, seconds) if self._has_systemd() else self._arm_process(script, seconds)

    def disarm(self, armed: Mapping[str, Any]) -> None:
        """Stop a timer. One that cannot be stopped does no harm: it looks at the journal first, and finds nothing due.

        Only for who holds the journal's lock: what runs is then waiting, not working.
        """
        if "unit" in armed:
            self._run(["systemctl", "stop", f"{armed['unit']}.timer", f"{armed['unit']}.service"])
        elif "pid" in armed and process_start(self._files, armed["pid"]) == armed["start"]:
            with suppress(ProcessLookupError):
                self._kill(armed["pid"], signal.SIGTERM)

    def clear(self) -> None:
        """Remove the script, when nothing waits."""
        self._files.remove(take_back.SCRIPT)

    def _has_systemd(self) -> bool:
        """Whether systemd is this host's init (sd_booted(3))."""
        return self._files.exists("/run/systemd/system")

    def _arm_systemd(self, script: list[str], seconds: int) -> dict[str, Any]:
        unit = f"nettune-tcp-{os.urandom(4).hex()}"
        when = self._when(seconds)
        timer = [when, "--timer-property=AccuracySec=1s", f"--unit={unit}", "--collect"]
        about = "--description=Take back what nobody has confirmed (nettune.tcp)"
        status, said = self._run(["systemd-run", *timer, about, "--", *script])
        if status != 0:
            raise ApplyFailed(f"the timer cannot be armed: systemd-run ended with {status}: {_line(said)}")
        return {"unit": unit}

    def _when(self, seconds: int) -> str:
        """The time as systemd-run(1) takes it: from systemd's own start on, as a timer that runs from when it was armed
        (OnActiveSec=) begins anew with each daemon-reload."""
        status, said = self._run(["systemctl", "show", "--value", "--property=UserspaceTimestampMonotonic"])
        if status != 0 or not said.strip().isdigit():
            return f"--on-active={seconds}s"
        return f"--on-startup={math.ceil((self._monotonic() + seconds) * 1000 - int(said) / 1000)}ms"

    def _arm_process(self, script: list[str], seconds: int) -> dict[str, Any]:
        status, said = self._start([*script, str(seconds)])
        start = process_start(self._files, int(said)) if status == 0 and said.strip().isdigit() else None
        if start is None:
            raise ApplyFailed(f"the timer cannot be armed: {script[0]} ended with {status}: {_line(said)}")
        return {"pid": int(said), "start": start}


def _start(script: list[str]) -> tuple[int, str]:
    """Run a script that detaches, in a session of its own and with nothing of ours."""
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
    return " ".join(said.split()) or "it said nothing"
