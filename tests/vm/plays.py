# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the playbooks users call on a virtual machine, and compare its states."""

from __future__ import annotations

import json
import re
import subprocess
import time
from pathlib import Path
from typing import Callable, Iterator, TextIO, Tuple

from ..gate.places import BIN, environment
from .compare import State, differences
from .machine import Machine

# Names and functions of steps.
Steps = Iterator[Tuple[str, Callable[[], None]]]

_STATE = Path(__file__).parent / "state.py"
_ANSIBLE_SECONDS = 1800
_RECAP = re.compile(r"^vm +: ok=\d+ +changed=(\d+) +unreachable=(\d+) +failed=(\d+)", re.MULTILINE)
_MOST_LINES = 20
# The beginning of differences in our journal.
JOURNAL = "files /var/lib/nettune"


class Failed(Exception):
    """A step failed; the message says how."""


def run_steps(steps: Steps, say: Callable[[str], None]) -> None:
    """Run all steps, with one line each to `say`; raise Failed if some failed."""
    problems = []
    for name, step in steps:
        began = time.monotonic()
        try:
            step()
            outcome = "ok"
        except Failed as error:
            outcome = f"FAILED: {error}"
            problems.append(f"{name}: {error}")
        say(f"{name}: {outcome} ({time.monotonic() - began:.0f} s)")
    if problems:
        raise Failed("; ".join(problem.splitlines()[0] for problem in problems))


class Plays:
    """Runs playbooks of the collection installed in `collections` on a machine. All output goes to `log`."""

    def __init__(self, machine: Machine, collections: Path, log: TextIO) -> None:
        self.machine = machine
        self._collections = collections
        self._log = log
        self._inventory = machine.directory / "inventory.ini"
        self._inventory.write_text("vm ansible_python_interpreter=/usr/bin/python3\n")

    def run(self, playbook: str, *options: str) -> int:
        """Run a playbook; return the number of tasks that changed the machine, raise Failed if the playbook fails."""
        process = self.start(playbook, *options)
        try:
            output, _none = process.communicate(timeout=_ANSIBLE_SECONDS)
        except BaseException:
            process.kill()
            raise
        self.write(output)
        return changed_tasks(output, process.returncode)

    def start(self, playbook: str, *options: str) -> subprocess.Popen[str]:
        """Start a playbook of the collection, or of tests/vm if it has a slash, and return its process."""
        env = {
            **environment(),
            "ANSIBLE_COLLECTIONS_PATH": str(self._collections),
            "ANSIBLE_SSH_ARGS": f"-F {self.machine.ssh_config}",
            "ANSIBLE_PIPELINING": "true",
            "ANSIBLE_TIMEOUT": "120",
            "ANSIBLE_DEPRECATION_WARNINGS": "false",
        }
        ours = self._collections / "ansible_collections" / "nettune" / "tcp" / "playbooks"
        path = playbook if "/" in playbook else str(ours / playbook)
        command = [str(BIN / "ansible-playbook"), "-i", str(self._inventory), path, *options]
        self.write(f"\n$ {' '.join(command)}\n")
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.Popen(command, env=env, text=True, **pipes)

    def write(self, text: str) -> None:
        """Write to the log."""
        self._log.write(text)
        self._log.flush()

    def change(self, playbook: str, *options: str) -> None:
        """Run a playbook; raise Failed unless it changes something."""
        if not self.run(playbook, *options):
            raise Failed("no task changed the machine")

    def keep(self, playbook: str, *options: str) -> None:
        """Run a playbook; raise Failed if it changes something."""
        changed = self.run(playbook, *options)
        if changed:
            raise Failed(f"{changed} tasks changed the machine")

    def verify(self) -> None:
        """Verify the profiles of the machine; a minute is too short on a slow one."""
        self.keep("verify.yml", "-e", "nettune_timeout=900")

    def state(self) -> State:
        """Return the state of the machine."""
        state = json.loads(self.machine.run("python3 -", text=_STATE.read_text()))
        sizes = {part: len(values) for part, values in state.items()}
        self.write(f"\n$ state: {sizes}\n")
        return state

    def compare(self, before: State, *, booted: bool, journal: bool = True) -> None:
        """Raise Failed if the machine differs from an earlier state; `booted`: there was a boot between.

        journal: whether our journal must be the same too.
        """
        found = differences(before, self.state(), booted=booted)
        if not journal:
            found = [line for line in found if not line.startswith(JOURNAL)]
        if found:
            rest = [f"and {len(found) - _MOST_LINES} more"] if len(found) > _MOST_LINES else []
            raise Failed("\n  ".join([f"{len(found)} differences", *found[:_MOST_LINES], *rest]))


def changed_tasks(output: str, status: int) -> int:
    """Return how many tasks changed the machine, from a playbook's output; raise Failed if the playbook failed."""
    recap = _RECAP.search(output)
    if status or not recap or recap[2] != "0" or recap[3] != "0":
        end = [line for line in output.splitlines() if line.strip()][-_MOST_LINES:]
        raise Failed("\n  ".join([f"ansible-playbook ended with {status}", *end]))
    return int(recap[1])
