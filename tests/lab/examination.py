# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts of the lab as this collection sees and cures them: its diagnosis, and its role `tuning`."""

from __future__ import annotations

import json
import os
import time
from typing import Any, Callable, Mapping, Sequence, TextIO

from ansible_output import AnsibleFailed, answers, task_name
from ansible_runs import environment, run
from case import Case
from lab import Lab

_MODULE = "nettune.tcp.tcp_diagnosis_info"
_CURE = "tests/lab/cure.yml"
_MOST_FORKS = 40


class Examination:
    """Runs Ansible on the hosts of one lab. `watch` is told what it is doing; all it says goes to `log`."""

    def __init__(self, lab: Lab, log: TextIO, *, watch: Callable[[str], None] = lambda _doing: None) -> None:
        self._lab = lab
        self._log = log
        self._watch = watch
        self._env = {
            **environment(lab.state),
            "ANSIBLE_COLLECTIONS_PATH": os.path.abspath("playbooks/collections"),
            "ANSIBLE_FORKS": str(min(_MOST_FORKS, len(lab.hosts))),
        }

    def diagnose(self, hosts: Sequence[str]) -> dict[str, dict[str, Any]]:
        """{host: what tcp_diagnosis_info answers} of these hosts, all at the same time."""
        found = answers("\n".join(self._run(diagnosis_command(hosts, inventory=self._lab.inventory))))
        absent = sorted(set(hosts) - set(found))
        if absent:
            raise AnsibleFailed(f"no diagnosis of {', '.join(absent)}; all that was said is in {self._log.name}")
        return found

    def cure(self, cases: Mapping[str, Case]) -> list[str]:
        """Have the role `tuning` set what {host: case} asks for, and what Ansible says; nothing where none asks."""
        cures = {
            host: {"remedies": list(case.remedies), "settings": dict(case.tuning)}
            for host, case in cases.items()
            if case.remedies or case.tuning
        }
        if not cures:
            return []
        return self._run(
            ["ansible-playbook", "-i", self._lab.inventory, _CURE, "--diff", "-e", json.dumps({"lab_cures": cures})]
        )

    def card(self, host: str) -> list[str]:
        """What the playbook `diagnose` prints about a host, as it prints it."""
        inventory = self._lab.inventory
        return self._run(["ansible-playbook", "-i", inventory, "playbooks/diagnose.yml", "-e", f"target={host}"])

    def _run(self, command: Sequence[str]) -> list[str]:
        began, doing, lines = time.monotonic(), f"{command[0]} runs", []
        for line in run(command, env=self._env, log=self._log):
            if line is not None:
                lines.append(line)
                doing = task_name(line) or doing
            self._watch(f"{doing}, {time.monotonic() - began:.0f} s")
        return lines


def diagnosis_command(hosts: Sequence[str], *, inventory: str) -> list[str]:
    """The command line that diagnoses these hosts."""
    return ["ansible", ",".join(hosts), "-i", inventory, "--playbook-dir", "playbooks", "-m", _MODULE]
