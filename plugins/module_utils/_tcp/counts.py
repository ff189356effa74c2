# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The number of sockets in each state, from a dump of the rare states and from the kernel's counters.

To write a message about a socket costs the kernel several times as much as to skip it. So the two states that most
sockets of a busy host are in are not dumped but computed:

    ESTABLISHED = inuse of sockstat - full sockets in all other states
    TIME_WAIT   = tw of sockstat - small sockets reported as FIN_WAIT2, which tw counts too
"""

from __future__ import annotations

from .._common.errors import MalformedInput
from .._formats.inet_diag import AF_INET, AF_INET6, FAMILIES
from .._formats.tcp_state import CLOSE_WAIT, ESTABLISHED, FIN_WAIT2, NUMBERS, TIME_WAIT, by_name

# On a busy host numbers change during the dump. They may differ by 5 or, if that is more, by 1/20 of the connections
# opened meanwhile.
_SLACK = 5
_SLACK_SHARE = 20


class Counters:
    """The kernel's counters of one namespace.

    inuse: sockets that are not time-wait or request sockets, by family. tw: time-wait sockets. current: CurrEstab.
    opened: connections opened since boot.
    """

    def __init__(self, *, inuse: dict[int, int], tw: int, current: int, opened: int) -> None:
        self.inuse = inuse
        self.tw = tw
        self.current = current
        self.opened = opened


def counters_of(sockstat: dict, sockstat6: dict, tcp: dict[str, int]) -> Counters:
    """Return the counters from sockstat, sockstat6 ({} without IPv6) and section Tcp of snmp. Raises MalformedInput."""
    try:
        return Counters(
            inuse={AF_INET: sockstat["TCP"]["inuse"], AF_INET6: sockstat6["TCP6"]["inuse"] if sockstat6 else 0},
            tw=sockstat["TCP"]["tw"],
            current=tcp["CurrEstab"],
            opened=tcp["ActiveOpens"] + tcp["PassiveOpens"],
        )
    except KeyError as error:
        raise MalformedInput(f"the kernel's socket counters have no {error}") from None


def counts_by_namespace(release: str) -> bool:
    """Return whether a kernel release such as '6.1.0-18-amd64' counts time-wait sockets per namespace (since 4.10)."""
    try:
        major, minor = release.split(".")[:2]
        return (int(major), int("".join(filter(str.isdigit, minor)))) >= (4, 10)
    except ValueError:
        return False


class Sockets:
    """Numbers of sockets: `by_family` is {family: counts}, `states` is counts; counts are indexed by state."""

    def __init__(self, by_family: dict[int, list[int]]) -> None:
        self.by_family = by_family
        self.states = [sum(counts) for counts in zip(*by_family.values())]

    def states_fact(self) -> dict:
        """Return {'states': {name: count}, 'total': their sum}."""
        return _with_total(self.states)

    def families_fact(self) -> dict:
        """Return {'ipv4': {'states', 'total'}, 'ipv6': ...}; an IPv4 connection of an IPv6 socket counts as IPv6."""
        names = {AF_INET: "ipv4", AF_INET6: "ipv6"}
        return {names[family]: _with_total(counts) for family, counts in self.by_family.items()}


def _with_total(counts: list[int]) -> dict:
    return {"states": by_name(counts), "total": sum(counts[number] for number in NUMBERS)}


def counted(walked: list[list]) -> Sockets:
    """Return the numbers of a full dump, given as the rows of inet_diag.sockets(). Raises MalformedInput."""
    unknown = sum(row[3] for row in walked if row[0] not in FAMILIES or row[1] not in NUMBERS)
    if unknown:
        total = sum(row[3] for row in walked)
        raise MalformedInput(f"{unknown} of {total} sock_diag messages have an unknown family or state")
    return Sockets({family: _counts(walked, family) for family in FAMILIES})


def derived(walked: list[list], counters: Counters, *, time_wait: bool) -> Sockets:
    """Return the numbers of a dump without ESTABLISHED, which is computed from counters.

    If not `time_wait`, the dump has no TIME_WAIT either: that is computed for both families together.
    """
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
    """Return the numbers of a family by state: of full sockets (True), small ones (False) or both (None)."""
    counts = [0] * NUMBERS.stop
    for row_family, state, is_full, number in walked:
        if row_family == family and full in (None, is_full):
            counts[state] += number
    return counts


def disagreement(sockets: Sockets, before: Counters, after: Counters) -> str | None:
    """Return why the derived numbers cannot be right, or None.

    They are compared with CurrEstab, which the kernel counts independently. Since Linux 6.10, and in stable branches,
    it includes CLOSE_WAIT. `before` and `after` were read before and after the dump; if they are equal, the numbers
    must match exactly.
    """
    established = sockets.states[ESTABLISHED]
    slack = max(_SLACK, (after.opened - before.opened) // _SLACK_SHARE) if vars(before) != vars(after) else 0
    both = established + sockets.states[CLOSE_WAIT]
    if min(abs(after.current - established), abs(after.current - both)) <= slack:
        return None
    return f"the counters give {established} ESTABLISHED and {both} with CLOSE_WAIT, but CurrEstab is {after.current}"
