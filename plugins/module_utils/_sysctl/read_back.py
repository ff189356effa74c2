# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare the values read back with those written: the kernel rounds some, and another program may write them too."""

from __future__ import annotations

from typing import Any, Mapping

from .._parameters.catalogue import HIDDEN, shown
from .._parameters.value import normal
from . import admit
from .journal import State
from .plan import Plan
from .snapshot import Host


def found(host: Host, read_back: Mapping[str, str | None]) -> dict[str, str]:
    """Return the normal form of each value that the kernel prints. read_back: as printed, by parameter."""
    return {name: normal(admit.describe(name, host), text or "") for name, text in read_back.items()}


def problems(plan: Plan, host: Host, values: Mapping[str, str]) -> list[str]:
    """Return a sentence for each value that is not the one written. values: from found()."""
    sentences = []
    for name, change in plan.writes:
        value = values[name]
        if value != change.after and not admit.describe(name, host).rounds:
            written, read = shown(name, change.after), shown(name, value) or "nothing"
            sentences.append(f"{name}: wrote {written}, read back {read}; another program may write it too")
    return sentences


def finished(plan: Plan, values: Mapping[str, str]) -> State:
    """Return the journal once the plan is carried out. values: from found()."""
    keys = {
        name: original._replace(ours=(values[name],)) if name in values else original
        for name, original in plan.after.keys.items()
    }
    return plan.after._replace(keys=keys)


def rows_as_found(table: list[dict[str, Any]], values: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the rows with the values that the kernel rounded. values: from found()."""
    return [_as_found(row, values.get(row["key"])) for row in table]


def _as_found(row: dict[str, Any], value: str | None) -> dict[str, Any]:
    if value is None or row["after"] in (value, HIDDEN):
        return row
    return {**row, "after": value, "reason": f"the kernel rounds {row['after']} to {value}"}
