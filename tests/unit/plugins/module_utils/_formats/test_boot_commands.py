# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.boot_commands import names_in_bootcmd, ufw_file

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
