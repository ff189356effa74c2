# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the commands of a nox session: output to a log, a time limit, and the end of the log on failure."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Iterator, Mapping, Sequence

import nox
from antsibull_fileutils.copier import GitCopier

from tests.lab.machine import changed_values, machine_sysctls

from .places import LOGS, ROOT

# Exit status of a command that cannot run on this machine; its last line gives the reason. The session is skipped.
CANNOT = 77
# Lines that start with this are shown also when the session succeeds.
NOTE = "gate: "
_TAIL = 60

Command = Sequence["str | Path"]


def run(
    session: nox.Session,
    *commands: Command,
    minutes: float = 10,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
) -> list[str]:
    """Run `commands` one after the other until one fails; return all lines of output."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{session.name}.log"
    end = time.monotonic() + 60 * minutes
    status = 0
    with log.open("wb") as output:
        for command in commands:
            output.write(f"$ {shlex.join(map(str, command))}\n".encode())
            output.flush()
            status = _status(
                command, output, seconds=end - time.monotonic(), env={**os.environ, **(env or {})}, cwd=cwd
            )
            if status != 0:
                break
    lines = log.read_text(errors="replace").splitlines()
    if status == CANNOT:
        session.skip(lines[-1])
    if status != 0:
        print(*lines[-_TAIL:], sep="\n")
        session.error(f"{Path(command[0]).name} failed with status {status}; full log: {log.relative_to(ROOT)}")
    for line in lines:
        if line.startswith(NOTE):
            print(line)
    return lines


def _status(command: Command, output, *, seconds: float, env: Mapping[str, str], cwd: Path) -> int:
    """Return the exit status of `command`, or 124 after `seconds`. Its process group ends with it."""
    process = subprocess.Popen(
        list(map(str, command)),
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        return process.wait(max(seconds, 1))
    except subprocess.TimeoutExpired:
        output.write(b"stopped: time limit of the session reached\n")
        return 124
    finally:
        for kind in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, kind)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
                break


@contextlib.contextmanager
def machine_unchanged(session: nox.Session) -> Iterator[None]:
    """Fail the session if a kernel parameter of this machine has another value at the end than at the start."""
    before = machine_sysctls()
    try:
        yield
    finally:
        changed = changed_values(before, machine_sysctls())
        if changed:
            session.error("kernel parameters of this machine changed:\n" + "\n".join(changed))


def copy_checkout(destination: Path) -> None:
    """Replace `destination` with a copy of the checkout: the files that git tracks, and new ones it does not ignore."""
    shutil.rmtree(destination, ignore_errors=True)
    destination.parent.mkdir(parents=True, exist_ok=True)
    GitCopier().copy(ROOT, destination)
    # Without a repository of its own, ansible-test asks the checkout's, which ignores everything below .cache.
    for arguments in (["init", "--quiet"], ["add", "--all", "--force"]):
        subprocess.run(["git", "-C", destination, *arguments], check=True)


# nox ends parallel sessions with SIGTERM; an exception lets `run` end its command first.
signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
