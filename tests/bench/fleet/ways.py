# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runs on a fleet that are compared: trivial ones, our playbooks, and the usual loop over parameters."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple, Sequence

from tests.gate.places import ROOT

# Values that no profile sets, so that the loop changes nothing for the playbooks.
LOOP = {
    "net.ipv4.tcp_keepalive_intvl": "60",
    "net.ipv4.tcp_keepalive_probes": "8",
    "net.ipv4.tcp_keepalive_time": "3600",
    "net.ipv4.tcp_orphan_retries": "2",
    "net.ipv4.tcp_syn_retries": "5",
}
_RECAP = re.compile(r"^(\S+) +: ok=(\d+) +changed=(\d+) +unreachable=(\d+) +failed=(\d+) .*ignored=(\d+)", re.MULTILINE)
TRIVIAL = "ping"


class WrongResult(Exception):
    """A run had the wrong result; its cost must not be used."""


class Way(NamedTuple):
    """A run: its plays or the name of a playbook, and what it has to do on every host.

    changes: whether every host has to change, or none. writes: the suffix of the file that the run writes and that has
    to name every host. options: variables, each as NAME=VALUE.
    """

    name: str
    label: str
    plays: list[dict[str, Any]] | str
    changes: bool = False
    writes: str = ""
    options: tuple[str, ...] = ()

    def playbook(self) -> list[dict[str, Any]] | Path:
        """Return the plays, or the path of the playbook."""
        return ROOT / "playbooks" / f"{self.plays}.yml" if isinstance(self.plays, str) else self.plays

    def arguments(self, state: Path) -> list[str]:
        """Return the arguments of ansible-playbook."""
        written = (f"nettune_output={self.written(state)}",) if self.writes else ()
        return [word for option in (*self.options, *written) for word in ("-e", option)]

    def written(self, state: Path) -> Path:
        """Return the path of the file that the run writes."""
        return state / f"{self.name}{self.writes}"

    def check(self, output: str, hosts: Sequence[str], state: Path) -> None:
        """Raise WrongResult if the run did not do on every host what it has to do."""
        recap = {name: list(map(int, numbers)) for name, *numbers in _RECAP.findall(output)}
        for host in hosts:
            ok, changed, *bad = recap.get(host, [0, 0, 0])
            if not ok or any(bad):
                raise WrongResult(f"{self.name}: {host} is not ok:\n{output[-2000:]}")
            if self.changes is not bool(changed):
                raise WrongResult(f"{self.name}: {host} has {changed} changes:\n{output[-2000:]}")
        if self.writes:
            text = self.written(state).read_text()
            absent = [host for host in hosts if f'"{host}"' not in text]
            if absent:
                raise WrongResult(f"{self.name}: {self.written(state)} does not name {absent[0]}")


def _play(**task: Any) -> list[dict[str, Any]]:
    task = {"name": "Do it", **task}
    return [{"name": "Benchmark", "hosts": "web", "gather_facts": False, "tasks": [task]}]


def _loop() -> list[dict[str, Any]]:
    items = [f"{key}={value}" for key, value in LOOP.items()]
    return _play(**{"ansible.builtin.command": "sysctl -w {{ item }}", "loop": items})


# In this order: the parameters are tuned before they are verified, and reverted before the next round.
WAYS = (
    Way(TRIVIAL, "`ping`", _play(**{"ansible.builtin.ping": {}})),
    Way("setup", "`setup`", _play(**{"ansible.builtin.setup": {}})),
    Way("loop", f"`command: sysctl -w` in a loop, {len(LOOP)} keys", _loop(), changes=True),
    Way("tcp_facts", "`tcp_facts`, one task", _play(**{"nettune.tcp.tcp_facts": {}})),
    Way("facts", "`facts.yml`", "facts", writes=".json"),
    Way("tune", "`tune-web.yml`, first run", "tune-web", changes=True),
    Way("tune again", "`tune-web.yml`, second run", "tune-web"),
    Way("verify", "`verify.yml`", "verify", writes=".json"),
    Way("diagnose", "`diagnose.yml`", "diagnose", writes=".json"),
    Way("report", "`report.yml`", "report", writes=".html"),
    Way("revert", "`revert.yml`", "revert", changes=True, options=("target=web",)),
)
