# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles in the network namespace of another process, on a fake host."""

from __future__ import annotations

from typing import Any

from ansible_collections.nettune.tcp.plugins.module_utils._host.netlink import OwnNamespace
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.apply import Planned
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.namespaces import Identity, OtherNetwork
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost


class FakeNamespace(OwnNamespace):
    """Another network namespace: while it is entered, /proc/sys/net has its values."""

    def __init__(self, host: FakeHost) -> None:
        self.here, self.there = host.root / "proc/sys/net", host.root / "proc/other"
        self.entered = 0
        for name in ("ipv4/tcp_fin_timeout", "core/somaxconn", "ipv4/ip_local_reserved_ports"):
            (self.there / name).parent.mkdir(parents=True, exist_ok=True)
            (self.there / name).write_bytes((self.here / name).read_bytes())

    def __enter__(self) -> None:
        self.entered += 1
        self._swap()

    def __exit__(self, *_exception: object) -> None:
        self._swap()

    def _swap(self) -> None:
        aside = self.here.parent / "aside"
        self.here.rename(aside)
        self.there.rename(self.here)
        aside.rename(self.there)

    def value(self, name: str) -> str:
        return (self.there / name).read_text().strip()


def put_process(host: FakeHost, pid: int, inode: int, start: int = 4711) -> None:
    host.put(f"/proc/{pid}/stat", f"{pid} (x) S 1 " + "0 " * 17 + f"{start} 0\n")
    link = host.root / f"proc/{pid}/ns/net"
    link.parent.mkdir(exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(f"net:[{inode}]")


def network(host: FakeHost, namespace: OwnNamespace, **more: Any) -> OtherNetwork:
    return OtherNetwork(namespace, Identity(77, "first boot", 5, 812, 4711)._replace(**more))


def present(host: FakeHost, where: OtherNetwork, settings: dict[str, Any]) -> Planned:
    profiles = SysctlProfiles(host, network=where)
    with profiles.lock():
        return profiles.carry_out(profiles.present("web", settings, persistent=False))


def absent(host: FakeHost, where: OtherNetwork) -> Planned:
    profiles = SysctlProfiles(host, network=where)
    with profiles.lock():
        return profiles.carry_out(profiles.absent(None))
