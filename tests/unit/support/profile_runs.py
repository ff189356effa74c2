# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of profiles on a fake host."""

from __future__ import annotations

from typing import Any

from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.apply import Planned
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost

WEB = "/etc/sysctl.d/99-zz-nettune-web.conf"
MAIL = "/etc/sysctl.d/99-zz-nettune-mail.conf"
JOURNAL = "/var/lib/nettune/tcp/sysctl.json"
FIN, ALIVE, SOMAXCONN = "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_time", "net.core.somaxconn"
RANGE, RESERVED = "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports"
START, BUCKETS = "net.ipv4.ip_unprivileged_port_start", "net.netfilter.nf_conntrack_buckets"
SETTINGS = {
    FIN: 30,
    SOMAXCONN: {"at_least": 8192},
    RANGE: "1024 65535",
    RESERVED: {"include": ["listeners", 7005]},
    "net.ipv4.tcp_rmem": [4096, 87380, 16777216],
    BUCKETS: {"at_least": 65537},
    "net/ipv4/conf/eth0.100/rp_filter": 1,
}


def present(host: FakeHost, name: str, settings: dict[str, Any], **options: Any) -> Planned:
    profiles = SysctlProfiles(host)
    with profiles.lock():
        return profiles.carry_out(assert_none_refused(profiles.present(name, settings, **options)))


def absent(host: FakeHost, name: str | None = None) -> Planned:
    profiles = SysctlProfiles(host)
    with profiles.lock():
        return profiles.carry_out(profiles.absent(name))


def assert_none_refused(planned: Planned) -> Planned:
    refused = [row["reason"] for row in planned.rows if row["status"] == "refused"]
    assert not refused, refused
    return planned


def changed(planned: Planned) -> bool:
    return planned.plan.changes_anything


def reasons(host: FakeHost, name: str, settings: dict[str, Any], **options: Any) -> dict[str, str]:
    """Return the reason for each refused key; nothing is carried out."""
    rows = SysctlProfiles(host).present(name, settings, **options).rows
    return {row["key"]: row["reason"] for row in rows if row["status"] == "refused"}


def left_alone(planned: Planned) -> list[str]:
    return [name for name, one in planned.plan.outcomes.items() if one.target is None]
