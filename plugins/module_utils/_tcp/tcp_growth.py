# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""By how much TCP facts grew in a second, between two readings."""

from __future__ import annotations

from typing import Any, Mapping

from .._formats.proc_net import rates
from .._formats.tcp_state import NAMES


def growth(before: Mapping[str, Any], after: Mapping[str, Any], *, seconds: float) -> dict[str, Any]:
    """Of counters and states, shaped as they are, and `seconds`, how long that took.

    With queues there is `unowned` by state, with processes {pid, descriptors, ghosts, states} of each that is among
    them both times. What either reading lacks is None, or left out.
    """
    now, then = _numbers(after), _numbers(before)
    found: dict[str, Any] = {name: rates(then.get(name) or {}, now[name], seconds=seconds) for name in now}
    if after.get("processes") is not None:
        found["processes"] = _of_processes(before.get("processes") or [], after["processes"], seconds)
    return {**found, "seconds": round(seconds, 3)}


def _numbers(facts: Mapping[str, Any]) -> dict[str, dict]:
    """All that numbers are compared of; what was not asked for, or could not be had, is left out."""
    queues = facts.get("queues")
    # A state without sockets is not among them.
    unowned = None if queues is None else {state: queues.get(state, {}).get("unowned", 0) for state in NAMES}
    found = {**(facts.get("counters") or {}), "states": facts.get("states"), "unowned": unowned}
    return {name: values for name, values in found.items() if values is not None}


def _of_processes(before: list[dict], after: list[dict], seconds: float) -> list[dict[str, Any]]:
    then = {row["pid"]: row for row in before}
    return [_of_process(then[row["pid"]], row, seconds) for row in after if row["pid"] in then]


def _of_process(then: dict, now: dict, seconds: float) -> dict[str, Any]:
    held, holds = ({name: row[name] for name in ("descriptors", "ghosts")} for row in (then, now))
    states = rates(then["states"], now["states"], seconds=seconds)
    return {"pid": now["pid"], **rates(held, holds, seconds=seconds), "states": states}
