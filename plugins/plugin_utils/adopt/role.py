# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the roles of this collection set without any variables."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, Mapping, NamedTuple

from ansible.module_utils.common.yaml import yaml_load

from ..options import playbooks

_ROLES = Path(__file__).resolve().parents[3] / "roles"
_HOW = ("value", "at_least", "at_most", "include", "share_of_memory")
# The playbook of each profile that has a role.
PLAYBOOKS = {playbook.role: playbook.name for playbook in playbooks.PLAYBOOKS if playbook.role}


class Role(NamedTuple):
    """The defaults of a role. settings: by parameter. nofile: the limit of its services, 0 if it has none."""

    settings: Mapping[str, Any]
    nofile: int = 0

    def sets(self, name: str) -> str:
        """Return what the role sets a parameter to, such as `at_least 4096`; empty if it does not set it."""
        given = self.settings.get(name)
        if not isinstance(given, Mapping):
            return "" if given is None else f"value {_shown(given)}"
        return next((f"{how} {_shown(given[how])}" for how in _HOW if how in given), "")


@functools.lru_cache(maxsize=None)
def of_profile(profile: str) -> Role:
    """Return the defaults of the role of a profile; those of a profile without a role are empty."""
    if profile not in PLAYBOOKS:
        return Role({})
    found = yaml_load((_ROLES / profile / "defaults" / "main.yml").read_text(encoding="utf-8"))
    nofile = found.get(f"{profile}_nofile")
    return Role(found.get(f"{profile}_settings") or {}, nofile if isinstance(nofile, int) else 0)


def _shown(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return " ".join(map(str, value))
    return "a template" if "{{" in str(value) else str(value)
