# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits of running processes: which of them prlimit(2) must change, and how far the kernel lets it."""

from __future__ import annotations

from typing import Callable, Iterable, Mapping, NamedTuple, Optional

from .._formats.rlimit import Limit, at_least, reaches
from .journal import Raised
from .snapshot import Host, Process

# Programs that read their limit only when they start, so that raising it later gives them no more connections. By
# their name in /proc/PID/stat. nginx, Apache and Postfix are not listed: they depend on the limit at the time of
# accept(2) and open(2).
READS_LIMIT_AT_START: Mapping[str, str] = {
    "squid": "its descriptor table is sized at start (max_filedescriptors)",
    "haproxy": "maxconn is computed at start",
    "mysqld": "open_files_limit, max_connections and table_open_cache are computed at start",
    "mariadbd": "open_files_limit, max_connections and table_open_cache are computed at start",
    "postgres": "the postmaster counts the descriptors it can use at start (max_files_per_process)",
    "memcached": "its connection table is sized at start (-c)",
    "redis-server": "maxclients is reduced at start to what the limit allows",
    "valkey-server": "maxclients is reduced at start to what the limit allows",
    "dovecot": "the master computes the limits of its services at start (client_limit)",
    "beam.smp": "the Erlang virtual machine sizes its descriptor table at start",
}

# A limit is not lowered below this many times the descriptors that a process holds.
_ROOM = 2
NO_CAPABILITY = "cannot raise the hard limit without CAP_SYS_RESOURCE"
OTHER_USER = "cannot change a process of another user or group without CAP_SYS_RESOURCE"

# Returns the floor that the profiles ask for a unit, None if no profile concerns it.
FloorOf = Callable[[str], Optional[Limit]]


class Change(NamedTuple):
    """What to do for one process.

    before: its limit before we changed it. wanted: the limit it should have. after: the limit it can be given. reason:
    why that is not the wanted one; empty otherwise. foreign: whether someone else changed the limit that we had set.
    kept: why it keeps the higher limit that it has from us; empty otherwise.
    """

    process: Process
    before: Limit
    wanted: Limit
    after: Limit
    reason: str = ""
    foreign: bool = False
    kept: str = ""


def changes(processes: Iterable[Process], raised: Iterable[Raised], floor_of: FloorOf, host: Host) -> list[Change]:
    """Return the change for each process: its limit before us, raised to the floor of its unit."""
    rows = {(row.pid, row.start): row for row in raised}
    return [
        _change(process, rows.get((process.pid, process.start)), floor_of(process.unit), host) for process in processes
    ]


def raised_after(rows: Iterable[Raised], plan: Iterable[Change], host: Host) -> tuple[Raised, ...]:
    """Return the journal's rows after the changes: one for each process whose limit differs from the one before us."""
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


def lowered(plan: Iterable[Change]) -> frozenset[int]:
    """Return the pids of the processes that would get a lower limit than they have."""
    return frozenset(one.process.pid for one in plan if one.after.soft < one.process.limit.soft)


def keeps(process: Process, because: str) -> str:
    """Return that a process keeps its limit, with the reason."""
    return f"keeps {process.limit} until it restarts: {because}"


def restart_reasons(plan: Iterable[Change], starts_with: Mapping[str, Limit]) -> dict[str, str]:
    """Return the units that need a restart, with the reason.

    starts_with: by unit, the limit that a start gives it.
    """
    reasons: dict[str, str] = {}
    for change in plan:
        unit, name = change.process.unit, change.process.name
        if unit not in starts_with:
            continue
        if not reaches(change.after, starts_with[unit]):
            reasons.setdefault(unit, f"{name} runs with {change.after}; a restart gives it {starts_with[unit]}")
        elif change.after != change.before and name in READS_LIMIT_AT_START:
            reasons.setdefault(unit, f"{name}: {READS_LIMIT_AT_START[name]}")
    return reasons


def reach(process: Process, wanted: Limit, host: Host) -> tuple[Limit, str]:
    """Return the limit nearest to `wanted` that prlimit(2) allows us to set, and why it is not `wanted`."""
    current = process.limit
    if current == wanted:
        return current, ""
    if not (host.may_raise or process.ours):
        return current, OTHER_USER
    # kernel/sys.c, do_prlimit: EPERM for a new hard limit above it, even for the current one.
    if min(current.hard, wanted.hard) > host.nr_open:
        return current, above_nr_open(current.hard, host)
    hard, reason = wanted.hard, ""
    if wanted.hard > current.hard and not host.may_raise:
        hard, reason = current.hard, NO_CAPABILITY
    elif wanted.hard > host.nr_open:
        hard, reason = host.nr_open, above_nr_open(wanted.hard, host)
    return Limit(min(wanted.soft, hard), hard), reason


def attempts(process: Process, limit: Limit) -> list[Limit]:
    """Return the limits to try in turn: `limit` itself, then as much of it as needs no capability."""
    hard = min(limit.hard, process.limit.hard)
    return list(dict.fromkeys([limit, Limit(min(limit.soft, hard), hard)]))


def above_nr_open(hard: int, host: Host) -> str:
    """Return the reason why no process can be given `hard`."""
    because = f" ({host.nr_open_reason})" if host.nr_open_reason else ""
    return f"{hard} is above fs.nr_open, which is {host.nr_open}{because}"


def _change(process: Process, row: Raised | None, floor: Limit | None, host: Host) -> Change:
    known = row is not None and process.limit in (row.before, *row.ours)
    before = row.before if row is not None and known else process.limit
    wanted = at_least(before, floor)
    after, reason = reach(process, wanted, host)
    held = process.descriptors
    if held is not None and after.soft < min(process.limit.soft, _ROOM * held):
        # A program that runs into its limit may stop serving; a restart is safer.
        return Change(process, before, wanted, process.limit, kept=keeps(process, f"it holds {held} descriptors"))
    return Change(process, before, wanted, after, reason, foreign=row is not None and not known)
