# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One step of the gate: commands run one after the other, their output in a log, and what came of them."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Mapping, Sequence

from .places import LOGS, SOURCES, environment

Command = Sequence[str | Path]

# A command that cannot do its work on this machine, through nobody's fault, ends with this; its last line says why.
CANNOT = 77
# A command's line that starts so is shown in the summary.
NOTE = "gate: "

_stopping = threading.Event()
_running: set[subprocess.Popen[bytes]] = set()


@dataclass(frozen=True)
class Step:
    """`commands` run in `where` until one fails, for at most `seconds` in all; the step called `needs` must be ok."""

    name: str
    commands: Sequence[Command]
    where: Path = SOURCES
    needs: str = "sources"
    seconds: int = 600
    env: Mapping[str, str] = field(default_factory=dict)

    @property
    def log(self) -> Path:
        """Everything the commands said."""
        return LOGS / f"{self.name}.log"


@dataclass(frozen=True)
class Outcome:
    """What came of a step: a `verdict` (ok, FAILED or skipped), its duration, and a word about it."""

    step: Step
    verdict: str
    seconds: float = 0.0
    note: str = ""


def run(step: Step) -> Outcome:
    """Run the step's commands; never raises for what they do."""
    began = time.monotonic()
    LOGS.mkdir(parents=True, exist_ok=True)
    status = 0
    with step.log.open("wb") as log:
        for command in step.commands:
            log.write(f"$ {' '.join(map(str, command))}\n".encode())
            log.flush()
            status = _status(step, command, log=log, left=step.seconds - (time.monotonic() - began))
            if status != 0:
                break
    lines = step.log.read_text(errors="replace").splitlines()
    seconds = time.monotonic() - began
    if status == CANNOT:
        return Outcome(step, "skipped", seconds, lines[-1])
    notes = [line[len(NOTE) :] for line in lines if line.startswith(NOTE)]
    return Outcome(step, "FAILED" if status else "ok", seconds, "; ".join(notes))


def _status(step: Step, command: Command, *, log, left: float) -> int:
    """The command's exit status; what it leaves running is ended with it, and so is what takes too long."""
    if _stopping.is_set():
        return 130
    env = {**environment(), **step.env}
    try:
        process = subprocess.Popen(
            list(map(str, command)),
            cwd=step.where,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        log.write(f"{command[0]}: {error.strerror}\n".encode())
        return 127
    _running.add(process)
    try:
        return process.wait(max(left, 1))
    except subprocess.TimeoutExpired:
        log.write(f"stopped: the step took more than its {step.seconds} s\n".encode())
        return 124
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    for kind in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, kind)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
            break
    _running.discard(process)


def end_all() -> None:
    """End what still runs and start nothing more, after an interrupt."""
    _stopping.set()
    for process in list(_running):
        _end(process)
