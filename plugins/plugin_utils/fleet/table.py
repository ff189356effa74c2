# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet at a glance: a line for each host."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._common import text as text_table

# Which of a host's TCP states stand out: there are more of them than a busy host ordinarily has.


class Bound(NamedTuple):
    """A state stands out from `few` sockets on where they are `percent` of the host's, and from `many` on anyway."""

    few: int
    percent: int
    many: int


# What a host is there for; however many there are, that is no news.
_USUAL = ("ESTABLISHED", "LISTEN")
_BOUNDS = {
    # Each connection that a host closes first is in TIME_WAIT for a minute; 28,232 ports are to be had by default.
    "TIME_WAIT": Bound(few=100, percent=50, many=20000),
    # ... and in FIN_WAIT2 until the other side closes, too.
    "FIN_WAIT2": Bound(few=10, percent=10, many=5000),
}
# Passed through in a moment, unless somebody does not answer, accept or close.
_PASSING = Bound(few=10, percent=5, many=1000)


def standing_out(states: Mapping[str, int]) -> dict[str, int]:
    """Of the sockets in each state those of the states that stand out, the largest number first."""
    total = sum(states.values())
    found = [name for name, count in states.items() if name not in _USUAL and _stands_out(name, count, total)]
    return {name: states[name] for name in sorted(found, key=lambda name: (-states[name], name))}


def _stands_out(name: str, count: int, total: int) -> bool:
    bound = _BOUNDS.get(name, _PASSING)
    return count >= bound.many or (count >= bound.few and count * 100 >= bound.percent * total)


_HEADER = ("HOST", "TOTAL", "STANDS OUT", "NOTE")
_MOST_STATES = 3


def lines(fleet: Mapping[str, Any], *, rows: int) -> list[str]:
    """A table of a fleet's document and a line that sums it up. Of `hosts` it takes host, total, states and partial.

    The hosts with the most sockets come first; those without facts follow. rows: how many of either kind are shown; 0
    shows all.
    """
    hosts = sorted(fleet["hosts"], key=lambda host: (-_total(host), host["host"]))
    missing = sorted(fleet["missing"], key=lambda host: host["host"])
    shown = [_row(host) for host in hosts[: rows or None]] + [_missing(host) for host in missing[: rows or None]]
    return [*_aligned(shown), "", *_unshown(hosts, missing, rows), _sum(hosts, missing)]


def _row(host: Mapping[str, Any]) -> tuple[str, ...]:
    total = "-" if host.get("total") is None else str(host["total"])
    return host["host"], total, _states(host.get("states") or {}), _partial(host.get("partial") or [])


def _missing(host: Mapping[str, Any]) -> tuple[str, ...]:
    return host["host"], "-", "-", f"{'unreachable' if host['unreachable'] else 'no facts'}: {host['why']}"


def _states(states: Mapping[str, int]) -> str:
    found = list(standing_out(states).items())[:_MOST_STATES]
    return ", ".join(f"{name} {count}" for name, count in found) or "-"


def _partial(partial: list[Mapping[str, Any]]) -> str:
    """The subjects of what is partial: of `memory.high` it is memory."""
    subjects = sorted({str(row["what"]).partition(".")[0] for row in partial})
    return f"partial: {', '.join(subjects)}" if subjects else ""


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    width = max(len(row[1]) for row in (_HEADER, *rows))
    return text_table.lines(_HEADER, [(host, total.rjust(width), *rest) for host, total, *rest in rows])


def _unshown(hosts: list[Any], missing: list[Any], rows: int) -> list[str]:
    counts = ((len(each) - rows, kind) for each, kind in ((hosts, "with fewer sockets"), (missing, "without facts")))
    return [f"({count} more {kind})" for count, kind in counts if rows and count > 0]


def _sum(hosts: list[Any], missing: list[Any]) -> str:
    text = f"{sum(map(_total, hosts))} sockets on {_hosts(len(hosts))}"
    return f"{text}; {_hosts(len(missing))} without facts" if missing else text


def _hosts(count: int) -> str:
    return "1 host" if count == 1 else f"{count} hosts"


def _total(host: Mapping[str, Any]) -> int:
    return int(host.get("total") or 0)
