# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reset a machine without a sync: after a run, during runs, and while a change is pending.

What the kernel has not written to the disk is lost, as with a power loss. Afterwards each file and all values must be
those of before the run, or those of after it, and the next run must be able to continue.
"""

from __future__ import annotations

import os
import random
import time

from . import settings
from .compare import State, differences
from .cycle import REVERT, ROLES
from .plays import JOURNAL, Failed, Plays, Steps

_ROLE = ROLES["web"]
_APPLY = (_ROLE.playbook, *_ROLE.options())
_PENDING = (*settings.APPLY, "-e", "within=3600")
_ROUNDS = int(os.environ.get("NETTUNE_ROUNDS") or 3)
# A play does nothing on the host at first.
_EARLIEST = 0.3
# Each module of a play has a part of the state of its own, so one may be done and the other not.
_GROUPS = {
    "kernel parameters": ("sysctls ", "files /etc/sysctl.d", "files /etc/modules-load.d"),
    "open-file limits": ("files /etc/security", "files /etc/systemd", "files /etc/pam.d", "units ", "limits "),
}
_READ_JOURNALS = """
import glob, json
for path in glob.glob("/var/lib/nettune/**/*.json", recursive=True):
    with open(path) as stream:
        json.load(stream)
"""


class PowerLoss:
    """The steps; `seed` decides when the machine is reset during a run."""

    def __init__(self, plays: Plays, seed: int) -> None:
        self._plays = plays
        self._random = random.Random(seed)
        self._seconds: dict[tuple[str, ...], float] = {}

    def steps(self) -> Steps:
        """Yield the names and functions of the steps."""
        yield "start the service", self._start
        yield "reset after an apply", self._after_apply
        yield "reset after a revert", self._after_revert
        for _number in range(_ROUNDS):
            for command in (_APPLY, REVERT):
                share = self._random.uniform(_EARLIEST, 1)
                yield f"reset after {share:.0%} of {command[0]}", lambda c=command, s=share: self._during(c, s)
                yield f"finish {command[0]}", lambda c=command: self._finish(c)
        yield "reset while a change is pending", self._pending

    def _start(self) -> None:
        self._plays.machine.run(f"systemctl enable --now {_ROLE.service} && sync")
        self._old = self._plays.state()

    def _after_apply(self) -> None:
        self._timed(_APPLY)
        self._plays.machine.reset()
        self._plays.verify()
        self._new = self._plays.state()

    def _after_revert(self) -> None:
        self._timed(REVERT)
        self._plays.machine.reset()
        self._plays.compare(self._old, booted=True)

    def _timed(self, command: tuple[str, ...]) -> None:
        began = time.monotonic()
        self._plays.change(*command)
        self._seconds[command] = time.monotonic() - began

    def _during(self, command: tuple[str, ...], share: float) -> None:
        """Reset the machine after a share of the time that a command takes; raise Failed if it is then in between."""
        process = self._plays.start(*command)
        time.sleep(share * self._seconds[command])
        self._plays.machine.reset()
        process.terminate()
        self._plays.write(process.communicate()[0])
        self._whole()

    def _whole(self) -> set[str]:
        """Return which of "old" and "new" the parts of the state are; raise Failed for a part that is neither."""
        self._plays.machine.run("python3 -", text=_READ_JOURNALS)
        now = self._plays.state()
        found = {group: which(group, self._old, self._new, now) for group in _GROUPS}
        self._plays.write(f"\n{found}\n")
        return set(found.values())

    def _finish(self, command: tuple[str, ...]) -> None:
        """Run a command to its end after a reset; raise Failed if the machine is not as it should be then."""
        self._plays.run(*command)
        if command == REVERT:
            self._plays.compare(self._old, booted=True)
        else:
            self._plays.verify()

    def _pending(self) -> None:
        self._plays.change(*_PENDING)
        self._plays.machine.reset()
        if self._whole() != {"old"}:
            raise Failed("the change is there after the boot")
        self._plays.run(*REVERT)
        self._plays.compare(self._old, booted=True)


def which(group: str, old: State, new: State, now: State) -> str:
    """Return "old" or "new", the state that a group of values and files is in; raise Failed for a mixture."""
    lines = {}
    for name, state in (("old", old), ("new", new)):
        found = differences(state, now, booted=True)
        lines[name] = [line for line in found if line.startswith(_GROUPS[group]) and not line.startswith(JOURNAL)]
        if not lines[name]:
            return name
    raise Failed("\n  ".join([f"the {group} are neither old nor new", *lines["old"], "and", *lines["new"]]))
