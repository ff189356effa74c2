# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks: what each does, the hosts it runs on by default, and the role it applies."""

from __future__ import annotations

from typing import NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._common.suggest import closest, did_you_mean


class Playbook(NamedTuple):
    """target: the host pattern without `-e target`. role: the role it applies; its variables are options too."""

    name: str
    does: str
    target: str = "all"
    role: str = ""

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles with variables that apply, the base role first."""
        return ("tuning", self.role) if self.role else ()


PLAYBOOKS = (
    Playbook("tune_web", "Tune web servers", "web", "web"),
    Playbook("tune_squid", "Tune Squid servers", "squid", "squid"),
    Playbook("tune_mail", "Tune mail servers", "mail", "mail"),
    Playbook("tune_million", "Tune servers that hold a million connections", "million", "million_connections"),
    Playbook("tune_client", "Tune hosts that make many connections", "client", "client"),
    Playbook("facts", "Gather TCP facts and show the connections of each host"),
    Playbook("diagnose", "Diagnose the TCP connections of the hosts"),
    Playbook("query", "Gather TCP facts and query them"),
    Playbook("watch", "Sample TCP connections every few seconds"),
    Playbook("trial", "Measure the effect of candidate values of a kernel parameter", "web"),
    Playbook("verify", "Check the hosts for drift, now and at the next boot"),
    Playbook("revert", "Revert the changes of nettune.tcp"),
    Playbook("lint", "Check the kernel parameters in a file", "localhost"),
)
NAMES = tuple(playbook.name for playbook in PLAYBOOKS)
TUNE = tuple(playbook.name for playbook in PLAYBOOKS if playbook.role)


def find(name: str) -> Playbook:
    """Return the playbook of a name, written with underscores or dashes. Raises InvalidOption."""
    wanted = name.replace("-", "_")
    found = next((playbook for playbook in PLAYBOOKS if playbook.name == wanted), None)
    if found is None:
        raise InvalidOption(f"playbook: {name!r} is unknown{did_you_mean(closest(wanted, NAMES))}")
    return found
