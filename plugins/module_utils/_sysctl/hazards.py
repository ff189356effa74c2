# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hazards: changes that are known to break services, and are refused unless they are accepted by name."""

from __future__ import annotations

from typing import Callable, Mapping, NamedTuple

from .._formats import port_set
from .._formats.meminfo import HostMemory
from .._parameters import value
from .._parameters.row import Parameter
from .._parameters.write_order import RESERVED_PORTS, Change
from . import connection_memory
from .boot_programs import value_of_process_1

MEMORY, CONNECTIONS = "memory", "connections"
# The highest value that is in wide use.
_NR_OPEN_USUAL = int(value_of_process_1("fs.nr_open"))


class Hazard(NamedTuple):
    """hazard: the name by which it is accepted. key: the parameter, or CONNECTIONS. text: what `key` would do or be."""

    hazard: str
    key: str
    text: str

    def refusal(self) -> str:
        """Return why it is refused, and how to accept it."""
        return f"hazard {self.hazard}: {self.key} {self.text}; to accept it, set accept_hazards: [{self.hazard}]"


class Case(NamedTuple):
    """A change to judge, with its parameter, all values as they will be, and the host's listening ports.

    is_floor: whether a floor is requested. Then the value falls only if an earlier, higher floor had raised it.
    """

    parameter: Parameter
    change: Change
    values: Mapping[str, str]
    listeners: frozenset[int]
    is_floor: bool = False


def find(case: Case) -> tuple[Hazard, ...]:
    """Return the hazards of a change: the one in the parameter's catalogue row, and that of lowering a floor."""
    names = (case.parameter.hazard, "floor_lowered" if case.parameter.raise_only else "")
    found = ((name, RULES[name](case)) for name in names if name)
    return tuple(Hazard(name, case.parameter.name, text) for name, text in found if text)


def at_boot(case: Case) -> tuple[Hazard, ...]:
    """Return the hazards of a change of the value at boot."""
    return tuple(one._replace(text=f"at boot {one.text}") for one in find(case))


def memory(connections: int, values: Mapping[str, str], host_memory: HostMemory) -> tuple[Hazard, ...]:
    """Return the hazard of too little memory for `connections`, if any. values: as they will be, in normal form."""
    need = connection_memory.calculate(connections, values)
    text = connection_memory.shortage(need, values, host_memory)
    return (Hazard(MEMORY, CONNECTIONS, text),) if connections and text else ()


def newly_ephemeral(listeners: frozenset[int], *, old: str, new: str) -> frozenset[int]:
    """Return the listeners' ports that are in the new port range but not in the old one. old, new: as `1024 65535`."""
    return frozenset(port for port in listeners if _contains(new, port) and not _contains(old, port))


def _tw_recycle(case: Case) -> str | None:
    if case.change.after == "0":
        return None
    return "drops the connections of all but one client behind the same NAT or load balancer (removed in Linux 4.12)"


def _tw_buckets_lowered(case: Case) -> str | None:
    if not _is_lowered(case):
        return None
    return (
        f"lowered from {case.change.before} to {case.change.after}: sockets beyond it are closed without TIME_WAIT,"
        " so late segments can reach a later connection; the kernel's documentation says never to lower it"
    )


def _floor_lowered(case: Case) -> str | None:
    if not _is_lowered(case):
        return None
    change = f"lowered from {case.change.before} to {case.change.after}"
    return f"{change}, which reduces capacity that may be in use; use {{at_least: …}} to only ever raise it"


def _range_over_listeners(case: Case) -> str | None:
    reserved = port_set.parse(case.values.get(RESERVED_PORTS, ""))
    exposed = newly_ephemeral(case.listeners, old=case.change.before, new=case.change.after) - reserved
    if not exposed:
        return None
    return (
        f"would make the listening ports {port_set.render(exposed)} ephemeral ports: a service that restarts could find"
        f" its port taken; reserve them ({RESERVED_PORTS}: {{include: [listeners]}})"
    )


def _nr_open_huge(case: Case) -> str | None:
    before, after = value.as_number(case.change.before) or 0, value.as_number(case.change.after) or 0
    if after <= max(before, _NR_OPEN_USUAL):
        return None
    return (
        f"is above {_NR_OPEN_USUAL}, which systemd sets: programs that close or count all descriptors up to their limit"
        " hang for minutes"
    )


RULES: dict[str, Callable[[Case], str | None]] = {
    "tw_recycle": _tw_recycle,
    "tw_buckets_lowered": _tw_buckets_lowered,
    "floor_lowered": _floor_lowered,
    "range_over_listeners": _range_over_listeners,
    "nr_open_huge": _nr_open_huge,
}
NAMES = (*RULES, MEMORY)


def _is_lowered(case: Case) -> bool:
    if case.is_floor:
        return False
    try:
        before, after = value.numbers(case.change.before), value.numbers(case.change.after)
    except ValueError:
        return False
    return any(new < old for old, new in zip(before, after))


def _contains(port_range: str, port: int) -> bool:
    first, last = value.numbers(port_range)
    return first <= port <= last
