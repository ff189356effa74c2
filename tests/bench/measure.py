# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure whole processes: wall time, processor time, largest resident set, and output."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import Callable, NamedTuple, Sequence

Command = Sequence["str | Path"]
_NATIVE = Path(__file__).resolve().parent / "native"
_SECONDS_BETWEEN_BEATS = 25


def compiled(name: str, *, into: Path) -> Path:
    """Compile native/<name>.c and return the path of the program."""
    program = into / name
    into.mkdir(parents=True, exist_ok=True)
    subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-o", program, _NATIVE / f"{name}.c"], check=True)
    return program


class Measurement(NamedTuple):
    """Seconds of wall time and of processor time, the largest resident set in KiB, and the standard output."""

    seconds: float
    cpu_seconds: float
    rss_kib: int
    output: str


class Failed(Exception):
    """A measured command failed; the message has the command and its errors."""


class Stopwatch:
    """Runs commands through the compiled stopwatch, in the network namespace at a path ("-": the current one).

    With `nice` -20 they get the processor before everything else on the machine. Commands that create sessions, as
    Ansible does, do not inherit that.
    """

    def __init__(self, program: Path, *, namespace: str = "-", nice: int = 0) -> None:
        self._program = program
        self._where = [namespace, str(nice)]

    def run(
        self, command: Command, *, beat: Callable[[], None] | None = None, seconds: float = 600, **options: object
    ) -> Measurement:
        """Run a command to its end, and call `beat` every 25 seconds meanwhile.

        Raises Failed if it fails, or lasts longer than `seconds`.
        """
        read_end, write_end = os.pipe()
        process = subprocess.Popen(
            [self._program, str(write_end), *self._where, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            pass_fds=[write_end],
            start_new_session=True,
            **options,
        )
        os.close(write_end)
        output, errors = _communicate(process, beat, seconds)
        with open(read_end, encoding="ascii") as stream:
            report = stream.read().split()
        if process.returncode or len(report) != 5 or report[4] != "0":
            said = (errors or output).strip()[-2000:]
            raise Failed(f"`{' '.join(map(str, command))}`: the stopwatch reported {report}: {said}")
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
