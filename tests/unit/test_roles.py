# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of the roles, and what applying them gives on a simulated machine.

The machine matters: on local test hosts, which are namespaces, host-wide parameters are skipped.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import value as sysctl_value
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import VALUES, FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import absent, changed, present, reasons

ROLES = Path(__file__).resolve().parents[2] / "roles"
LISTENERS = "{{ ['listeners', tuning_reserved_ports] | flatten }}"
AGAIN = {"net.ipv4.tcp_tw_reuse": "1", "net.ipv4.tcp_timestamps": "1"}
WEB = {
    **AGAIN,
    "net.ipv4.tcp_syncookies": "1",
    "net.ipv4.ip_local_port_range": {"at_least": "1024 65535"},
    "net.ipv4.ip_local_reserved_ports": {"include": LISTENERS},
}
MACHINE = {
    "fs.file-max": "100000",
    "fs.nr_open": "1048576",
    "net.core.somaxconn": "4096",
    "net.ipv4.tcp_max_syn_backlog": "2048",
    "net.ipv4.tcp_mem": "191934\t255912\t383868",
    "net.ipv4.tcp_rmem": "4096\t131072\t6291456",
    "net.ipv4.tcp_wmem": "4096\t16384\t4194304",
    "net.ipv4.tcp_timestamps": "1",
}
CONNTRACK = ("net.netfilter.nf_conntrack_max", "net.netfilter.nf_conntrack_buckets")


def defaults(role: str) -> dict[str, Any]:
    return yaml.safe_load((ROLES / role / "defaults/main.yml").read_text())


def settings(role: str) -> dict[str, Any]:
    """Return the settings of a role in normal form, without their reasons."""
    asked = {}
    for name, given in defaults(role)[f"{role}_settings"].items():
        how = next(word for word in ("value", "at_least", "at_most", "include", "share_of_memory") if word in given)
        value = given[how]
        if how in ("value", "at_least", "at_most"):
            value = sysctl_value.requested(catalogue.find(name), value)
        asked[name] = value if how == "value" else {how: value}
    return asked


@pytest.mark.parametrize(
    ("role", "asked", "nofile", "services"),
    [
        ("web", WEB, 65536, {"nginx", "apache2", "httpd"}),
        (
            "squid",
            {
                **WEB,
                "net.ipv4.tcp_fin_timeout": "30",
                "net.ipv4.tcp_keepalive_time": {"at_most": "1200"},
                "net.ipv4.tcp_max_syn_backlog": {"at_least": "8192"},
                "net.core.somaxconn": {"at_least": "8192"},
                "net.ipv4.tcp_max_tw_buckets": {"at_least": "262144"},
            },
            65536,
            {"squid"},
        ),
        (
            "mail",
            {
                **AGAIN,
                "net.ipv4.tcp_fin_timeout": "30",
                "net.ipv4.tcp_keepalive_time": {"at_most": "300"},
                "net.ipv4.ip_local_port_range": {"at_least": "5000 65535"},
                "net.ipv4.ip_local_reserved_ports": {"include": LISTENERS},
                "kernel.shmmax": {"at_least": "134217728"},
            },
            16384,
            {"postfix", "dovecot", "exim4"},
        ),
        (
            "million_connections",
            {
                **AGAIN,
                **{name: {"at_least": "2000500"} for name in ("fs.file-max", "fs.nr_open", *CONNTRACK)},
                "net.core.somaxconn": {"at_least": "65535"},
                "net.ipv4.tcp_max_syn_backlog": {"at_least": "65535"},
                "net.ipv4.tcp_rmem": "4096 16384 33554432",
                "net.ipv4.tcp_wmem": "4096 16384 4194304",
                "net.ipv4.tcp_mem": {"share_of_memory": [25, 33, 50]},
            },
            2000500,
            set(),
        ),
        (
            "client",
            {
                **AGAIN,
                "net.ipv4.ip_local_port_range": {"at_least": "1024 65535"},
                "net.ipv4.ip_local_reserved_ports": {"include": LISTENERS},
                "net.ipv4.tcp_keepalive_time": {"at_most": "1800"},
                "net.ipv4.tcp_keepalive_probes": "3",
                "net.ipv4.tcp_keepalive_intvl": "15",
            },
            65536,
            set(),
        ),
    ],
)
def test_role_has_these_values(role: str, asked: dict[str, Any], nofile: int, services: set[str]) -> None:
    values = defaults(role)
    assert settings(role) == asked
    assert values[f"{role}_nofile"] == nofile
    assert services <= set(values[f"{role}_services"])
    assert all(given.get("reason") and given.get("source") for given in values[f"{role}_settings"].values())


def machine(root: Path, gib: int = 16) -> FakeHost:
    host = FakeHost(root, {**VALUES, **MACHINE})
    host.put("/proc/meminfo", f"MemTotal:  {gib * 2**20} kB\n")
    return host


def apply(host: FakeHost, role: str = "million_connections") -> Any:
    """Apply a role's kernel parameters as the role `tuning` does, with no ports reserved but those of listeners."""
    values = defaults(role)
    asked = values[f"{role}_settings"]
    for given in asked.values():
        if given.get("include") == LISTENERS:
            given["include"] = ["listeners"]
    return present(host, role, asked, connections=values.get(f"{role}_count"))


@pytest.mark.parametrize("role", ["client", "mail", "million_connections", "squid", "web"])
def test_role_is_applied_once_and_reverted_exactly(role: str, tmp_path: Path) -> None:
    host = machine(tmp_path)
    before = host.tree()
    rows = apply(host, role).rows
    assert {row["status"] for row in rows} <= {"changed", "unchanged", "skipped"}
    assert any(row["status"] == "changed" for row in rows)
    assert all(host.value(row["key"]) == row["after"] for row in rows if row["status"] != "skipped")
    assert not changed(apply(host, role))
    absent(host)
    assert host.tree() == before


def test_million_connections_on_one_host(tmp_path: Path) -> None:
    host = machine(tmp_path)
    before = host.tree()
    apply(host)
    found = {name: host.value(name) for name in settings("million_connections")}
    assert found == {
        **AGAIN,
        "fs.file-max": "2000500",
        "fs.nr_open": "2000500",
        "net.netfilter.nf_conntrack_max": "2000500",
        "net.netfilter.nf_conntrack_buckets": "2000640",  # this kernel's pages hold 256
        "net.core.somaxconn": "65535",
        "net.ipv4.tcp_max_syn_backlog": "65535",
        "net.ipv4.tcp_rmem": "4096 16384 33554432",
        "net.ipv4.tcp_wmem": "4096 16384 4194304",
        "net.ipv4.tcp_mem": "1048576 1384120 2097152",
    }
    assert not changed(apply(host))
    absent(host)
    assert host.tree() == before


def test_higher_values_are_not_lowered(tmp_path: Path) -> None:
    host = machine(tmp_path)
    higher = {
        "fs.file-max": "9223372036854775807",
        "fs.nr_open": "1073741816",
        "net.core.somaxconn": "1000000",
        "net.ipv4.tcp_mem": "9000000 9000001 9000002",
        "net.netfilter.nf_conntrack_max": "4000000",
    }
    for name, value in higher.items():
        host.set(name, value)
    apply(host)
    assert {name: host.value(name) for name in higher} == higher


def test_conntrack_is_skipped_if_not_loaded(tmp_path: Path) -> None:
    host = machine(tmp_path)
    for name in CONNTRACK:
        host.forget(name)
    rows = {row["key"]: row for row in apply(host).rows}
    assert {rows[name]["status"] for name in CONNTRACK} == {"skipped"}
    assert not any(
        name in (host.read_text("/etc/sysctl.d/99-zz-nettune-million_connections.conf") or "") for name in CONNTRACK
    )


def test_too_little_memory_is_refused_with_the_figures(tmp_path: Path) -> None:
    host, values = machine(tmp_path, gib=8), defaults("million_connections")
    before = host.tree()
    reason_of = reasons(host, "million_connections", values["million_connections_settings"], connections=1000000)
    assert "need 11.8 GiB of kernel memory" in reason_of["connections"]
    assert "this host has 8.0 GiB" in reason_of["connections"]
    assert host.tree() == before


@pytest.mark.parametrize("role", ["web", "squid", "mail", "client"])
def test_only_million_connections_sets_fs_parameters(role: str) -> None:
    assert not any(name.startswith("fs.") for name in settings(role))
