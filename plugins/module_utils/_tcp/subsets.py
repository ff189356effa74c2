# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The subsets of tcp_facts, one row each.

A new subset is a row here, the code that gathers it (host/facts.py, or host/breakdowns.py for a breakdown) and its
documentation in modules/tcp_facts.py.
"""

from __future__ import annotations

from typing import Iterable, NamedTuple

from .._formats.tcp_state import ALL, ESTABLISHED, LISTEN, TIME_WAIT

_NET, _SYSCTL = "/proc/self/net", "/proc/sys/net"
_NO_STATE, _LISTEN, _NOT_ESTABLISHED = 0, 1 << LISTEN, ALL & ~(1 << ESTABLISHED)
_RARE = _NOT_ESTABLISHED & ~(1 << TIME_WAIT)


class Subset(NamedTuple):
    """What one subset gathers, and what that takes.

    facts: the names of its facts. counted: a mask of the states whose sockets it counts. walked: those of them whose
    sockets have to be read one by one; the kernel's counters give the others. files: what it reads besides sockets.
    default: whether it is gathered by default. fast: whether tcp_facts_fast reads enough for it, so that the controller
    can work it out. rated: whether `rates` are computed from it.
    """

    name: str
    facts: tuple[str, ...]
    counted: int = _NO_STATE
    walked: int = _NO_STATE
    files: tuple[str, ...] = ()
    default: bool = False
    fast: bool = False
    rated: bool = False


SUBSETS = (
    Subset("min", ("states", "total"), counted=ALL, walked=_RARE, default=True, fast=True, rated=True),
    # The counter of time-wait sockets does not split them by family.
    Subset("families", ("by_family",), counted=ALL, walked=_NOT_ESTABLISHED, fast=True),
    Subset(
        "counters",
        ("counters", "rates"),
        files=(f"{_NET}/snmp", f"{_NET}/netstat"),
        default=True,
        fast=True,
        rated=True,
    ),
    Subset("listeners", ("listeners",), counted=_LISTEN, walked=_LISTEN, default=True, fast=True),
    Subset("ports", ("ports",), counted=ALL, walked=ALL),
    Subset("peers", ("peers",), counted=ALL, walked=ALL),
    Subset("ephemeral", ("ephemeral",), counted=ALL, walked=ALL),
    Subset("queues", ("queues",), counted=ALL, walked=ALL, rated=True),
    Subset("processes", ("processes",), counted=ALL, walked=ALL, rated=True),
    Subset(
        "memory",
        ("memory", "orphans", "time_wait"),
        files=(
            f"{_NET}/sockstat",
            *(f"{_SYSCTL}/ipv4/tcp_{key}" for key in ("mem", "max_orphans", "max_tw_buckets")),
            "/sys/kernel/slab/tw_sock_TCP/slab_size",
        ),
        default=True,
        fast=True,
    ),
    Subset(
        "conntrack",
        ("conntrack",),
        files=tuple(f"{_SYSCTL}/netfilter/nf_conntrack_{key}" for key in ("count", "max", "buckets")),
        default=True,
        fast=True,
    ),
    Subset("addresses", ("addresses",)),
)
NAMES = [row.name for row in SUBSETS]
DEFAULT = [row.name for row in SUBSETS if row.default]
CHOICES = ["all", *NAMES, "!all", *("!" + name for name in NAMES)]
BREAKDOWNS = {row.name for row in SUBSETS if row.walked == ALL}
FAST = {row.name for row in SUBSETS if row.fast}
RATED = {row.name for row in SUBSETS if row.rated}
SUBSET_OF_FACT = {fact: row.name for row in SUBSETS for fact in row.facts}


def chosen(gather_subset: Iterable[str]) -> set[str]:
    """Return the names of the subsets that an option such as ['min', '!counters'] selects.

    Exclusions alone are taken from the default subsets; '!all' selects none.
    """
    names = set(gather_subset)
    excluded = {name[1:] for name in names if name.startswith("!")}
    wanted = {name for name in names if not name.startswith("!")}
    if "all" in wanted:
        wanted = set(NAMES)
    elif not wanted and "all" not in excluded:
        wanted = set(DEFAULT)
    return wanted - excluded


def states_of(subset: set[str]) -> tuple[int, int]:
    """Return two masks of states: those to count, and those of them whose sockets have to be walked past."""
    counted = walked = _NO_STATE
    for row in SUBSETS:
        if row.name in subset:
            counted, walked = counted | row.counted, walked | row.walked
    return counted, walked


def files_of(subset: set[str]) -> list[str]:
    """Return the paths of the files to read besides sockets, without duplicates."""
    return list(dict.fromkeys(path for row in SUBSETS if row.name in subset for path in row.files))
