# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hazards: changes that are known to break services, and are refused unless they are accepted by name."""

from __future__ import annotations

from typing import Callable, Mapping, NamedTuple

from .._formats import meminfo, port_set
from .._formats.meminfo import HostMemory
from .._parameters import value
from .._parameters.row import Parameter
from .._parameters.write_order import RESERVED_PORTS, Change

MEMORY, CONNECTIONS = "memory", "connections"

# Kernel memory of a TCP connection, from /proc/slabinfo of a 64-bit kernel (6.18; earlier ones differ by some tens of
# bytes), rounded up to what a slab of them takes: TCPv6 2496, sock_inode_cache 832, dentry 192, filp 192 (256 before
# 6.12), and for a server that uses epoll(7) eventpoll_epi 128 with its eppoll_entry 64. Together that is one page.
#
# Buffers come on top. Each socket gets the first element of tcp_rmem and tcp_wmem even under memory pressure (tcp(7);
# ip-sysctl.rst); a connection with nothing in flight uses none. A tracked connection has an entry of nf_conntrack (256)
# with its extensions, and the table has a pointer for each bucket.
RMEM, WMEM, MEM = "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem", "net.ipv4.tcp_mem"
CONNTRACK_MAX, BUCKETS = "net.netfilter.nf_conntrack_max", "net.netfilter.nf_conntrack_buckets"
PARAMETERS = (RMEM, WMEM, MEM, CONNTRACK_MAX, BUCKETS)

SOCKET, INODE, DENTRY, FILE, EPOLL_ITEM = 2560, 896, 192, 256, 192
OBJECTS = SOCKET + INODE + DENTRY + FILE + EPOLL_ITEM
CONNTRACK_ENTRY, CONNTRACK_BUCKET = 384, 8


class Need(NamedTuple):
    """The memory for `connections` at once, in bytes. objects, buffers, entry: of each. table: conntrack's hash table.

    entry and table are 0 if conntrack is not loaded.
    """

    connections: int
    objects: int
    buffers: int
    entry: int
    table: int

    @property
    def total(self) -> int:
        return self.connections * (self.objects + self.buffers + self.entry) + self.table


def calculate(connections: int, values: Mapping[str, str]) -> Need:
    """Return the memory for `connections`. values: in normal form, of those of PARAMETERS that the host has."""
    tracked = CONNTRACK_MAX in values
    return Need(
        connections,
        OBJECTS,
        sum(_numbers(values, name)[0] for name in (RMEM, WMEM)),
        CONNTRACK_ENTRY if tracked else 0,
        _numbers(values, BUCKETS)[0] * CONNTRACK_BUCKET if tracked else 0,
    )


def shortage(need: Need, values: Mapping[str, str], memory: HostMemory) -> str:
    """Return why the host lacks memory for them, with figures; empty if it does not, or its memory is unknown."""
    if memory.usable and need.total > memory.usable:
        return f"{_wanted(need)}; {_has(memory)}"
    highest = _numbers(values, MEM)[-1]
    pages = -(-need.connections * need.buffers // memory.page)
    if highest and pages > highest:
        return (
            f"({need.connections} at once) need {pages} pages for their smallest buffers"
            f" ({need.connections} x {need.buffers} bytes), but {MEM} limits all of TCP to {highest} pages"
        )
    return ""


def _wanted(need: Need) -> str:
    tracked = f" + {need.entry} of conntrack" if need.entry else ""
    each = f"{need.objects} bytes of socket, inode, dentry, file and epoll item + {need.buffers} of buffers{tracked}"
    table = f", and {meminfo.shown(need.table)} for conntrack's table" if need.table else ""
    return f"({need.connections} at once) need {meminfo.shown(need.total)} of kernel memory: {each} for each{table}"


def _has(memory: HostMemory) -> str:
    if memory.usable < memory.total:
        return f"the cgroup of this host allows {meminfo.shown(memory.usable)}"
    return f"this host has {meminfo.shown(memory.total)}"


def _numbers(values: Mapping[str, str], name: str) -> list[int]:
    """Return the numbers of a value; [0] without a value."""
    try:
        return value.numbers(values.get(name, "")) or [0]
    except ValueError:
        return [0]


class Hazard(NamedTuple):
    """hazard: the name to accept it by. key: the parameter, or CONNECTIONS. text: what would happen, a predicate."""

    hazard: str
    key: str
    text: str

    def sentence(self) -> str:
        """Return why it is refused."""
        return f"hazard {self.hazard}: {self.key} {self.text}"


class Scene(NamedTuple):
    """What a rule is given: a change, its parameter, all values as they will be, and the host's listening ports.

    is_floor: whether a floor is requested. Only a value that an earlier, higher floor had raised can fall then.
    """

    parameter: Parameter
    change: Change
    values: Mapping[str, str]
    listeners: frozenset[int]
    is_floor: bool = False


def find(scene: Scene) -> tuple[Hazard, ...]:
    """Return the hazards of one change: the one that the parameter's row names, and that of lowering a floor."""
    names = (scene.parameter.hazard, "floor_lowered" if scene.parameter.raise_only else "")
    found = ((name, RULES[name](scene)) for name in names if name)
    return tuple(Hazard(name, scene.parameter.name, text) for name, text in found if text)


def at_boot(scene: Scene) -> tuple[Hazard, ...]:
    """Return the hazards of a change of the value at boot."""
    return tuple(one._replace(text=f"at boot {one.text}") for one in find(scene))


def memory(connections: int, values: Mapping[str, str], host_memory: HostMemory) -> tuple[Hazard, ...]:
    """Return the hazard that the host lacks memory for so many connections. values: as they will be, in normal form."""
    text = shortage(calculate(connections, values), values, host_memory)
    return (Hazard(MEMORY, CONNECTIONS, text),) if connections and text else ()


def swallowed(listeners: frozenset[int], *, old: str, new: str) -> frozenset[int]:
    """Return the ports inside the new port range and outside the old one; ranges such as `1024 65535`."""
    return frozenset(port for port in listeners if _holds(new, port) and not _holds(old, port))


def _tw_recycle(scene: Scene) -> str | None:
    if scene.change.after == "0":
        return None
    return "drops the connections of all but one client behind the same NAT or load balancer (removed in Linux 4.12)"


def _tw_buckets_lowered(scene: Scene) -> str | None:
    if not _falls(scene):
        return None
    return (
        f"lowered from {scene.change.before} to {scene.change.after}: sockets beyond it are closed without TIME_WAIT,"
        " so late segments can reach a later connection; the kernel's documentation says never to lower it"
    )


def _floor_lowered(scene: Scene) -> str | None:
    if not _falls(scene):
        return None
    change = f"lowered from {scene.change.before} to {scene.change.after}"
    return f"{change}, which reduces capacity that may be in use; use {{at_least: …}} to only ever raise it"


def _range_over_listeners(scene: Scene) -> str | None:
    reserved = port_set.parse(scene.values.get(RESERVED_PORTS, ""))
    exposed = swallowed(scene.listeners, old=scene.change.before, new=scene.change.after) - reserved
    if not exposed:
        return None
    return (
        f"would make the listening ports {port_set.render(exposed)} ephemeral ports: a service that restarts could find"
        f" its port taken; reserve them ({RESERVED_PORTS}: {{include: [listeners]}})"
    )


RULES: dict[str, Callable[[Scene], str | None]] = {
    "tw_recycle": _tw_recycle,
    "tw_buckets_lowered": _tw_buckets_lowered,
    "floor_lowered": _floor_lowered,
    "range_over_listeners": _range_over_listeners,
}
NAMES = (*RULES, MEMORY)


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
