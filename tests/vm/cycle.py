# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cycle of a role: check, apply, verify, reboot, verify, revert, reboot, by the playbooks users call."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from .plays import Plays, Steps


class Role(NamedTuple):
    """The playbook that applies a role, the service it is for, and the variables a user would set."""

    playbook: str
    service: str = ""
    variables: dict[str, Any] = {}

    def options(self) -> tuple[str, str]:
        """Return the options of the playbook."""
        return "-e", json.dumps({"target": "vm", **self.variables})


ROLES = {
    "web": Role("tune-web.yml", "nginx"),
    "squid": Role("tune-squid.yml", "squid"),
    "mail": Role("tune-mail.yml", "postfix"),
    "million_connections": Role(
        "tune-million.yml",
        "nginx",
        # The machine has no memory for a million; it need not hold them.
        {"million_connections_services": ["nginx"], "tuning_accept_hazards": ["memory"]},
    ),
    "client": Role("tune-client.yml"),
}
REVERT = ("revert.yml", "-e", "target=vm")


class Cycle:
    """The steps of one role on a machine."""

    def __init__(self, plays: Plays, role: str) -> None:
        self._plays = plays
        self._machine = plays.machine
        self._role = ROLES[role]
        self._apply = (self._role.playbook, *self._role.options())

    def steps(self) -> Steps:
        """Yield the names and functions of the steps."""
        plays = self._plays
        yield "start the service", self._start
        yield "check and diff", lambda: plays.change(*self._apply, "--check", "--diff")
        yield "compare after the check", lambda: plays.compare(self._before, booted=False)
        yield "apply", lambda: plays.change(*self._apply)
        yield "apply again", lambda: plays.keep(*self._apply)
        yield "verify", plays.verify
        yield "reboot", self._machine.reboot
        yield "verify after the boot", plays.verify
        yield "apply after the boot", lambda: plays.keep(*self._apply)
        yield "revert", lambda: plays.change(*REVERT)
        yield "compare after the revert", lambda: plays.compare(self._before, booted=True)
        yield "reboot again", self._machine.reboot
        yield "compare after the boot", lambda: plays.compare(self._before, booted=True)

    def _start(self) -> None:
        """Start the service of the role, now and at each boot, and keep the state before any change."""
        if self._role.service:
            self._machine.run(f"systemctl enable --now {self._role.service}")
        self._before = self._plays.state()
