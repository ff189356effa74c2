# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options `connections` and `share_of_memory`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import VALUES, FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import FIN, absent, changed, present, reasons

MEM, RMEM, WMEM = "net.ipv4.tcp_mem", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"
PAGES_OF_GIB = 2**30 // os.sysconf("SC_PAGE_SIZE")
MILLION = 1000000
BUFFERS = {RMEM: "4096 16384 6291456", WMEM: "4096 16384 4194304"}
SHARE = {MEM: {"share_of_memory": [25, 33, 50]}}


def host_with_memory(root: Path, gib: int) -> FakeHost:
    """Return a host with `gib` GiB of memory."""
    host = FakeHost(root, {**VALUES, MEM: "100\t200\t300", WMEM: "4096\t16384\t4194304"})
    host.put("/proc/meminfo", f"MemTotal:  {gib * 2**20} kB\n")
    return host


def test_share_of_memory_is_a_floor_in_pages(tmp_path: Path) -> None:
    host = host_with_memory(tmp_path, 8)
    before = host.tree()
    present(host, "web", SHARE)
    assert host.value(MEM) == f"{2 * PAGES_OF_GIB} {8 * PAGES_OF_GIB * 33 // 100} {4 * PAGES_OF_GIB}"
    assert not changed(present(host, "web", SHARE))
    host.put("/proc/meminfo", f"MemTotal:  {16 * 2**20} kB\n")
    present(host, "web", SHARE)
    assert host.value(MEM).split()[2] == str(8 * PAGES_OF_GIB)
    absent(host, "web")
    host.put("/proc/meminfo", f"MemTotal:  {8 * 2**20} kB\n")
    assert host.tree() == before


def test_share_lowers_no_running_element(tmp_path: Path) -> None:
    host = host_with_memory(tmp_path, 8)
    host.set(MEM, f"1 2 {9 * PAGES_OF_GIB}")
    present(host, "web", SHARE)
    assert host.value(MEM) == f"{2 * PAGES_OF_GIB} {8 * PAGES_OF_GIB * 33 // 100} {9 * PAGES_OF_GIB}"


def test_floors_of_two_profiles_join_per_element(tmp_path: Path) -> None:
    host = host_with_memory(tmp_path, 8)
    before = host.tree()
    present(host, "web", {RMEM: {"at_least": "8192 16384 33554432"}})
    present(host, "mail", {RMEM: {"at_least": "4096 262144 1048576"}})
    assert host.value(RMEM) == "8192 262144 33554432"
    absent(host, "web")
    assert host.value(RMEM) == "4096 262144 6291456"
    absent(host, "mail")
    assert host.tree() == before


def test_exact_vector_conflicts_with_a_floor_above_an_element(tmp_path: Path) -> None:
    host = host_with_memory(tmp_path, 8)
    present(host, "web", {RMEM: "4096 16384 6291456"})
    assert "profile web" in reasons(host, "mail", {RMEM: {"at_least": "4096 16385 6291456"}})[RMEM]
    assert not reasons(host, "mail", {RMEM: {"at_least": "4096 16384 1"}})


@pytest.mark.parametrize(
    ("settings", "gib", "connections", "message"),
    [
        ({**BUFFERS, **SHARE}, 16, MILLION, ""),
        ({**BUFFERS, **SHARE}, 8, MILLION, "(1000000 at once) need 11.8 GiB"),
        ({**BUFFERS, **SHARE}, 8, 500000, ""),
        # The value of the profile counts, or the running value if the profile does not set the parameter.
        ({RMEM: "8192 16384 6291456", **SHARE}, 15, MILLION, "+ 12288 of buffers + 384 of conntrack"),
        (BUFFERS, 16, MILLION, "net.ipv4.tcp_mem limits all of TCP to 300 pages"),
        ({FIN: 30}, 4, MILLION, "this host has 4.0 GiB"),
    ],
)
def test_connections_that_do_not_fit_are_refused(
    tmp_path: Path, settings: dict[str, Any], gib: int, connections: int, message: str
) -> None:
    host = host_with_memory(tmp_path, gib)
    found = reasons(host, "web", settings, connections=connections)
    assert set(found) == ({"connections"} if message else set())
    assert message in found.get("connections", "")
    assert found.get("connections", "hazard memory: ").startswith("hazard memory: ")
    accepted = frozenset({"memory"})
    assert not reasons(host, "web", settings, connections=connections, accept_hazards=accepted)
    present(host, "web", settings, connections=connections, accept_hazards=accepted)
    assert not changed(present(host, "web", settings, connections=connections, accept_hazards=accepted))


def test_container_has_the_memory_of_its_cgroup(tmp_path: Path) -> None:
    host = host_with_memory(tmp_path, 64)
    host.put("/sys/fs/cgroup/memory.max", f"{2 * 2**30}\n")
    found = reasons(host, "web", {**BUFFERS, **SHARE}, connections=MILLION)
    assert "the cgroup of this host allows 2.0 GiB" in found["connections"]


def test_conntrack_is_not_counted_if_absent(tmp_path: Path) -> None:
    host = host_with_memory(tmp_path, 8)
    for name in ("nf_conntrack_max", "nf_conntrack_buckets"):
        host.forget(f"net.netfilter.{name}")
    assert "conntrack" not in reasons(host, "web", BUFFERS, connections=MILLION)["connections"]


@pytest.mark.parametrize("connections", [0, -1])
def test_invalid_connections_are_refused(tmp_path: Path, connections: int) -> None:
    with pytest.raises(InvalidOption, match=f"connections: {connections} is not allowed; it must be 1 or more"):
        SysctlProfiles(host_with_memory(tmp_path, 8)).present("web", {}, connections=connections)


def test_share_is_refused_if_the_memory_is_unknown(tmp_path: Path) -> None:
    host = host_with_memory(tmp_path, 8)
    host.put("/proc/meminfo", "")
    assert "could not be read" in reasons(host, "web", SHARE)[MEM]
    assert not reasons(host, "web", BUFFERS, connections=MILLION, accept_hazards=frozenset({"memory"}))


def test_share_of_memory_follows_only_more_than_two_percent(tmp_path: Path) -> None:
    """Linux 6.12 and 7.3 report 2021552 and 2015764 kB on the same machine."""
    host = host_with_memory(tmp_path, 2)
    host.put("/proc/meminfo", "MemTotal:  2021552 kB\n")
    present(host, "web", SHARE)
    written = host.value(MEM)
    host.put("/proc/meminfo", "MemTotal:  2015764 kB\n")
    planned = present(host, "web", SHARE)
    assert (changed(planned), host.value(MEM)) == (False, written)
    assert planned.rows[0]["requested"] == {"at_least": written}
    host.put("/proc/meminfo", "MemTotal:  1960000 kB\n")
    assert changed(present(host, "web", SHARE))
    assert host.value(MEM) != written
