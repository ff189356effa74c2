# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks: what each does, the hosts it runs on, and the role it applies."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, NamedTuple

from ansible.errors import AnsibleError
from ansible.inventory.manager import InventoryManager
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._common.suggest import closest, did_you_mean


class Playbook(NamedTuple):
    """target: the host pattern without `-e target`. role: the role it applies; its variables are options too.

    reads: variables of roles that the playbook itself reads. names_hosts: whether it runs only on hosts that
    `target` or --limit names.
    """

    name: str
    does: str
    target: str = "all"
    role: str = ""
    reads: tuple[str, ...] = ()
    names_hosts: bool = False

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
    Playbook("report", "Write a report on the hosts to one file"),
    Playbook("query", "Gather TCP facts and query them"),
    Playbook("metrics", "Write metrics of the hosts for Prometheus"),
    Playbook("record", "Record the hosts in a file that other playbooks read"),
    Playbook("watch", "Sample TCP connections every few seconds"),
    Playbook("trial", "Measure the effect of candidate values of a kernel parameter", "web"),
    Playbook("verify", "Check the hosts for drift, now and at the next boot", reads=("tuning_nofile_best_effort",)),
    Playbook("revert", "Revert the changes of nettune.tcp", names_hosts=True),
    Playbook("lint", "Check the kernel parameters in a file", "localhost"),
    Playbook("adopt", "Write the kernel parameters and limits in the files of the hosts as variables"),
)
NAMES = tuple(playbook.name for playbook in PLAYBOOKS)
FIRST_TASK = "Check the options"
# The tags of the tasks of the roles.
TAGS = ("sysctl", "nofile", "confirm", "verify")
TUNE = tuple(playbook.name for playbook in PLAYBOOKS if playbook.role)


def find(name: str) -> Playbook:
    """Return the playbook of a name, written with underscores or dashes. Raises InvalidOption."""
    wanted = name.replace("-", "_")
    found = next((playbook for playbook in PLAYBOOKS if playbook.name == wanted), None)
    if found is None:
        raise InvalidOption(f"playbook: {name!r} is unknown{did_you_mean(closest(wanted, NAMES))}")
    return found


def matching(pattern: Any, groups: Mapping[str, Iterable[str]], limit: Any, loader: Any) -> list[str]:
    """Return the names of the hosts, in the order of the inventory; none for a malformed pattern.

    groups: the variable of that name. limit: the variable ansible_limit, or None. localhost matches without an
    inventory.
    """
    if not as_text(pattern).strip():
        return []
    manager = InventoryManager(loader, parse=False)
    for group, hosts in groups.items():
        manager.add_group(group)
        for host in hosts:
            manager.add_host(host, group=group)
    try:
        manager.subset(limit)
        return [host.name for host in manager.get_hosts(pattern=pattern)]
    except AnsibleError:
        return []


def as_text(pattern: Any) -> str:
    """Return a pattern as text; -e may give a list, or null.

    >>> as_text(["web", "mail"])
    'web,mail'
    """
    if pattern is None:
        return ""
    return ",".join(map(str, pattern)) if isinstance(pattern, (list, tuple)) else str(pattern)
