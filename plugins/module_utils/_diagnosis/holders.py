# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The processes that hold sockets, grouped by service."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple

from .facts import Facts
from .rule import percent

# Stands for a state: descriptors of connections that no longer exist.
GHOSTS = "ghosts"
# A leak that reaches the limit within this many seconds is critical.
CRITICAL_SECONDS_LEFT = 900


class Holder(NamedTuple):
    """The processes of one service, container or name.

    row: the process with most of these sockets. processes: the number of processes. count: the sockets of all of them.
    established: their sockets in ESTABLISHED. growth: change of count per second. lingering: sockets that the first
    sample had already. share: the sockets of `row` in percent of its soft limit. None means unknown.
    """

    row: Mapping[str, Any]
    processes: int
    count: float
    established: float
    growth: float | None
    lingering: float | None
    share: float | None

    def who(self) -> dict[str, Any]:
        """Return the evidence that names the processes."""
        return {**process_evidence(self.row), "processes": self.processes}


def process_evidence(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the evidence that names a process, with its descriptors and limit."""
    return {
        **{name: row.get(name) for name in ("pid", "name", "unit", "container", "descriptors")},
        "nofile": soft_limit(row),
    }


def soft_limit(row: Mapping[str, Any]) -> float | None:
    """Return the soft open-file limit of a process; None if unknown."""
    return _limits(row).get("soft")


def hard_limit(row: Mapping[str, Any]) -> float | None:
    """Return the hard open-file limit of a process; None if unknown."""
    return _limits(row).get("hard")


def _limits(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the limits of a process: tcp_facts has them in `nofile`, nofile_facts in the row itself."""
    return row.get("nofile") or row


def processes(facts: Facts) -> list[dict[str, Any]]:
    """Return a row for each process from tcp and nofile facts, with `growth`: its changes per second."""
    found: dict[int, dict[str, Any]] = {}
    for row in (*facts.rows("nofile", "processes"), *facts.rows("processes")):
        known = {name: value for name, value in row.items() if value is not None}
        found.setdefault(row.get("pid"), {}).update(known)
    rates = (*facts.rows("nofile", "rates", "processes"), *facts.rows("rates", "processes"))
    growth = {row.get("pid"): row for row in rates}
    return [{**row, "growth": growth.get(pid, {})} for pid, row in found.items() if pid is not None]


def holders(facts: Facts, state: str) -> list[Holder]:
    """Return the holders of sockets in a state, or of GHOSTS; the one with most sockets first."""
    groups: dict[Any, list[dict[str, Any]]] = {}
    for row in processes(facts):
        if _count(row, state):
            key = row.get("unit") or row.get("container") or row.get("name") or row["pid"]
            groups.setdefault(key, []).append(row)
    found = [_holder(rows, state) for rows in groups.values()]
    return sorted(found, key=lambda holder: (-holder.count, holder.row["pid"]))


def _holder(rows: list[dict[str, Any]], state: str) -> Holder:
    row = max(rows, key=lambda one: (_count(one, state), -one["pid"]))
    lingering = [(one.get("lingering") or {}).get(state) for one in rows]
    growth = [_growth(one["growth"], state) for one in rows]
    return Holder(
        row=row,
        processes=len(rows),
        count=sum(_count(one, state) for one in rows),
        established=sum(_count(one, "ESTABLISHED") for one in rows),
        growth=_sum(growth),
        lingering=_sum(lingering),
        share=percent(_count(row, state), soft_limit(row)),
    )


def _count(row: Mapping[str, Any], state: str) -> float:
    return (row.get("ghosts") if state == GHOSTS else (row.get("states") or {}).get(state)) or 0


def _growth(growth: Mapping[str, Any], state: str) -> float | None:
    return growth.get("ghosts") if state == GHOSTS else (growth.get("states") or {}).get(state)


def _sum(numbers: list[float | None]) -> float | None:
    known = [number for number in numbers if number is not None]
    return round(sum(known), 3) if known else None


def seconds_left(row: Mapping[str, Any]) -> int | None:
    """Return the seconds until a process reaches its soft limit; None if it does not grow or the time is unknown."""
    limit, held = soft_limit(row), row.get("descriptors")
    growth = row.get("growth", {}).get("descriptors")
    if not growth or growth < 0 or limit is None or held is None:
        return None
    return max(0, int((limit - held) / growth))


def listener(facts: Facts, port: int | None) -> dict[str, Any]:
    """Return the evidence that names the process listening on a port; empty if unknown."""
    found = (row for row in processes(facts) if port is not None and port in (row.get("listens") or []))
    return next(map(process_evidence, found), {})


def busiest_port(facts: Facts, state: str) -> dict[str, Any]:
    """Return the port that most sockets in a state have, and the process listening there; empty without a majority."""
    rows = {row.get("port"): (row.get("states") or {}).get(state) or 0 for row in facts.rows("ports")}
    port = max(rows, key=lambda one: rows[one], default=None)
    if port is None or rows[port] * 2 <= (facts.get("states", state) or 0):
        return {}
    return {"port": port, **listener(facts, port)}
