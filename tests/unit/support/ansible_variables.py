# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of a task as Ansible itself makes them from an inventory and -e."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Mapping, Sequence

import pytest
from ansible import constants, context
from ansible.inventory.manager import InventoryManager
from ansible.module_utils.common.collections import ImmutableDict
from ansible.parsing.dataloader import DataLoader
from ansible.utils.vars import load_extra_vars
from ansible.vars.hostvars import HostVars
from ansible.vars.manager import VariableManager

try:
    from ansible.template import trust_as_template
except ImportError:  # before ansible-core 2.19 all text may be a template

    def trust_as_template(text: str) -> str:
        return text


class Run:
    """A run of Ansible that has read its inventory: text in INI or YAML format, with a host web1.

    play: variables of the play. facts: facts of web1. registered: its registered results.
    """

    def __init__(
        self,
        monkeypatch: pytest.MonkeyPatch,
        directory: Path,
        inventory: str = "web1\n",
        *,
        command: Sequence[str] = (),
        play: Mapping[str, Any] | None = None,
        facts: Mapping[str, Any] | None = None,
        registered: Mapping[str, Any] | None = None,
    ) -> None:
        path = directory / ("hosts.yml" if inventory.startswith("all:") else "hosts")
        path.write_text(inventory)
        monkeypatch.setattr(context, "CLIARGS", ImmutableDict(extra_vars=tuple(map(trust_as_template, command))))
        # Ansible reads -e once in each process.
        monkeypatch.setattr(load_extra_vars, "extra_vars", None, raising=False)
        # Loading the plugins that are not needed takes most of the time.
        monkeypatch.setattr(constants, "INVENTORY_ENABLED", ["yaml" if inventory.startswith("all:") else "ini"])
        self.loader = DataLoader()
        self._inventory = InventoryManager(loader=self.loader, sources=[str(path)])
        self._manager = VariableManager(loader=self.loader, inventory=self._inventory)
        self._hostvars = HostVars(inventory=self._inventory, variable_manager=self._manager, loader=self.loader)
        if facts:
            self._manager.set_host_facts("web1", dict(facts))
        if registered:
            self._manager.set_nonpersistent_facts("web1", dict(registered))
        self._play = play or {}

    @property
    def hosts(self) -> list[str]:
        """The hosts of the inventory."""
        return [host.name for host in self._inventory.get_hosts()]

    @property
    def task_vars(self) -> dict[str, Any]:
        """The variables of a task on web1."""
        variables = self._hostvars.raw_get("web1")
        extra = load_extra_vars(self.loader)
        return {**variables, **self._play, **extra, "hostvars": self._hostvars, "inventory_hostname": "web1"}
