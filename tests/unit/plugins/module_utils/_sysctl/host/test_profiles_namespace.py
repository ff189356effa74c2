# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles in the network namespace of another process."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host import facts
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.namespaces import (
    network_of,
)
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.tests.unit.support import profile_runs
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.namespaces import (
    FakeNamespace,
    absent,
    network,
    present,
    put_process,
)
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import FIN, RESERVED, SOMAXCONN

DIRECTORY = "/var/lib/nettune/tcp"


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeHost:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    found = FakeHost(tmp_path)
    put_process(found, 812, 77)
    return found


def test_applied_and_reverted(host: FakeHost) -> None:
    namespace = FakeNamespace(host)
    host.put("/etc/sysctl.d/50-other.conf", f"{FIN} = 20\n")
    before = host.tree()
    planned = present(host, network(host, namespace), {FIN: 30, SOMAXCONN: {"at_least": 8192}})
    assert [(row["status"], row["boot_before"], row["boot_after"]) for row in planned.rows] == [
        ("changed", None, None),
        ("changed", None, None),
    ]
    assert namespace.value("ipv4/tcp_fin_timeout") == "30"
    assert host.value(FIN) == "60"
    assert host.listdir(DIRECTORY) == ["sysctl-net-77.json"]
    again = SysctlProfiles(host, network=network(host, namespace, pid=900, start=1))
    assert not again.present("web", {FIN: 30}, persistent=False).plan.before.profiles.keys() - {"web"}
    assert SysctlProfiles(host).elsewhere() == [812]
    absent(host, network(host, namespace))
    assert namespace.value("ipv4/tcp_fin_timeout") == "60"
    assert host.tree() == before


def test_the_host_and_its_namespaces_do_not_share_profiles(host: FakeHost) -> None:
    namespace = FakeNamespace(host)
    profile_runs.present(host, "web", {FIN: 15})
    present(host, network(host, namespace), {FIN: 30})
    profile_runs.absent(host)
    assert (host.value(FIN), namespace.value("ipv4/tcp_fin_timeout")) == ("60", "30")


def test_reused_inode_is_another_namespace(host: FakeHost) -> None:
    present(host, network(host, FakeNamespace(host)), {FIN: 30})
    other = SysctlProfiles(host, network=network(host, FakeNamespace(host), cookie=6))
    assert other.recorded().profiles == {}


@pytest.mark.parametrize(
    ("happens", "kept"),
    [
        (lambda host: None, True),
        (lambda host: put_process(host, 812, 78), False),
        (lambda host: (put_process(host, 812, 78), put_process(host, 813, 77)), True),
        (
            lambda host: (
                put_process(host, 812, 78),
                host.put("/proc/self/mountinfo", "9 8 0:4 net:[77] /run/netns/x rw - nsfs nsfs rw\n"),
            ),
            True,
        ),
        (lambda host: host.reboot(), False),
    ],
)
def test_journal_of_a_removed_namespace_is_deleted(host: FakeHost, happens: Any, kept: bool) -> None:
    present(host, network(host, FakeNamespace(host)), {FIN: 30})
    happens(host)
    with SysctlProfiles(host).lock():
        pass
    assert (host.listdir(DIRECTORY) == ["sysctl-net-77.json"]) is kept


@pytest.mark.parametrize(
    ("name", "reason"),
    [("fs.file-max", "host-wide"), ("vm.dirty_ratio", "host-wide"), ("kernel.shmmax", "outside: pid")],
)
def test_parameter_outside_the_network_namespace_is_skipped(host: FakeHost, name: str, reason: str) -> None:
    host.set("kernel.shmmax", "1")
    rows = (
        SysctlProfiles(host, network=network(host, FakeNamespace(host)))
        .present("web", {name: 5}, persistent=False)
        .rows
    )
    assert rows[0]["status"] == "skipped"
    assert rows[0]["reason"].startswith(reason)


def test_listeners_of_the_namespace_are_reserved(host: FakeHost) -> None:
    host.listen(22)
    row = "   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0\n"
    host.put("/proc/812/net/tcp", "  sl  local_address rem_address   st\n" + row)
    namespace = FakeNamespace(host)
    (namespace.there / "ipv4/ip_local_port_range").write_text("32768\t60999\n")
    settings = {"net.ipv4.ip_local_port_range": "1024 65535", RESERVED: {"include": ["listeners"]}}
    present(host, network(host, namespace), settings)
    assert namespace.value("ipv4/ip_local_reserved_ports") == "8080"


def test_persistent_is_refused(host: FakeHost) -> None:
    with pytest.raises(InvalidOption, match="set persistent: false"):
        SysctlProfiles(host, network=network(host, FakeNamespace(host))).present("web", {FIN: 30})


@pytest.mark.parametrize(("pid", "message"), [(0, "1 or more"), (-3, "1 or more"), (4711, "no such process")])
def test_invalid_pid_is_refused(host: FakeHost, pid: int, message: str) -> None:
    with pytest.raises(InvalidOption, match=message):
        network_of(host, pid)


def test_process_of_our_own_namespace() -> None:
    from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles

    with pytest.raises(InvalidOption, match="omit pid"):
        network_of(HostFiles(), os.getpid())


def test_facts_of_the_namespace(host: FakeHost) -> None:
    namespace = FakeNamespace(host)
    (namespace.there / "ipv4/tcp_fin_timeout").write_text("15\n")
    host.put("/etc/sysctl.d/50-other.conf", f"{FIN} = 20\n")
    where = network(host, namespace)
    found = facts.gather(host, [FIN, "fs.file-max"], where)
    assert found["loader"] is None
    fin, file_max = found["keys"].values()
    assert (fin["value"], fin["boot_value"], fin["drift"]) == ("15", None, False)
    assert file_max["value"] is None
    assert file_max["reason"].startswith("host-wide")
    assert all(name.startswith("net.") for name in facts.gather(host, [], where)["keys"])
