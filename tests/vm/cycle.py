# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cycle of a role: check, apply, verify, reboot, verify, revert, reboot, by the playbooks users call."""

from __future__ import annotations

import json
import re
import subprocess
import time
from pathlib import Path
from typing import Any, Callable, Iterator, NamedTuple, TextIO

from ..gate.places import BIN, environment
from .compare import State, differences
from .machine import Machine

_STATE = Path(__file__).parent / "state.py"
_ANSIBLE_SECONDS = 1800
_RECAP = re.compile(r"^vm +: ok=\d+ +changed=(\d+) +unreachable=(\d+) +failed=(\d+)", re.MULTILINE)
_MOST_LINES = 20


class Role(NamedTuple):
    """The playbook that applies a role, the service it is for, and the variables a user would set."""

    playbook: str
    service: str = ""
    variables: dict[str, Any] = {}


ROLES = {
    "web": Role("tune-web.yml", "nginx"),
    "squid": Role("tune-squid.yml", "squid"),
    "mail": Role("tune-mail.yml", "postfix"),
    "million_connections": Role("tune-million.yml", "nginx", {"million_connections_services": ["nginx"]}),
    "client": Role("tune-client.yml"),
}


class Failed(Exception):
    """A step of a cycle failed; the message says how."""


class Cycle:
    """Runs the steps of one role on a machine, with the collection installed in `collections`.

    All output goes to `log`, one line for each step to `say`.
    """

    def __init__(self, machine: Machine, role: str, collections: Path, log: TextIO, say: Callable[[str], None]) -> None:
        self._machine = machine
        self._collections = collections
        self._role = ROLES[role]
        self._log = log
        self._say = say
        self._inventory = machine.directory / "inventory.ini"
        self._inventory.write_text("vm ansible_python_interpreter=/usr/bin/python3\n")

    def run(self) -> None:
        """Run all steps; raise Failed with the differences and faults of the steps that failed."""
        problems = []
        for name, step in self._steps():
            began = time.monotonic()
            try:
                step()
                outcome = "ok"
            except Failed as error:
                outcome = f"FAILED: {error}"
                problems.append(f"{name}: {error}")
            self._say(f"{name}: {outcome} ({time.monotonic() - began:.0f} s)")
        if problems:
            raise Failed("; ".join(problem.splitlines()[0] for problem in problems))

    def _steps(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Yield the names and functions of the steps."""
        yield "start the service", self._start
        yield "check and diff", lambda: self._check(self._apply("--check", "--diff"), changes=True)
        yield "compare after the check", lambda: self._compare(booted=False)
        yield "apply", lambda: self._check(self._apply(), changes=True)
        yield "apply again", lambda: self._check(self._apply(), changes=False)
        yield "verify", self._verify
        yield "reboot", self._machine.reboot
        yield "verify after the boot", self._verify
        yield "apply after the boot", lambda: self._check(self._apply(), changes=False)
        yield "revert", lambda: self._check(self._play("revert.yml", "-e", "target=vm"), changes=True)
        yield "compare after the revert", lambda: self._compare(booted=True)
        yield "reboot again", self._machine.reboot
        yield "compare after the boot", lambda: self._compare(booted=True)

    def _start(self) -> None:
        """Start the service of the role, now and at each boot, and keep the state before any change."""
        if self._role.service:
            self._machine.run(f"systemctl enable --now {self._role.service}")
        self._before = self._state()

    def _state(self) -> State:
        state = json.loads(self._machine.run("python3 -", text=_STATE.read_text()))
        sizes = {part: len(values) for part, values in state.items()}
        self._log.write(f"\n$ state: {sizes}\n")
        return state

    def _compare(self, *, booted: bool) -> None:
        """Raise Failed if the machine differs from its state before the first change."""
        found = differences(self._before, self._state(), booted=booted)
        if found:
            rest = [f"and {len(found) - _MOST_LINES} more"] if len(found) > _MOST_LINES else []
            raise Failed("\n  ".join([f"{len(found)} differences", *found[:_MOST_LINES], *rest]))

    def _apply(self, *options: str) -> int:
        """Apply the role and return the number of tasks that changed the machine."""
        variables = {"target": "vm", **self._role.variables}
        return self._play(self._role.playbook, "-e", json.dumps(variables), *options)

    def _verify(self) -> None:
        """Verify the role; a minute is too short on a slow machine."""
        self._check(self._play("verify.yml", "-e", "nettune_timeout=900"), changes=False)

    def _play(self, playbook: str, *options: str) -> int:
        """Run a playbook of the built collection; return the number of changed tasks, raise Failed if it fails."""
        env = {
            **environment(),
            "ANSIBLE_COLLECTIONS_PATH": str(self._collections),
            "ANSIBLE_SSH_ARGS": f"-F {self._machine.ssh_config}",
            "ANSIBLE_PIPELINING": "true",
            "ANSIBLE_TIMEOUT": "120",
            "ANSIBLE_DEPRECATION_WARNINGS": "false",
        }
        path = self._collections / "ansible_collections" / "nettune" / "tcp" / "playbooks" / playbook
        command = [str(BIN / "ansible-playbook"), "-i", str(self._inventory), str(path), *options]
        self._log.write(f"\n$ {' '.join(command)}\n")
        self._log.flush()
        done = subprocess.run(
            command,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_ANSIBLE_SECONDS,
            check=False,
        )
        self._log.write(done.stdout)
        self._log.flush()
        return changed_tasks(done.stdout, done.returncode)

    @staticmethod
    def _check(changed: int, *, changes: bool) -> None:
        """Raise Failed unless a run changed something, or nothing, as it should."""
        if changes != bool(changed):
            raise Failed(f"{changed} tasks changed the machine")


def changed_tasks(output: str, status: int) -> int:
    """Return how many tasks changed the machine, from a playbook's output; raise Failed if the playbook failed."""
    recap = _RECAP.search(output)
    if status or not recap or recap[2] != "0" or recap[3] != "0":
        end = [line for line in output.splitlines() if line.strip()][-_MOST_LINES:]
        raise Failed("\n  ".join([f"ansible-playbook ended with {status}", *end]))
    return int(recap[1])
