# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""In which order values can be written: the kernel refuses one that breaks its relation to another, even for a
moment.
"""

from __future__ import annotations

from typing import Iterable, Mapping, NamedTuple

from .._formats import port_set

# Parameters that bound or displace one another.
#
# RELATIONS, rows of (lower key, element, upper key, element): a write that would put lower above upper gets EINVAL.
# ipv4_privileged_ports() and ipv4_local_port_range() in net/ipv4/sysctl_net_ipv4.c; ip4_frags_ns_ctl_register() in
# net/ipv4/ip_fragment.c and its likes in net/ipv6/reassembly.c and net/ipv6/netfilter/nf_conntrack_reasm.c.
# Stable kernels (6.1.192, 6.12.117, 6.18.44) hold tcp_reordering to tcp_max_reordering, which may itself be lowered.
#
# COUNTERPARTS, pairs of one setting in two units: a write to either sets the other to 0, so that what was 0 is
# taken back
# by writing the other. dirty_ratio_handler() and its likes in mm/page-writeback.c and mm/util.c.

RELATIONS: tuple[tuple[str, int, str, int], ...] = (
    ("net.ipv4.ip_unprivileged_port_start", 0, "net.ipv4.ip_local_port_range", 0),
    ("net.ipv4.ipfrag_low_thresh", 0, "net.ipv4.ipfrag_high_thresh", 0),
    ("net.ipv4.tcp_reordering", 0, "net.ipv4.tcp_max_reordering", 0),
    ("net.ipv6.ip6frag_low_thresh", 0, "net.ipv6.ip6frag_high_thresh", 0),
    ("net.netfilter.nf_conntrack_frag6_low_thresh", 0, "net.netfilter.nf_conntrack_frag6_high_thresh", 0),
)

COUNTERPARTS: tuple[tuple[str, str], ...] = (
    ("vm.dirty_background_bytes", "vm.dirty_background_ratio"),
    ("vm.dirty_bytes", "vm.dirty_ratio"),
    ("vm.overcommit_kbytes", "vm.overcommit_ratio"),
)


PORT_RANGE, RESERVED_PORTS = "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports"


class Change(NamedTuple):
    """A value before and after, in normal form."""

    before: str
    after: str


def ordered(changes: Mapping[str, Change]) -> list[str]:
    """The names of `changes`, as given but for what must come first: ceilings that rise before what stands under them,
    what falls before its ceiling falls, reservations before the port range that needs them."""
    before: dict[str, set[str]] = {name: set() for name in changes}
    for first, second in _must_precede(changes):
        before[second].add(first)
    done: list[str] = []
    waiting = list(changes)
    while waiting:
        ready = next((name for name in waiting if before[name] <= set(done)), waiting[0])
        waiting.remove(ready)
        done.append(ready)
    return done


def broken(values: Mapping[str, str], *, among: Iterable[str]) -> list[tuple[str, str]]:
    """Relations that `values` would break where one of `among` takes part: (the parameter, why the kernel refuses
    it).
    """
    asked = set(among)
    found = []
    for lower, lower_at, upper, upper_at in RELATIONS:
        low, high = _element(values.get(lower), lower_at), _element(values.get(upper), upper_at)
        if low is not None and high is not None and low > high and asked & {lower, upper}:
            name, other = (lower, upper) if lower in asked else (upper, lower)
            found.append(
                (name, f"{lower} ({values[lower]}) would stand above {upper} ({values[upper]}); set {other} as well")
            )
    if PORT_RANGE in asked and _width(values.get(PORT_RANGE, "")) < 0:
        found.append((PORT_RANGE, f"the first port of {values[PORT_RANGE]} lies above the last"))
    return found


def related(names: Iterable[str]) -> list[str]:
    """The parameters that the kernel holds against one of `names`, or `names` against them."""
    asked = set(names)
    pairs = ((lower, upper) for lower, _lower_at, upper, _upper_at in RELATIONS if asked & {lower, upper})
    ports = (RESERVED_PORTS,) if PORT_RANGE in asked else ()
    others = filter(None, map(counterpart, asked))
    return list(dict.fromkeys([*(name for pair in pairs for name in pair), *ports, *others]))


def counterpart(name: str) -> str | None:
    """The parameter that is set to 0 when `name` is set; None where there is none."""
    pairs = ((one, other) for pair in COUNTERPARTS for one, other in (pair, pair[::-1]))
    return next((other for one, other in pairs if one == name), None)


def needed(changes: Mapping[str, Change]) -> dict[str, Change]:
    """The changes that have to be written: one to 0 comes of its own where the counterpart is set."""
    return {name: change for name, change in changes.items() if not _comes_of_itself(name, change, changes)}


def undo(name: str, before: str, values: Mapping[str, str]) -> tuple[str, str]:
    """What to write so that `name` is `before` again. values: those of before, of its counterpart too."""
    other = counterpart(name)
    return (other, values[other]) if other in values and before == "0" != values[other] else (name, before)


def _comes_of_itself(name: str, change: Change, changes: Mapping[str, Change]) -> bool:
    other = changes.get(counterpart(name) or "")
    return change.after == "0" and other is not None and other.after != "0"


def _must_precede(changes: Mapping[str, Change]) -> list[tuple[str, str]]:
    pairs = []
    for lower, _lower_at, upper, upper_at in RELATIONS:
        if lower in changes and upper in changes:
            was, will = (_element(text, upper_at) for text in changes[upper])
            rises = was is not None and will is not None and will > was
            pairs.append((upper, lower) if rises else (lower, upper))
    if PORT_RANGE in changes and RESERVED_PORTS in changes:
        pairs.append((PORT_RANGE, RESERVED_PORTS) if _range_first(changes) else (RESERVED_PORTS, PORT_RANGE))
    return pairs


def _range_first(changes: Mapping[str, Change]) -> bool:
    """Whether ports stop being reserved, which is safe only once the range has left them; where others come to be
    reserved at the same time, a range that widens needs those first."""
    held, will_be_held = (port_set.parse(text) for text in changes[RESERVED_PORTS])
    narrows = _width(changes[PORT_RANGE].after) < _width(changes[PORT_RANGE].before)
    return not held <= will_be_held and (will_be_held <= held or narrows)


def _element(text: str | None, at: int) -> int | None:
    try:
        return int((text or "").split()[at])
    except (IndexError, ValueError):
        return None


def _width(port_range: str) -> int:
    first, last = (_element(port_range, at) or 0 for at in (0, 1))
    return last - first
