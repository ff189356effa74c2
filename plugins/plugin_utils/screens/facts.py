# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The TCP facts of a fleet at a glance: hosts in which the same states stand out share a row."""

from __future__ import annotations

from typing import Any, Iterable, Iterator, Mapping, NamedTuple

from ...module_utils._diagnosis.facts import check
from ..fleet import document, source
from . import reasons
from .cached import cached
from .host_names import natural, short
from .line import CRITICAL, DIM, WARNING, Line, Row, Screen, count
from .run import Run, missing_failures

_HEADER = ("HOST", "SOCKETS", "STANDS OUT", "NOTE")
_MAX_STATES = 3
_WIDE = 120


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


def draw(run: Run) -> Screen:
    """Return the screen of the playbook facts."""
    fleet = fleet_of(run)
    lines = table_of(fleet, rows=int(run.options.get("nettune_rows") or 0), width=run.width, each=run.verbosity > 0)
    privileges = reasons.not_root(_results(run), width=run.width)
    remarks = [*privileges, *cached(run, fleet["hosts"])]
    lines[-2:-2] = [Line(""), *remarks] if remarks else []
    rows = [_flat(host) for host in fleet["hosts"]]
    rows += [{"host": row["host"], "reason": row["reason"]} for row in fleet["missing"]]
    return Screen(lines, missing_failures(fleet, recording=run.recording), fleet, rows)


def lines(fleet: Mapping[str, Any], *, rows: int) -> list[str]:
    """Return table_of() as text, a row for each host, as wide as the rows of a large fleet usually are."""
    return [line.text for line in table_of(fleet, rows=rows, width=_WIDE, each=True)]


def table_of(fleet: Mapping[str, Any], *, rows: int, width: int, each: bool) -> list[Line]:
    """Return a table of a fleet and a summary.

    fleet: {hosts: [{host, total, states, partial}], missing: [{host, unreachable, reason}]}; total, states and partial
    may be absent. The hosts with the most sockets come first, those without facts last. rows: how many rows of either
    kind are shown; 0 shows all. each: whether each host has a row of its own.
    """
    found = _grouped(fleet["hosts"], key=_outcome, each=each)
    missing = _grouped(fleet["missing"], key=document.reason_of, each=each)
    found.sort(key=lambda hosts: (-max(map(_total, hosts)), natural(hosts[0]["host"])))
    shown = [_row(hosts) for hosts in found[: rows or None]]
    shown += [_missing(hosts) for hosts in missing[: rows or None]]
    lines = reasons.table(_HEADER, shown, width=width)
    for groups, kind in ((found, "with fewer sockets"), (missing, "without facts")):
        unshown = [host["host"] for hosts in groups[rows:] for host in hosts] if rows else []
        lines += [Line(f"({count(len(unshown), 'more host')} {kind})", DIM)] if unshown else []
    return [*lines, Line(""), _summary(fleet)]


def standing_out(states: Mapping[str, int]) -> dict[str, int]:
    """Return the states that stand out, of a host's sockets by state, the largest number first."""
    total = sum(number or 0 for number in states.values())
    found = [name for name, number in states.items() if name not in _USUAL and _stands_out(name, number or 0, total)]
    return {name: states[name] for name in sorted(found, key=lambda name: (-states[name], name))}


def fleet_of(run: Run) -> dict[str, Any]:
    """Return the facts that were gathered or, with nettune_from, are cached or recorded; see fleet.document."""
    if run.recording:
        fleet = source.chosen(run.hostvars, run.hosts, run.options)
        hosts = [document.facts_row(row["host"], row["facts"], None) for row in fleet["hosts"]]
        return {"hosts": hosts, "missing": fleet["missing"]}
    registered = None if run.options.get("nettune_from") else str(run.args["registered"])

    def row(host: str, variables: Mapping[str, Any]) -> dict[str, Any] | document.Missing:
        found = document.facts_row(host, variables, registered)
        if not (registered or isinstance(found, document.Missing)):
            # A cache may have facts of another version.
            check(found)
        return found

    return document.collect(run.hostvars, run.hosts, row)


def _results(run: Run) -> Iterator[dict[str, Any]]:
    """Yield the host and the reason for each host that did not become root."""
    for host in () if run.recording else run.hosts:
        result = run.hostvars[host].get(run.args["registered"]) or {}
        yield {"host": host, reasons.NOT_ROOT: result.get(reasons.NOT_ROOT)}


def _stands_out(name: str, number: int, total: int) -> bool:
    bound = _BOUNDS.get(name, _PASSING)
    return number >= bound.many or (number >= bound.few and number * 100 >= bound.percent * total)


def _grouped(hosts: Iterable[Mapping[str, Any]], *, key: Any, each: bool) -> list[list[Mapping[str, Any]]]:
    """Return the hosts in groups of the same key, in natural order."""
    groups: dict[Any, list[Mapping[str, Any]]] = {}
    for host in sorted(hosts, key=lambda host: natural(host["host"])):
        groups.setdefault(host["host"] if each else key(host), []).append(host)
    return list(groups.values())


def _outcome(host: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what hosts that share a row have in common: the states that stand out, and what is partial."""
    return tuple(sorted(_shown_states(host))), _partial(host.get("partial") or [])


def _shown_states(host: Mapping[str, Any]) -> dict[str, int]:
    return dict(list(standing_out(host.get("states") or {}).items())[:_MAX_STATES])


def _row(hosts: list[Mapping[str, Any]]) -> Row:
    states = [_shown_states(host) for host in hosts]
    text = ", ".join(f"{name} {_range([each[name] for each in states])}" for name in states[0])
    totals = [host["total"] for host in hosts if host.get("total") is not None]
    cells = (_names(hosts), _range(totals) if totals else "-", text or "-", _partial(hosts[0].get("partial") or []))
    return Row(cells, WARNING if text else "")


def _missing(hosts: list[Mapping[str, Any]]) -> Row:
    return Row((_names(hosts), "-", "-", document.reason_of(hosts[0])), CRITICAL)


def _names(hosts: list[Mapping[str, Any]]) -> str:
    return short(host["host"] for host in hosts)


def _range(numbers: list[int]) -> str:
    low, high = min(numbers), max(numbers)
    return str(low) if low == high else f"{low}-{high}"


def _partial(partial: list[Mapping[str, Any]]) -> str:
    """Return which subsets are partial; `memory.high` belongs to memory."""
    subsets = sorted({str(row.get("what")).partition(".")[0] for row in partial})
    return f"partial: {', '.join(subsets)}" if subsets else ""


def _summary(fleet: Mapping[str, Any]) -> Line:
    hosts, missing = fleet["hosts"], fleet["missing"]
    text = f"{count(sum(map(_total, hosts)), 'socket')} on {count(len(hosts), 'host')}"
    if not missing:
        return Line(text)
    return Line(f"{text}; {count(len(missing), 'host')} without facts", CRITICAL)


def _flat(host: Mapping[str, Any]) -> dict[str, Any]:
    states = host.get("states") or {}
    return {"host": host["host"], "total": host.get("total"), **states, "reason": ""}


def _total(host: Mapping[str, Any]) -> int:
    return int(host.get("total") or 0)
