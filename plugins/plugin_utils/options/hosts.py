# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts that a pattern matches together with --limit."""

from __future__ import annotations

from typing import Any, Iterable, Mapping

from ansible.errors import AnsibleError
from ansible.inventory.manager import InventoryManager


def matching(pattern: Any, groups: Mapping[str, Iterable[str]], limit: Any, loader: Any) -> list[str]:
    """Return the names of the hosts, in the order of the inventory; none for a malformed pattern.

    groups: the variable of that name. limit: the variable ansible_limit, or None. localhost matches without an
    inventory.
    """
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
    """Return a pattern as text; -e may give a list.

    >>> as_text(["web", "mail"])
    'web,mail'
    """
    return ",".join(map(str, pattern)) if isinstance(pattern, (list, tuple)) else str(pattern)
