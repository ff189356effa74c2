# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes that are refused unless they are accepted by name, because they are known to take services down."""

from __future__ import annotations

from typing import Callable, Mapping, NamedTuple

from .._formats import port_set
from .._formats.meminfo import HostMemory
from .._parameters import value
from .._parameters.row import Parameter
from .._parameters.write_order import PORT_RANGE, RESERVED_PORTS, Change
from . import tcp_memory_need

MEMORY, CONNECTIONS = "memory", "connections"
TW_RECYCLE, TW_BUCKETS = "net.ipv4.tcp_tw_recycle", "net.ipv4.tcp_max_tw_buckets"


class Hazard(NamedTuple):
    """hazard: the name to accept it by. key: the parameter, or CONNECTIONS. text: what happens, in one sentence."""

    hazard: str
    key: str
    text: str

    def sentence(self) -> str:
        """Why it is refused."""
        return f"hazard {self.hazard}: {self.key} {self.text}"


class Scene(NamedTuple):
    """What a rule sees: one change, what its parameter is, all values as they will be, and the host's listening ports.

    is_floor: whether a floor is asked for; what falls then is only what a higher floor had raised.
    """

    parameter: Parameter
    change: Change
    values: Mapping[str, str]
    listeners: frozenset[int]
    is_floor: bool = False


def find(scene: Scene) -> tuple[Hazard, ...]:
    """The hazards of one change."""
    found = ((name, rule(scene)) for name, rule in RULES)
    return tuple(Hazard(name, scene.parameter.name, text) for name, text in found if text)


def at_boot(scene: Scene) -> tuple[Hazard, ...]:
    """The hazards of a change of what boot gives."""
    return tuple(one._replace(text=f"at boot {one.text}") for one in find(scene))


def memory(connections: int, values: Mapping[str, str], host_memory: HostMemory) -> tuple[Hazard, ...]:
    """The hazard that so many connections at once do not fit into the host. values: as they will be, in normal form."""
    text = tcp_memory_need.shortage(tcp_memory_need.calculate(connections, values), values, host_memory)
    return (Hazard(MEMORY, CONNECTIONS, text),) if connections and text else ()


def swallowed(listeners: frozenset[int], *, old: str, new: str) -> frozenset[int]:
    """Listening ports inside the new port range and outside the old one; ranges in normal form, such as `1024
    65535`.
    """
    return frozenset(port for port in listeners if _holds(new, port) and not _holds(old, port))


def _tw_recycle(scene: Scene) -> str | None:
    if scene.parameter.name != TW_RECYCLE or scene.change.after == "0":
        return None
    return (
        "drops the connections of all clients but one behind the same NAT or load balancer (removed from Linux in 4.12)"
    )


def _tw_buckets_lowered(scene: Scene) -> str | None:
    if scene.parameter.name != TW_BUCKETS or not _falls(scene):
        return None
    return (
        f"lowered from {scene.change.before} to {scene.change.after}: what overflows is closed without TIME_WAIT,"
        " so late segments can reach a later connection; the kernel's documentation says never to lower it"
    )


def _floor_lowered(scene: Scene) -> str | None:
    if not scene.parameter.raise_only or not _falls(scene):
        return None
    change = f"lowered from {scene.change.before} to {scene.change.after}"
    return f"{change}, which takes room away from what runs; {{at_least: …}} never does"


def _range_over_listeners(scene: Scene) -> str | None:
    if scene.parameter.name != PORT_RANGE:
        return None
    reserved = port_set.parse(scene.values.get(RESERVED_PORTS, ""))
    exposed = swallowed(scene.listeners, old=scene.change.before, new=scene.change.after) - reserved
    if not exposed:
        return None
    return (
        f"ports {port_set.render(exposed)} are listened on and would become ephemeral ports: a restarting service could"
        f" find its own taken; reserve them ({RESERVED_PORTS}: {{include: [listeners]}})"
    )


RULES: tuple[tuple[str, Callable[[Scene], str | None]], ...] = (
    ("tw_recycle", _tw_recycle),
    ("tw_buckets_lowered", _tw_buckets_lowered),
    ("floor_lowered", _floor_lowered),
    ("range_over_listeners", _range_over_listeners),
)
NAMES = (*(name for name, _rule in RULES), MEMORY)


def _falls(scene: Scene) -> bool:
    if scene.is_floor:
        return False
    try:
        before, after = value.numbers(scene.change.before), value.numbers(scene.change.after)
    except ValueError:
        return False
    return any(new < old for old, new in zip(before, after))


def _holds(port_range: str, port: int) -> bool:
    first, last = value.numbers(port_range)
    return first <= port <= last
