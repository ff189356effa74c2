# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results that the tasks of the role `tuning` register on a host."""

from __future__ import annotations

from typing import Any, Mapping

from ..fleet import document
from ..plain import plain

MODULES = ("sysctl", "nofile")


class Registered:
    """The results by the name of their variable without `__tuning_`."""

    def __init__(self, host: str, variables: Mapping[str, Any]) -> None:
        self._host = host
        self._variables = variables

    def ran(self, name: str) -> bool:
        """Return whether the tags of the run include the task, even if it was skipped."""
        return f"__tuning_{name}" in self._variables

    def result(self, name: str) -> Mapping[str, Any]:
        """Return a result in plain types; an empty one if the task did not run."""
        value = self._variables.get(f"__tuning_{name}")
        return {} if not isinstance(value, Mapping) or value.get("skipped") else plain(value)

    def results(self, prefix: str = "") -> dict[str, Mapping[str, Any]]:
        """Return the results of both modules."""
        return {name: self.result(f"{prefix}{name}") for name in MODULES}

    def problem(self, name: str) -> document.Missing | None:
        """Return why a module failed, or None."""
        result = self.result(name)
        row = document.result_row(self._host, {name: result}, name) if result else None
        return row if isinstance(row, document.Missing) else None

    def options(self) -> Mapping[str, Any]:
        """Return the converted variables of the host."""
        return plain(self._variables["__tuning"]["options"])
