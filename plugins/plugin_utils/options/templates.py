# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Evaluate templates in the values of variables, with errors of one sentence."""

from __future__ import annotations

from typing import Any, Mapping

from ansible.errors import AnsibleError
from ansible.template import Templar
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption, NettuneError
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain


class Templates:
    """Evaluates with the variables of the task, or with those of another host."""

    def __init__(self, task_vars: Mapping[str, Any], loader: Any) -> None:
        self._hostvars = task_vars["hostvars"]
        self._loader = loader
        self._own = Templar(loader=loader, variables=task_vars)

    def __call__(self, name: str, value: Any, host: str | None = None) -> Any:
        """Return the value in plain JSON types. Raises InvalidOption naming the variable."""
        try:
            if not is_template(value):
                return plain(value)
            templar = self._own if host is None else self._of(host)
            return plain(templar.template(value))
        except (AnsibleError, NettuneError) as error:
            raise InvalidOption(f"{name}: its template cannot be evaluated: {_first_line(error)}.") from None

    def _of(self, host: str) -> Templar:
        return Templar(loader=self._loader, variables={**self._hostvars.raw_get(host), "hostvars": self._hostvars})


def is_template(value: Any) -> bool:
    """Return whether any text in the value may be a template."""
    if isinstance(value, str):
        return "{{" in value or "{%" in value
    if isinstance(value, Mapping):
        return any(map(is_template, value.values())) or any(map(is_template, value))
    return isinstance(value, (list, tuple)) and any(map(is_template, value))


def _first_line(error: Exception) -> str:
    return str(getattr(error, "message", None) or error).strip().splitlines()[0].rstrip(".")
