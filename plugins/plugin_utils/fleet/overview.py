# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The TCP facts of a fleet at a glance: a line for each host."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._common import text as text_table


class Bound(NamedTuple):
    """A state stands out from `few` sockets if they are `percent` of the host's sockets, and from `many` anyway."""

    few: int
    percent: int
    many: int


# Never stand out: serving connections is what a host is for.
_USUAL = ("ESTABLISHED", "LISTEN")
_BOUNDS = {
    # Each connection that a host closes first stays in TIME_WAIT for a minute; 28,232 ports are available by default.
    "TIME_WAIT": Bound(few=100, percent=50, many=20000),
    # Lasts until the peer closes, too.
    "FIN_WAIT2": Bound(few=10, percent=10, many=5000),
}
# Every other state ends within moments unless a peer does not answer, or a process does not accept or close.
_PASSING = Bound(few=10, percent=5, many=1000)

_HEADER = ("HOST", "TOTAL", "STANDS OUT", "NOTE")
_MAX_STATES = 3


def lines(fleet: Mapping[str, Any], *, rows: int) -> list[str]:
    """Return a table of a fleet and a summary.

    fleet: {hosts: [{host, total, states, partial}], missing: [{host, unreachable, reason}]}; total, states and
    partial may be absent. The hosts with the most sockets come first, those without facts last.
    rows: how many hosts of either kind are shown; 0 shows all.
    """
    hosts = sorted(fleet["hosts"], key=lambda host: (-_total(host), host["host"]))
    missing = sorted(fleet["missing"], key=lambda host: host["host"])
    shown = [_row(host) for host in hosts[: rows or None]] + [_missing(host) for host in missing[: rows or None]]
    return [*_aligned(shown), "", *_unshown(hosts, missing, rows), _summary(hosts, missing)]


def standing_out(states: Mapping[str, int]) -> dict[str, int]:
    """Return the states that stand out, of a host's sockets by state, the largest number first."""
    total = sum(states.values())
    found = [name for name, count in states.items() if name not in _USUAL and _stands_out(name, count, total)]
    return {name: states[name] for name in sorted(found, key=lambda name: (-states[name], name))}


def _stands_out(name: str, count: int, total: int) -> bool:
    bound = _BOUNDS.get(name, _PASSING)
    return count >= bound.many or (count >= bound.few and count * 100 >= bound.percent * total)


def _row(host: Mapping[str, Any]) -> tuple[str, ...]:
    total = "-" if host.get("total") is None else str(host["total"])
    return host["host"], total, _states(host.get("states") or {}), _partial(host.get("partial") or [])


def _missing(host: Mapping[str, Any]) -> tuple[str, ...]:
    return host["host"], "-", "-", f"{'unreachable' if host['unreachable'] else 'no facts'}: {host['reason']}"


def _states(states: Mapping[str, int]) -> str:
    found = list(standing_out(states).items())[:_MAX_STATES]
    return ", ".join(f"{name} {count}" for name, count in found) or "-"


def _partial(partial: list[Mapping[str, Any]]) -> str:
    """Return which subsets are partial; `memory.high` belongs to memory."""
    subsets = sorted({str(row["what"]).partition(".")[0] for row in partial})
    return f"partial: {', '.join(subsets)}" if subsets else ""


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    width = max(len(row[1]) for row in (_HEADER, *rows))
    return text_table.lines(_HEADER, [(host, total.rjust(width), *rest) for host, total, *rest in rows])


def _unshown(hosts: list[Any], missing: list[Any], rows: int) -> list[str]:
    counts = ((len(each) - rows, kind) for each, kind in ((hosts, "with fewer sockets"), (missing, "without facts")))
    return [f"({count} more {kind})" for count, kind in counts if rows and count > 0]


def _summary(hosts: list[Any], missing: list[Any]) -> str:
    text = f"{sum(map(_total, hosts))} sockets on {_hosts(len(hosts))}"
    return f"{text}; {_hosts(len(missing))} without facts" if missing else text


def _hosts(count: int) -> str:
    return "1 host" if count == 1 else f"{count} hosts"


def _total(host: Mapping[str, Any]) -> int:
    return int(host.get("total") or 0)
