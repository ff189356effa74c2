# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process on the host that waits for the deadline of a pending change, and rolls it back unless it is confirmed.

It is started when the change is armed, because at the deadline the host may be unable to start any process. With
systemd it is a transient service; elsewhere a detached process in a session of its own. Both outlive the run, the
connection and the controller.
"""

from __future__ import annotations

import inspect
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from ..._common.errors import ApplyFailed
from ..._host.files import HostFiles
from ..._host.identity import process_start
from ..._host.run import run
from . import take_back

_STARTS_WITHIN = 30
_PROPERTIES = ("Type=notify", "OOMScoreAdjust=-1000", "Restart=on-failure", f"TimeoutStartSec={_STARTS_WITHIN}")


class WaitingProcess:
    """The waiting process of one host. run, start: run a command, or one that detaches; return exit status and output.

    The journal has what start() returned in the field `timer`: earlier versions started a timer. stop() handles both.
    """

    def __init__(
        self,
        files: HostFiles,
        *,
        run: Callable[[Iterable[str]], tuple[int, str]] = run,
        start: Callable[[list[str]], tuple[int, str]] | None = None,
        kill: Callable[[int, int], None] = os.kill,
        python: str = sys.executable,
    ) -> None:
        self._files = files
        self._run = run
        self._start = start or _start
        self._kill = kill
        self._python = python

    def start(self, due: float) -> dict[str, Any]:
        """Start take_back.py, and return the argument for stop() once it waits. due: seconds of the monotonic clock.

        Raises ApplyFailed.
        """
        if not self._python:
            raise ApplyFailed(
                "cannot start the process that waits for the deadline: the path of the Python interpreter is unknown"
                " (sys.executable is empty)"
            )
        self._files.replace_text(take_back.SCRIPT, inspect.getsource(take_back), mode=0o700)
        script = [self._python, "-I", take_back.SCRIPT, f"{due:.3f}"]
        return self._start_service(script) if self._has_systemd() else self._start_detached(script)

    def is_running(self, started: Mapping[str, Any]) -> bool:
        """Return whether the process, or a timer of an earlier version, still waits."""
        if "unit" in started:
            return self._run(["systemctl", "--quiet", "is-active", *_units(started)])[0] == 0
        return "pid" in started and process_start(self._files, started["pid"]) == started["start"]

    def stop(self, started: Mapping[str, Any]) -> None:
        """End the process, or an earlier version's timer. Save the journal first, or the process rolls the change back.

        Hold the journal's lock, so that it is not rolling back already. A process that goes on is harmless: it finds
        nothing due in the journal.
        """
        if "unit" in started:
            self._run(["systemctl", "stop", *_units(started)])
        elif "pid" in started and process_start(self._files, started["pid"]) == started["start"]:
            with suppress(ProcessLookupError):
                self._kill(started["pid"], signal.SIGTERM)

    def clear(self) -> None:
        """Remove the script. Call it when nothing is pending."""
        self._files.remove(take_back.SCRIPT)

    def _has_systemd(self) -> bool:
        """Return whether systemd is the init system (sd_booted(3)), and its services have the network of this run."""
        if not self._files.exists("/run/systemd/system"):
            return False
        with suppress(PermissionError):
            return self._files.readlink("/proc/1/ns/net") == self._files.readlink("/proc/self/ns/net")
        return True

    def _start_service(self, script: list[str]) -> dict[str, Any]:
        unit = f"nettune-tcp-{os.urandom(4).hex()}"
        about = "--description=Roll back the pending change unless it is confirmed (nettune.tcp)"
        properties = [f"--property={one}" for one in _PROPERTIES]
        command = ["systemd-run", f"--unit={unit}", "--collect", about, *properties, "--", *script, unit]
        status, output = self._run(command)
        if status != 0:
            self.stop({"unit": unit})  # systemd may be about to start it again
            raise _not_started(f"systemd-run exited with {status}: {_line(output)}")
        return {"unit": unit}

    def _start_detached(self, script: list[str]) -> dict[str, Any]:
        status, output = self._start(script)
        start = process_start(self._files, int(output)) if status == 0 and output.strip().isdigit() else None
        if start is None:
            raise _not_started(f"{script[0]} exited with {status}: {_line(output)}")
        return {"pid": int(output), "start": start}


def _units(started: Mapping[str, Any]) -> list[str]:
    return [f"{started['unit']}.timer", f"{started['unit']}.service"]


def _not_started(why: str) -> ApplyFailed:
    return ApplyFailed(f"cannot start the process that waits for the deadline: {why}")


def _start(script: list[str]) -> tuple[int, str]:
    """Run a script in a session and an environment of its own, until it has detached and closed its output."""
    try:
        done = subprocess.run(  # pylint: disable=ansible-bad-function  # no AnsibleModule here
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


def _line(output: str) -> str:
    return " ".join(output.split()) or "no output"
