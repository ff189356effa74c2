# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Blocks with a field for the name and one for the value, and the flat names of cloud providers."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine

N = "net.ipv4."
RESOURCE = """resource "kernel_setting" "backlog" {
  name  = "net.core.somaxconn"
  value = "8192"
}
# name = "net.ipv4.tcp_dsack"
resource "kernel_setting" "sack" {
  value = 0

  key = "net/ipv4/tcp_sack"
}
resource "other" "x" {
  name = "net.ipv4.tcp_dsack"
}
resource "other" "y" {
  value = 0
}
"""
FILLED = """setting {
  name  = "net.core.somaxconn"
  note  = "${var.x}"
  value = var.backlog
}
"""
TASK = """  systemControls = [
    { namespace = "net.core.somaxconn", value = "8192" },
    {
      namespace = "net.ipv4.tcp_rmem"
      value     = "4096 131072 33554432"
    }
  ]
"""
CODE = """new Task(this, 'web', {
  systemControls: [{ namespace: 'net.ipv4.tcp_sack', value: '0' }],
  other: { "namespace": "net.core.somaxconn", "value": "8192" },
});
"""
FLAT = """linux_os_config {
  sysctl_config {
    net_core_somaxconn = 8192
    net_ipv4_ip_local_port_range_min = 20001
    net_ipv4_ip_local_port_range_max = 60000
    net_ipv4_tcp_tw_reuse = true
    vm_swappiness = 10
    net_of_nothing = 1
  }
}
net_core_somaxconn = 1
"""
CAMEL = """{"swap": 1, "sysctls": {
  "netCoreSomaxconn": 8192,
  "netIpv4TcpTwReuse": true,
  "netIpv4IpLocalPortRange": "20001 60000",
  "netNothing": 1
}}
"""
USER_DATA = """setting {
  name  = "net.core.somaxconn"
  value = "8192"
}
resource "x" "y" {
  user_data = <<-EOF
    #!/bin/bash
    sysctl -w net.ipv4.tcp_sack=0
  EOF
}
"""


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("main.tf", RESOURCE, [(2, "net.core.somaxconn", "8192"), (7, f"{N}tcp_sack", "0")]),
        ("main.tf", FILLED, [(2, "net.core.somaxconn", "${var.backlog}")]),
        ("main.tf", TASK, [(2, "net.core.somaxconn", "8192"), (4, f"{N}tcp_rmem", "4096 131072 33554432")]),
        ("stack.ts", CODE, [(2, f"{N}tcp_sack", "0"), (3, "net.core.somaxconn", "8192")]),
        (
            "main.tf",
            FLAT,
            [
                (3, "net.core.somaxconn", "8192"),
                (4, f"{N}ip_local_port_range", "20001 60000"),
                (6, f"{N}tcp_tw_reuse", "1"),
                (7, "vm.swappiness", "10"),
            ],
        ),
        (
            "nodes.json",
            CAMEL,
            [
                (2, "net.core.somaxconn", "8192"),
                (3, f"{N}tcp_tw_reuse", "1"),
                (4, f"{N}ip_local_port_range", "20001 60000"),
            ],
        ),
        ("main.tf", USER_DATA, [(2, "net.core.somaxconn", "8192"), (8, f"{N}tcp_sack", "0")]),
    ],
)
def test_settings(name, text, expected):
    found = engine.check(text, name=name)
    assert [(row["line"], row["key"], row["value"]) for row in found.rows] == expected
    assert not {row["line"] for row in found.rows} & {number for number, _text in found.others}
