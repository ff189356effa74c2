# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a playbook says about the variables that it is given, before it contacts any host."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, Sequence

import pytest
import yaml
from ansible_collections.nettune.tcp.plugins.action import check_options, check_variables
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.plugin_utils.options import playbooks
from ansible_collections.nettune.tcp.tests.unit.support.ansible_variables import Run, trust_as_template

INVENTORY = "[web]\nweb1\nweb2\n[web:vars]\n"
_ROLES = Path(__file__).resolve().parents[3] / "roles"


class Inputs:
    """Runs the first task of playbooks and roles."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, directory: Path) -> None:
        self._monkeypatch = monkeypatch
        self._directory = directory

    def sentences(self, name: str, *command: str, inventory: str = INVENTORY) -> list[str]:
        """Return the errors of a playbook and its role. command: the texts of -e."""
        playbook = playbooks.find(name)
        action, variables = self._task(command, inventory)
        try:
            _options, errors = check_options.ActionModule._checked(action, playbook._replace(target="all"), variables)
        except InvalidOption as error:  # as the action reports it
            errors = [str(error)]
        if errors or not playbook.role:
            return errors
        call = yaml.safe_load((_ROLES / playbook.role / "tasks" / "main.yml").read_text())[0]["vars"]
        variables = {**_defaults(playbook.roles), **variables, **_trusted(call)}
        options, _warnings, errors = check_variables.ActionModule._checked(action, list(playbook.roles), variables)
        assert errors or isinstance(options["tuning_nofile"], int)
        return errors

    def options(self, name: str, *command: str) -> dict[str, Any]:
        """Return the values of a playbook's options."""
        action, variables = self._task(command, INVENTORY)
        options, _errors = check_options.ActionModule._checked(action, playbooks.find(name), variables)
        return options

    def sentences_of_tuning(self, parents: list[str], *command: str) -> list[str]:
        """Return the errors of the role `tuning`, which the roles `parents` have imported."""
        action, variables = self._task(command, INVENTORY)
        variables = {**_defaults(["tuning"]), **variables, "ansible_parent_role_names": parents}
        _options, _warnings, errors = check_variables.ActionModule._checked(action, ["tuning"], variables)
        return errors

    def _task(self, command: Sequence[str], inventory: str) -> tuple[Any, dict[str, Any]]:
        """Return an action and the variables of its task."""
        run = Run(self._monkeypatch, self._directory, inventory, command=command)
        action = SimpleNamespace(_loader=run.loader, _task=SimpleNamespace(tags=["always"]))
        return action, {**run.task_vars, "ansible_play_hosts_all": run.hosts}


def assert_one(found: list[str], words: Sequence[str]) -> None:
    """Check that the user gets one sentence, which has all the words."""
    assert len(found) == 1, found
    assert all(word in found[0] for word in words), found
    assert found[0].endswith((".", "?"))
    assert "\n" not in found[0]
    assert ".." not in found[0].replace("../x", "")


def _defaults(roles: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for role in roles:
        found.update(yaml.safe_load((_ROLES / role / "defaults" / "main.yml").read_text()))
    return _trusted(found)


def _trusted(value: Any) -> Any:
    """Return a value whose text may be a template, as in the files of a role."""
    if isinstance(value, str):
        return trust_as_template(value)
    if isinstance(value, dict):
        return {key: _trusted(each) for key, each in value.items()}
    return [_trusted(each) for each in value] if isinstance(value, list) else value
