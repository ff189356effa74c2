# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what was read back is what was planned; the kernel rounds some values."""

from __future__ import annotations

from typing import Any, Mapping

from .._parameters import value as sysctl_value
from .._parameters.sysctl_secret import HIDDEN, shown
from . import admit
from .journal import State
from .plan import Plan
from .snapshot import Host


def found(host: Host, read_back: Mapping[str, str | None]) -> dict[str, str]:
    """What the kernel has made of each value, in normal form. read_back: what it prints, by parameter."""
    return {name: sysctl_value.normal(admit.describe(name, host), text or "") for name, text in read_back.items()}


def problems(plan: Plan, host: Host, values: Mapping[str, str]) -> list[str]:
    """Sentences about values that did not come to be. values: what is found."""
    said = []
    for name, change in plan.writes:
        value = values[name]
        if value != change.after and not admit.describe(name, host).rounds:
            written, read = shown(name, change.after), shown(name, value) or "nothing"
            said.append(f"{name}: {written} was written, {read} is read back: something else may write it")
    return said


def finished(plan: Plan, values: Mapping[str, str]) -> State:
    """The journal as it really is once the plan is carried out. values: what is found."""
    keys = {
        name: original._replace(ours=(values[name],)) if name in values else original
        for name, original in plan.after.keys.items()
    }
    return plan.after._replace(keys=keys)


def rows_as_found(table: list[dict[str, Any]], values: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rows once the plan is carried out: some values are rounded by the kernel."""
    return [_as_found(row, values.get(row["key"])) for row in table]


def _as_found(row: dict[str, Any], value: str | None) -> dict[str, Any]:
    if value is None or row["after"] in (value, HIDDEN):
        return row
    return {**row, "after": value, "reason": f"the kernel makes {value} of {row['after']}"}
