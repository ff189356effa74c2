# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many sockets in which state, from a walk past the rare ones and the kernel's own counters.

Filling one message costs the kernel several times what walking past a socket costs, so the states that make up nearly
all of a busy host are not asked for:

    ESTABLISHED = inuse of sockstat - full sockets in all other states
    TIME_WAIT   = tw of sockstat - small sockets reported as FIN_WAIT2, which tw counts too
"""

from __future__ import annotations

from typing import Any, Mapping

from .._common.errors import MalformedInput
from .._formats.inet_diag import AF_INET, AF_INET6, FAMILIES
from .._formats.proc_net import rates
from .._formats.tcp_state import CLOSE_WAIT, ESTABLISHED, FIN_WAIT2, NAMES, NUMBERS, TIME_WAIT, by_name

# By how much TCP facts grew in a second, between two readings.


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


# A busy host opens connections while its sockets are walked past: so many may differ, and this share of the opened.
_SLACK = 5
_SLACK_SHARE = 20


class Counters:
    """What the kernel counts anyway: inuse by family, time-wait sockets, CurrEstab, connections opened since boot."""

    def __init__(self, *, inuse: dict[int, int], tw: int, current: int, opened: int) -> None:
        self.inuse = inuse
        self.tw = tw
        self.current = current
        self.opened = opened


def counters_of(sockstat: dict, sockstat6: dict, tcp: dict[str, int]) -> Counters:
    """Out of parsed sockstat, sockstat6 ({} without IPv6) and the Tcp section of snmp. Raises MalformedInput."""
    try:
        return Counters(
            inuse={AF_INET: sockstat["TCP"]["inuse"], AF_INET6: sockstat6["TCP6"]["inuse"] if sockstat6 else 0},
            tw=sockstat["TCP"]["tw"],
            current=tcp["CurrEstab"],
            opened=tcp["ActiveOpens"] + tcp["PassiveOpens"],
        )
    except KeyError as error:
        raise MalformedInput(f"the kernel's counters of sockets have no {error}") from None


def counts_by_namespace(release: str) -> bool:
    """Whether a kernel of this release ('6.1.0-18-amd64') counts time-wait sockets by namespace: since 4.10."""
    try:
        major, minor = release.split(".")[:2]
        return (int(major), int("".join(filter(str.isdigit, minor)))) >= (4, 10)
    except ValueError:
        return False


class Sockets:
    """Numbers of sockets: `by_family` {family: counts} and `states`, each indexed by state."""

    def __init__(self, by_family: dict[int, list[int]]) -> None:
        self.by_family = by_family
        self.states = [sum(counts) for counts in zip(*by_family.values())]

    def states_fact(self) -> dict:
        """{'states': {name: count}, 'total': their sum}."""
        return _with_total(self.states)

    def families_fact(self) -> dict:
        """{'ipv4': {'total', 'states'}, 'ipv6': ...}: IPv4 connections of IPv6 sockets are IPv6 ones here."""
        names = {AF_INET: "ipv4", AF_INET6: "ipv6"}
        return {names[family]: _with_total(counts) for family, counts in self.by_family.items()}


def _with_total(counts: list[int]) -> dict:
    return {"states": by_name(counts), "total": sum(counts[number] for number in NUMBERS)}


def counted(walked: list[list]) -> Sockets:
    """Everything was walked to: as it is. `walked` are the rows of inet_diag.sockets(). Raises MalformedInput."""
    strangers = sum(row[3] for row in walked if row[0] not in FAMILIES or row[1] not in NUMBERS)
    if strangers:
        total = sum(row[3] for row in walked)
        raise MalformedInput(f"{strangers} of {total} sock_diag messages are of no known family or state")
    return Sockets({family: _counts(walked, family) for family in FAMILIES})


def derived(walked: list[list], counters: Counters, *, time_wait: bool) -> Sockets:
    """All but ESTABLISHED was dumped, and unless `time_wait` TIME_WAIT: then it is known for both families together."""
    sockets = counted(walked)
    established = {family: counters.inuse[family] - sum(_counts(walked, family, full=True)) for family in FAMILIES}
    for family in FAMILIES:
        sockets.by_family[family][ESTABLISHED] = max(established[family], 0)
    sockets.states[ESTABLISHED] = max(sum(established.values()), 0)
    if not time_wait:
        small = sum(_counts(walked, family, full=False)[FIN_WAIT2] for family in FAMILIES)
        sockets.states[TIME_WAIT] = max(counters.tw - small, 0)
    return sockets


def _counts(walked: list[list], family: int, *, full: bool | None = None) -> list[int]:
    """Sockets of `family`, indexed by state; with `full` only the full ones (True) or only the small ones."""
    counts = [0] * NUMBERS.stop
    for of, state, is_full, number in walked:
        if of == family and full in (None, is_full):
            counts[state] += number
    return counts


def disagreement(sockets: Sockets, before: Counters, after: Counters) -> str | None:
    """Why the derived numbers cannot be true, or None.

    They are held against CurrEstab, which the kernel keeps independently; since 6.10 and in its stable branches it
    includes CLOSE_WAIT. `before` and `after` frame the walk: where they are the same nothing may differ.
    """
    established = sockets.states[ESTABLISHED]
    slack = max(_SLACK, (after.opened - before.opened) // _SLACK_SHARE) if vars(before) != vars(after) else 0
    both = established + sockets.states[CLOSE_WAIT]
    if min(abs(after.current - established), abs(after.current - both)) <= slack:
        return None
    return f"the counters give {established} ESTABLISHED and {both} with CLOSE_WAIT, but CurrEstab is {after.current}"
