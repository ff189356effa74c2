# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kernel memory that a number of TCP connections needs, against what a host has.

What the kernel holds for each, as /proc/slabinfo shows it on a 64-bit kernel (6.18; earlier ones differ by some tens of
bytes), rounded up to what a slab of them takes: TCPv6 2496, sock_inode_cache 832, dentry 192, filp 192 (256 before
6.12), and for a server that waits by epoll(7) eventpoll_epi 128 with its eppoll_entry 64. Together that is one page.

To these come the buffers. Their first element is what each socket is granted even under memory pressure (tcp(7),
tcp_rmem and tcp_wmem; ip-sysctl.rst); a connection with nothing in flight takes none. A tracked connection has an entry
of nf_conntrack (256) with its extensions, and the table a pointer for each bucket.
"""

from __future__ import annotations

from typing import Mapping, NamedTuple

from .._formats import meminfo
from .._formats.meminfo import HostMemory
from .._parameters import value

RMEM, WMEM, MEM = "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem", "net.ipv4.tcp_mem"
CONNTRACK_MAX, BUCKETS = "net.netfilter.nf_conntrack_max", "net.netfilter.nf_conntrack_buckets"
PARAMETERS = (RMEM, WMEM, MEM, CONNTRACK_MAX, BUCKETS)

SOCKET, INODE, DENTRY, FILE, EPOLL_ITEM = 2560, 896, 192, 256, 192
OBJECTS = SOCKET + INODE + DENTRY + FILE + EPOLL_ITEM
CONNTRACK_ENTRY, CONNTRACK_BUCKET = 384, 8


class Need(NamedTuple):
    """What `connections` at once need, in bytes. objects, buffers, entry: of each. table: of all, for conntrack's hash.

    entry and table are 0 where conntrack is not loaded.
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
    """The need of `connections`. values: in normal form, of those of PARAMETERS that the host has."""
    tracked = CONNTRACK_MAX in values
    return Need(
        connections,
        OBJECTS,
        sum(_numbers(values, name)[0] for name in (RMEM, WMEM)),
        CONNTRACK_ENTRY if tracked else 0,
        _numbers(values, BUCKETS)[0] * CONNTRACK_BUCKET if tracked else 0,
    )


def shortage(need: Need, values: Mapping[str, str], memory: HostMemory) -> str:
    """Why the host cannot hold them, with the figures; nothing where it can, or where it is not known what it has."""
    if memory.usable and need.total > memory.usable:
        return f"{_wanted(need)}; {_has(memory)}"
    highest = _numbers(values, MEM)[-1]
    pages = -(-need.connections * need.buffers // memory.page)
    if highest and pages > highest:
        return (
            f"({need.connections} at once) need {pages} pages for their smallest buffers"
            f" ({need.connections} x {need.buffers} bytes), and {MEM} would stop all of TCP at {highest} pages"
        )
    return ""


def _wanted(need: Need) -> str:
    tracked = f" + {need.entry} of conntrack" if need.entry else ""
    each = f"{need.objects} bytes of socket, inode, dentry, file and epoll item + {need.buffers} of buffers{tracked}"
    table = f", and {meminfo.shown(need.table)} for the table of conntrack" if need.table else ""
    return f"({need.connections} at once) need {meminfo.shown(need.total)} of kernel memory: {each} for each{table}"


def _has(memory: HostMemory) -> str:
    if memory.usable < memory.total:
        return f"the cgroup of this host allows {meminfo.shown(memory.usable)}"
    return f"this host has {meminfo.shown(memory.total)}"


def _numbers(values: Mapping[str, str], name: str) -> list[int]:
    """The numbers of a value; one 0 where there is none."""
    try:
        return value.numbers(values.get(name, "")) or [0]
    except ValueError:
        return [0]
