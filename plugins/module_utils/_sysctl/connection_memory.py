# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kernel memory that many TCP connections need, and whether a host has it."""

from __future__ import annotations

from typing import Mapping, NamedTuple

from .._formats import meminfo
from .._formats.meminfo import HostMemory
from .._parameters import value

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
    """The memory for simultaneous connections, in bytes. objects, buffers, entry: for each. table: of conntrack.

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
    """Return the memory that `connections` need. values: by name, in normal form; absent parameters are left out."""
    tracked = CONNTRACK_MAX in values
    return Need(
        connections,
        OBJECTS,
        sum(_numbers(values, name)[0] for name in (RMEM, WMEM)),
        CONNTRACK_ENTRY if tracked else 0,
        _numbers(values, BUCKETS)[0] * CONNTRACK_BUCKET if tracked else 0,
    )


def shortage(need: Need, values: Mapping[str, str], memory: HostMemory) -> str:
    """Return why the host lacks memory, with figures; empty if it has enough, or its memory is unknown."""
    if memory.usable and need.total > memory.usable:
        return f"{_needed(need)}; {_available(memory)}"
    highest = _numbers(values, MEM)[-1]
    pages = -(-need.connections * need.buffers // memory.page)
    if highest and pages > highest:
        return (
            f"({need.connections} at once) need {pages} pages for their smallest buffers"
            f" ({need.connections} x {need.buffers} bytes), but {MEM} limits all of TCP to {highest} pages"
        )
    return ""


def _needed(need: Need) -> str:
    tracked = f" + {need.entry} of conntrack" if need.entry else ""
    each = f"{need.objects} bytes of socket, inode, dentry, file and epoll item + {need.buffers} of buffers{tracked}"
    table = f", and {meminfo.shown(need.table)} for conntrack's table" if need.table else ""
    return f"({need.connections} at once) need {meminfo.shown(need.total)} of kernel memory: {each} for each{table}"


def _available(memory: HostMemory) -> str:
    if memory.usable < memory.total:
        return f"the cgroup of this host allows {meminfo.shown(memory.usable)}"
    return f"this host has {meminfo.shown(memory.total)}"


def _numbers(values: Mapping[str, str], name: str) -> list[int]:
    """Return the numbers of a value; [0] without a value."""
    try:
        return value.numbers(values.get(name, "")) or [0]
    except ValueError:
        return [0]
