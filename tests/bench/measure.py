# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole processes, measured: wall time, processor time, largest resident set, and what they printed."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import Callable, NamedTuple, Sequence

Command = Sequence["str | Path"]
_SECONDS_BETWEEN_BEATS = 25


class Measurement(NamedTuple):
    """Seconds of wall time and of processor time, the largest resident set in KiB, and the standard output."""

    seconds: float
    cpu_seconds: float
    rss_kib: int
    output: str


class Failed(Exception):
    """A measured command ended with an error; says which, and what it said."""


class Stopwatch:
    """Runs commands through the compiled stopwatch, in the network namespace at a path ("-": this process's own).

    With `nice` -20 they go before all else on the machine. Ansible makes sessions of its own, which would not.
    """

    def __init__(self, program: Path, *, namespace: str = "-", nice: int = 0) -> None:
        self._program = program
        self._where = [namespace, str(nice)]

    def run(
        self, command: Command, *, beat: Callable[[], None] | None = None, seconds: float = 600, **options: object
    ) -> Measurement:
        """Run a command to its end; while it runs `beat` is called every 25 seconds.

        Raises Failed, also after `seconds`.
        """
        reading, writing = os.pipe()
        process = subprocess.Popen(
            [self._program, str(writing), *self._where, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            pass_fds=[writing],
            start_new_session=True,
            **options,  # type: ignore[call-overload]
        )
        os.close(writing)
        output, errors = _communicate(process, beat, seconds)
        with open(reading, encoding="ascii") as said:
            report = said.read().split()
        if process.returncode or len(report) != 5 or report[4] != "0":
            raise Failed(f"`{' '.join(map(str, command))}`: {errors.strip()[-2000:] or f'said {report}'}")
        wall, user, system, rss = map(int, report[:4])
        return Measurement(wall / 1e9, (user + system) / 1e6, rss, output)


def _communicate(process: subprocess.Popen[str], beat: Callable[[], None] | None, seconds: float) -> tuple[str, str]:
    left = seconds
    try:
        while left > 0:
            try:
                return process.communicate(timeout=_SECONDS_BETWEEN_BEATS)
            except subprocess.TimeoutExpired:
                left -= _SECONDS_BETWEEN_BEATS
                if beat:
                    beat()
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    output, errors = process.communicate()
    return output, f"{errors}\nended after {seconds:g} s"
