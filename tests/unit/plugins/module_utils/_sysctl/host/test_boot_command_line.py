# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that the kernel's command line sets: files override them, and they hold where no file has the parameter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.facts import gather
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import VALUES, FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import (
    FIN,
    SOMAXCONN,
    WEB,
    absent,
    changed,
    present,
)

NR_OPEN, QUEUE, BUCKETS = "fs.nr_open", "net.unix.max_dgram_qlen", "net.netfilter.nf_conntrack_buckets"
SOURCE = {"path": "/proc/cmdline", "line": None, "program": "kernel command line"}
LINE = f"BOOT_IMAGE=/vmlinuz ro sysctl.{SOMAXCONN}=8192 sysctl.{NR_OPEN}=2000000 sysctl.{BUCKETS}=512\n"


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    host = FakeHost(tmp_path, {**VALUES, SOMAXCONN: "8192", NR_OPEN: "2000000", QUEUE: "512"})
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    host.put("/proc/cmdline", LINE)
    return host


def fact(host: FakeHost, name: str) -> dict[str, Any]:
    return gather(host, [name])["keys"][name]


def test_command_line_decides_where_no_file_has_the_parameter(host: FakeHost) -> None:
    found = fact(host, SOMAXCONN)
    assert (found["boot_value"], found["boot_source"], found["drift"]) == ("8192", SOURCE, False)
    assert found["owners"] == ["kernel command line (/proc/cmdline)"]
    assert fact(host, FIN)["boot_value"] is None


def test_file_overrides_it(host: FakeHost) -> None:
    host.put("/etc/sysctl.d/50-x.conf", f"{SOMAXCONN} = 1024\n")
    found = fact(host, SOMAXCONN)
    assert (found["boot_value"], found["boot_source"]) == ("1024", {"path": "/etc/sysctl.d/50-x.conf", "line": 1})


def test_value_that_process_1_left_alone_is_the_command_line_s(host: FakeHost) -> None:
    found = fact(host, NR_OPEN)
    assert (found["boot_value"], found["boot_source"]) == ("2000000", SOURCE)


def test_process_1_overrides_it(host: FakeHost) -> None:
    host.set(NR_OPEN, "1073741816")
    assert fact(host, NR_OPEN)["boot_source"]["program"] == "systemd (process 1)"


def test_floor_never_lowers_it(host: FakeHost) -> None:
    row = present(host, "web", {SOMAXCONN: {"at_least": 4096}}).rows[0]
    assert (row["status"], row["reason"], row["boot_source"]) == ("unchanged", "already above 4096", SOURCE)
    assert host.read_text(WEB) is None
    # Another program has lowered it since boot.
    host.set(SOMAXCONN, "128")
    row = present(host, "web", {SOMAXCONN: {"at_least": 4096}}).rows[0]
    assert (row["after"], row["boot_before"], row["boot_after"]) == ("4096", "8192", "8192")
    assert host.read_text(WEB) is None


def test_profile_overrides_it_until_it_is_reverted(host: FakeHost) -> None:
    row = present(host, "web", {SOMAXCONN: 16384}).rows[0]
    assert (row["boot_before"], row["boot_after"]) == ("8192", "16384")
    host.reboot({SOMAXCONN: "16384"})
    assert not changed(SysctlProfiles(host).again("web"))
    absent(host, "web")
    assert (host.value(SOMAXCONN), fact(host, SOMAXCONN)["boot_value"]) == ("8192", "8192")


def test_kernel_before_5_8_does_not_apply_it(host: FakeHost) -> None:
    host.set("kernel.osrelease", "5.4.0-200-generic")
    assert fact(host, SOMAXCONN)["boot_value"] is None


def test_parameter_of_a_module_is_not_set_by_it(host: FakeHost) -> None:
    assert fact(host, BUCKETS)["boot_value"] == "512"
    host.put("/proc/modules", "nf_conntrack 200704 0 - Live 0x0000000000000000\n")
    assert fact(host, BUCKETS)["boot_value"] is None


def test_parameter_of_an_interface_is_not_known(host: FakeHost) -> None:
    name = "net.ipv4.conf.eth1.rp_filter"
    host.put("/proc/cmdline", f"sysctl.{name}=1 sysctl.net.ipv4.conf.all.rp_filter=2\n")
    assert "if the interface exists before process 1" in fact(host, name)["boot_reason"]
    assert fact(host, "net.ipv4.conf.all.rp_filter")["boot_value"] == "2"


def test_container_is_not_affected(host: FakeHost) -> None:
    (host.root / "proc/self/ns/pid").unlink()
    host.link("/proc/self/ns/pid", "pid:[4026532000]")
    assert fact(host, SOMAXCONN)["boot_value"] is None


def test_command_line_that_cannot_be_read_may_set_anything(host: FakeHost) -> None:
    (host.root / "proc/cmdline").unlink()
    (host.root / "proc/cmdline").mkdir()
    assert fact(host, FIN)["boot_value"] is None
    assert "/proc/cmdline" in fact(host, FIN)["boot_reason"]
