# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.meminfo import HostMemory
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import connection_memory
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.connection_memory import (
    BUCKETS,
    CONNTRACK_MAX,
    MEM,
    RMEM,
    WMEM,
    Need,
)

GIB = 2**30
MILLION = 1000000
BUFFERS = {RMEM: "4096 16384 6291456", WMEM: "4096 16384 4194304"}
TRACKED = {**BUFFERS, CONNTRACK_MAX: "2000500", BUCKETS: "2000896"}


def test_kernel_objects_of_a_connection_take_a_page() -> None:
    assert connection_memory.OBJECTS == 4096


@pytest.mark.parametrize(
    ("connections", "values", "need", "total"),
    [
        (MILLION, BUFFERS, Need(MILLION, 4096, 8192, 0, 0), 12288000000),
        (MILLION, TRACKED, Need(MILLION, 4096, 8192, 384, 16007168), 12688007168),
        (MILLION, {RMEM: "2048 4096 8192", WMEM: "1024 1 1"}, Need(MILLION, 4096, 3072, 0, 0), 7168000000),
        (1, {**BUFFERS, CONNTRACK_MAX: "1"}, Need(1, 4096, 8192, 384, 0), 12672),
        (1, {**BUFFERS, BUCKETS: "65536"}, Need(1, 4096, 8192, 0, 0), 12288),
        (1, {}, Need(1, 4096, 0, 0, 0), 4096),
        (1, {RMEM: "", WMEM: "many"}, Need(1, 4096, 0, 0, 0), 4096),
        (0, TRACKED, Need(0, 4096, 8192, 384, 16007168), 16007168),
    ],
)
def test_memory_needed(connections: int, values: dict[str, str], need: Need, total: int) -> None:
    found = connection_memory.calculate(connections, values)
    assert (found, found.total) == (need, total)


@pytest.mark.parametrize(
    ("values", "memory", "message"),
    [
        (BUFFERS, HostMemory(16 * GIB), ""),
        (BUFFERS, HostMemory(12288000000), ""),
        (BUFFERS, HostMemory(12287999999), "this host has 11.4 GiB"),
        (BUFFERS, HostMemory(8 * GIB), "this host has 8.0 GiB"),
        (BUFFERS, HostMemory(8 * GIB), "need 11.4 GiB of kernel memory"),
        (
            BUFFERS,
            HostMemory(8 * GIB),
            "4096 bytes of socket, inode, dentry, file and epoll item + 8192 of buffers for",
        ),
        (
            TRACKED,
            HostMemory(8 * GIB),
            "384 of conntrack for each, and 15.3 MiB for conntrack's table",
        ),
        (BUFFERS, HostMemory(16 * GIB, limit=2 * GIB), "the cgroup of this host allows 2.0 GiB"),
        (BUFFERS, HostMemory(8 * GIB, limit=16 * GIB), "this host has 8.0 GiB"),
        (BUFFERS, HostMemory(), ""),
        ({**BUFFERS, MEM: "1000000 1500000 2000000"}, HostMemory(16 * GIB), ""),
        ({**BUFFERS, MEM: "1000000 1500000 1999999"}, HostMemory(16 * GIB), "need 2000000 pages"),
        ({**BUFFERS, MEM: "1000000 1500000 1999999"}, HostMemory(16 * GIB), "limits all of TCP to 1999999 pages"),
        ({**BUFFERS, MEM: "1 1 125000"}, HostMemory(16 * GIB, page=65536), ""),
        ({**BUFFERS, MEM: "1 1 124999"}, HostMemory(16 * GIB, page=65536), "need 125000 pages"),
        ({**BUFFERS, MEM: "what"}, HostMemory(16 * GIB), ""),
    ],
)
def test_too_many_connections_for_a_host(values: dict[str, str], memory: HostMemory, message: str) -> None:
    found = connection_memory.shortage(connection_memory.calculate(MILLION, values), values, memory)
    assert message in found
    assert bool(found) is bool(message)
    assert found.startswith("(1000000 at once) need ") or not message
