# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.boot_commands import (
    loads_sysctl_conf,
    names_in_bootcmd,
    names_in_commands,
    ufw_file,
)

TEXT = """\
#cloud-config
write_files:
- path: /etc/sysctl.d/60-x.conf
  content: net.core.somaxconn = 1
bootcmd:
# - sysctl -w vm.swappiness=1
 - sysctl -w net.ipv4.tcp_fin_timeout=10 "net/ipv4/tcp_sack = 1"
- [sh, -c, 'sysctl -w kernel.pid_max=4194304']
 - echo PATH=/usr/bin
runcmd:
- sysctl -w net.core.rmem_max=1
"""


def test_only_commands_of_every_boot_count() -> None:
    assert names_in_bootcmd(TEXT) == [
        (7, "net.ipv4.tcp_fin_timeout"),
        (7, "net.ipv4.tcp_sack"),
        (8, "kernel.pid_max"),
    ]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("echo 1 > /proc/sys/net/ipv4/ip_forward", ["net.ipv4.ip_forward"]),
        (
            "echo 2 >/proc/sys/net/ipv4/conf/eth0.5/rp_filter; sysctl -w vm.swappiness=1",
            ["net.ipv4.conf.eth0/5.rp_filter", "vm.swappiness"],
        ),
        ("    post-up echo 0 > /proc/sys/net/ipv6/conf/$IFACE/accept_ra", ["net.ipv6.conf.*.accept_ra"]),
        ("up sysctl -w net.ipv6.conf.${IFACE}.accept_ra=2", ["net.ipv6.conf.*.accept_ra"]),
        ("  # sysctl -w vm.swappiness=1", []),
        ("cat /proc/sys", []),
    ],
)
def test_parameters_of_a_script(line: str, names: list[str]) -> None:
    assert names_in_commands(f"\n{line}\n") == [(2, name) for name in names]


@pytest.mark.parametrize(
    ("line", "loads"),
    [
        ("sysctl -p", True),
        ("  /sbin/sysctl -e -p >/dev/null 2>&1", True),
        ("/usr/sbin/sysctl -qp || true", True),
        ("sysctl --system", True),
        ("sysctl -p /etc/x.conf", False),
        ("# sysctl -p", False),
        ("echo sysctl -p", False),
        ("sysctl -a", False),
    ],
)
def test_script_that_applies_sysctl_conf(line: str, loads: bool) -> None:
    assert loads_sysctl_conf(f"#!/bin/sh\n{line}\nexit 0\n") is loads


def test_no_user_data() -> None:
    assert names_in_bootcmd("") == []


@pytest.mark.parametrize(
    ("default", "own", "path"),
    [
        ("IPT_SYSCTL=/etc/ufw/sysctl.conf\n", "ENABLED=yes\n", "/etc/ufw/sysctl.conf"),
        ("IPT_SYSCTL='/etc/sysctl.conf' # x\n", 'ENABLED="yes"\n', "/etc/sysctl.conf"),
        ("IPT_SYSCTL=/a\nIPT_SYSCTL=/b\n", "ENABLED=YES\n", "/b"),
        ("#IPT_SYSCTL=/a\n", "ENABLED=yes\n", ""),
        ("IPT_SYSCTL=/a\n", "ENABLED=no\n", ""),
        ("IPT_SYSCTL=\n", "ENABLED=yes\n", ""),
        ("", "", ""),
    ],
)
def test_file_that_ufw_applies(default: str, own: str, path: str) -> None:
    assert ufw_file(default, own) == path
