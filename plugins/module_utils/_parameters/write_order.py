# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order in which values can be written. The kernel refuses a value that breaks a bound, even for a moment.

The fields at_most and counterpart of a row say which parameters bound or reset each other. Sources:
ipv4_privileged_ports() and ipv4_local_port_range() in net/ipv4/sysctl_net_ipv4.c; ip4_frags_ns_ctl_register() in
net/ipv4/ip_fragment.c and the same in net/ipv6/reassembly.c and net/ipv6/netfilter/nf_conntrack_reasm.c;
dirty_ratio_handler() and its siblings in mm/page-writeback.c and mm/util.c. Stable kernels (6.1.192, 6.12.117, 6.18.44)
refuse tcp_reordering above tcp_max_reordering, but let tcp_max_reordering be lowered.
"""

from __future__ import annotations

from typing import Iterable, Mapping, NamedTuple

from .._formats import port_set
from . import catalogue

PORT_RANGE, RESERVED_PORTS = "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports"


class Change(NamedTuple):
    """A value before and after, in normal form."""

    before: str
    after: str


def ordered(changes: Mapping[str, Change]) -> list[str]:
    """Return the names of `changes` in an order that can be written; the given order where it does not matter.

    An upper bound rises before the value below it rises, and falls after it falls. Ports are reserved before the port
    range includes them.
    """
    before: dict[str, set[str]] = {name: set() for name in changes}
    for first, second in _precedence(changes):
        before[second].add(first)
    done: list[str] = []
    waiting = list(changes)
    while waiting:
        ready = next((name for name in waiting if before[name] <= set(done)), waiting[0])
        waiting.remove(ready)
        done.append(ready)
    return done


def broken(values: Mapping[str, str], *, among: Iterable[str]) -> list[tuple[str, str]]:
    """Return (parameter, reason) for each bound that `values` would break and that involves one of `among`."""
    asked = set(among)
    found = []
    for lower, upper in catalogue.bounded():
        low, high = _number(values.get(lower)), _number(values.get(upper))
        if low is not None and high is not None and low > high and asked & {lower, upper}:
            name, other = (lower, upper) if lower in asked else (upper, lower)
            found.append(
                (name, f"{lower} ({values[lower]}) would be above {upper} ({values[upper]}); set {other} as well")
            )
    if PORT_RANGE in asked and _width(values.get(PORT_RANGE, "")) < 0:
        found.append((PORT_RANGE, f"the first port of {values[PORT_RANGE]} is above the last"))
    return found


def related(names: Iterable[str]) -> list[str]:
    """Return the parameters that bound, reset or displace one of `names`, or that it bounds."""
    asked = set(names)
    pairs = (pair for pair in catalogue.bounded() if asked.intersection(pair))
    ports = (RESERVED_PORTS,) if PORT_RANGE in asked else ()
    others = filter(None, map(counterpart, asked))
    return list(dict.fromkeys([*(name for pair in pairs for name in pair), *ports, *others]))


def counterpart(name: str) -> str | None:
    """Return the parameter that writing `name` sets to 0, or None."""
    known = catalogue.find(name)
    return (known.counterpart or None) if known else None


def needed(changes: Mapping[str, Change]) -> dict[str, Change]:
    """Return the changes that have to be written, without those to 0 that follow from writing the counterpart."""
    return {name: change for name, change in changes.items() if not _follows(name, change, changes)}


def undo(name: str, before: str, values: Mapping[str, str]) -> tuple[str, str]:
    """Return (parameter, value) to write so that `name` becomes `before` again.

    values: the earlier values, including that of the counterpart: 0 is restored by writing that.
    """
    other = counterpart(name)
    return (other, values[other]) if other in values and before == "0" != values[other] else (name, before)


def _follows(name: str, change: Change, changes: Mapping[str, Change]) -> bool:
    other = changes.get(counterpart(name) or "")
    return change.after == "0" and other is not None and other.after != "0"


def _precedence(changes: Mapping[str, Change]) -> list[tuple[str, str]]:
    """Return (first, second) pairs of parameters that must be written in that order."""
    pairs = []
    for lower, upper in catalogue.bounded():
        if lower in changes and upper in changes:
            was, will = map(_number, changes[upper])
            rises = was is not None and will is not None and will > was
            pairs.append((upper, lower) if rises else (lower, upper))
    if PORT_RANGE in changes and RESERVED_PORTS in changes:
        pairs.append((PORT_RANGE, RESERVED_PORTS) if _range_first(changes) else (RESERVED_PORTS, PORT_RANGE))
    return pairs


def _range_first(changes: Mapping[str, Change]) -> bool:
    """Return whether to write the port range first.

    That is safe if ports are only released, after the range has left them; a range that widens needs new reservations
    first.
    """
    reserved, will_be_reserved = (port_set.parse(text) for text in changes[RESERVED_PORTS])
    narrows = _width(changes[PORT_RANGE].after) < _width(changes[PORT_RANGE].before)
    return not reserved <= will_be_reserved and (will_be_reserved <= reserved or narrows)


def _number(text: str | None, at: int = 0) -> int | None:
    try:
        return int((text or "").split()[at])
    except (IndexError, ValueError):
        return None


def _width(port_range: str) -> int:
    first, last = (_number(port_range, at) or 0 for at in (0, 1))
    return last - first
