# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fact `rates`: growth per second between two readings of the TCP facts."""

from __future__ import annotations

from typing import Any, Mapping

from .._formats.tcp_state import NAMES


def rates_of(before: Mapping[str, Any], after: Mapping[str, Any], *, seconds: float) -> dict[str, Any]:
    """Return the growth per second of two readings of facts taken `seconds` apart.

    Counters and states keep their shape. With queues there is `unowned` by state, and with processes a row of {pid,
    descriptors, ghosts, states} for each process that is in both readings. `seconds` is the time between the readings.
    A number that either reading lacks is None; a fact that the second reading lacks is left out.
    """
    now, then = _numbers(after), _numbers(before)
    found: dict[str, Any] = {name: per_second(then.get(name) or {}, now[name], seconds=seconds) for name in now}
    if after.get("processes") is not None:
        found["processes"] = _of_processes(before.get("processes") or [], after["processes"], seconds)
    return {**found, "seconds": round(seconds, 3)}


def per_second(
    before: Mapping[str, int | None], after: Mapping[str, int | None], *, seconds: float
) -> dict[str, float | None]:
    """Return the growth per second of each number of `after`; None if either reading lacks it."""
    return {name: _growth(before.get(name), after[name], seconds) for name in after}


def _growth(before: int | None, after: int | None, seconds: float) -> float | None:
    return None if before is None or after is None else round((after - before) / seconds, 3)


def _numbers(facts: Mapping[str, Any]) -> dict[str, dict]:
    """Return the numbers to compare, without those that were not gathered or not available."""
    queues = facts.get("queues")
    # `queues` leaves out states without sockets.
    unowned = None if queues is None else {state: queues.get(state, {}).get("unowned", 0) for state in NAMES}
    found = {**(facts.get("counters") or {}), "states": facts.get("states"), "unowned": unowned}
    return {name: values for name, values in found.items() if values is not None}


def _of_processes(before: list[dict], after: list[dict], seconds: float) -> list[dict[str, Any]]:
    then = {row["pid"]: row for row in before}
    return [_of_process(then[row["pid"]], row, seconds) for row in after if row["pid"] in then]


def _of_process(then: dict, now: dict, seconds: float) -> dict[str, Any]:
    held, holds = ({name: row[name] for name in ("descriptors", "ghosts")} for row in (then, now))
    states = per_second(then["states"], now["states"], seconds=seconds)
    return {"pid": now["pid"], **per_second(held, holds, seconds=seconds), "states": states}
