# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits of processes that run: which of them prlimit(2) is to change, how far it can, and what it cannot."""

from __future__ import annotations

from typing import Callable, Iterable, Mapping, NamedTuple, Optional

from .._formats.rlimit import Limit, at_least, reaches
from .journal import Raised
from .snapshot import Host, Process

# Programs that look at their limit once, when they start: raising it under them later gives them no more connections.
#
# One row a program, by its name in /proc/PID/stat. nginx, Apache and Postfix are not among them: they meet the limit of
# the moment in accept(2) and open(2).

WHY: Mapping[str, str] = {
    "squid": "its table of descriptors is as long as the limit was at its start (max_filedescriptors)",
    "haproxy": "maxconn is worked out from the limit at its start",
    "mysqld": "open_files_limit, and with it max_connections and table_open_cache, is settled at its start",
    "mariadbd": "open_files_limit, and with it max_connections and table_open_cache, is settled at its start",
    "postgres": "the postmaster counts the descriptors it can use once, at its start (max_files_per_process)",
    "memcached": "its table of connections is made at its start (-c)",
    "redis-server": "maxclients is cut to what the limit allowed at its start",
    "valkey-server": "maxclients is cut to what the limit allowed at its start",
    "dovecot": "the limits of its services are worked out by its master at its start (client_limit)",
    "beam.smp": "the Erlang virtual machine sizes its table of descriptors at its start",
}


FloorOf = Callable[[str], Optional[Limit]]

NO_CAPABILITY = "CAP_SYS_RESOURCE is missing here, and without it no hard limit can be raised"
OTHER_USER = "it runs as another user or group, and CAP_SYS_RESOURCE, which changing its limit takes, is missing here"


class Change(NamedTuple):
    """One process. wanted: what it should have. after: what it can be given. why_not: what keeps the two apart.

    before: what it had before us. foreign: whether somebody else changed the limit we had set.
    """

    process: Process
    before: Limit
    wanted: Limit
    after: Limit
    why_not: str = ""
    foreign: bool = False


def changes(processes: Iterable[Process], raised: Iterable[Raised], floor_of: FloorOf, host: Host) -> list[Change]:
    """What each process is to have: what it had before us, raised to the floor of its unit.

    floor_of: the floor that profiles ask for a unit, None where none does.
    """
    rows = {(row.pid, row.start): row for row in raised}
    return [
        _change(process, rows.get((process.pid, process.start)), floor_of(process.unit), host) for process in processes
    ]


def raised_after(rows: Iterable[Raised], plan: Iterable[Change], host: Host) -> tuple[Raised, ...]:
    """The journal's rows when the changes have been made: one for each process that no longer has what it had before
    us.
    """
    running = {(process.pid, process.start) for process in host.processes or ()}
    kept = {(row.pid, row.start): row for row in rows if (row.pid, row.start) in running}
    for change in plan:
        process = change.process
        kept.pop((process.pid, process.start), None)
        if change.after != change.before:
            kept[process.pid, process.start] = Raised(
                process.pid, process.start, process.unit, change.before, (change.after,)
            )
    return tuple(kept[key] for key in sorted(kept))


def restart_reasons(plan: Iterable[Change], starts_with: Mapping[str, Limit]) -> dict[str, str]:
    """Why units have to be restarted, by name, for those that have to.

    starts_with: what a start would give each unit.
    """
    reasons: dict[str, str] = {}
    for change in plan:
        unit, name = change.process.unit, change.process.name
        if unit not in starts_with:
            continue
        if not reaches(change.after, starts_with[unit]):
            reasons.setdefault(unit, f"{name} runs with {change.after}; a restart gives it {starts_with[unit]}")
        elif change.after != change.before and name in WHY:
            reasons.setdefault(unit, f"{name}: {WHY[name]}")
    return reasons


def reach(process: Process, wanted: Limit, host: Host) -> tuple[Limit, str]:
    """The limit nearest to `wanted` that prlimit(2) will grant us for the process, and why it is not that one."""
    have = process.limit
    if have == wanted:
        return have, ""
    if not (host.may_raise or process.ours):
        return have, OTHER_USER
    if have.hard > host.nr_open:  # kernel/sys.c, do_prlimit: even setting it to what it is answers EPERM
        return have, above_nr_open(have.hard, host)
    hard, why = wanted.hard, ""
    if wanted.hard > have.hard and not host.may_raise:
        hard, why = have.hard, NO_CAPABILITY
    elif wanted.hard > host.nr_open:
        hard, why = host.nr_open, above_nr_open(wanted.hard, host)
    return Limit(min(wanted.soft, hard), hard), why


def attempts(process: Process, limit: Limit) -> list[Limit]:
    """The limit itself, and should that be refused, as much of it as takes no capability."""
    hard = min(limit.hard, process.limit.hard)
    return list(dict.fromkeys([limit, Limit(min(limit.soft, hard), hard)]))


def _change(process: Process, row: Raised | None, floor: Limit | None, host: Host) -> Change:
    known = row is not None and process.limit in (row.before, *row.ours)
    before = row.before if row is not None and known else process.limit
    wanted = at_least(before, floor)
    after, why_not = reach(process, wanted, host)
    return Change(process, before, wanted, after, why_not, foreign=row is not None and not known)


def above_nr_open(hard: int, host: Host) -> str:
    """Why no process can be given `hard`."""
    because = f" ({host.nr_open_why})" if host.nr_open_why else ""
    return f"{hard} is above fs.nr_open, which is {host.nr_open}{because}"
