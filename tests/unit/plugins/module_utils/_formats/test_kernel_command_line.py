# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.kernel_command_line import is_applied, parameters


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BOOT_IMAGE=/vmlinuz root=/dev/vda1 ro quiet\n", []),
        ("quiet sysctl.vm.swappiness=40 ro", [("vm.swappiness", "40")]),
        ("sysctl/net/core/somaxconn=512", [("net.core.somaxconn", "512")]),
        ("sysctl.net/ipv4.tcp_sack=0", [("net.ipv4.tcp_sack", "0")]),
        ("sysctl.net.ipv4.conf.eth0/100.rp_filter=1", [("net.ipv4.conf.eth0.100.rp_filter", "1")]),
        ('sysctl.net.ipv4.tcp_rmem="4096 8192 16384" x', [("net.ipv4.tcp_rmem", "4096 8192 16384")]),
        ('"sysctl.net.ipv4.tcp_rmem=4096 8192 16384" x', [("net.ipv4.tcp_rmem", "4096 8192 16384")]),
        ("sysctl.a.b=1 sysctl.a.b=2", [("a.b", "1"), ("a.b", "2")]),
        ("sysctl.a.b=x=y", [("a.b", "x=y")]),
        ("sysctl.a.b sysctl.a.c= sysctl.=1 sysctlx.a=1 xsysctl.a=1 sysctl.net.*=1", []),
        ("ro -- sysctl.a.b=1", []),
        ("hung_task_panic=1", [("kernel.hung_task_panic", "1")]),
        ('sysctl.a.b="1', [("a.b", "1")]),
    ],
)
def test_parameters(text: str, expected: list[tuple[str, str]]) -> None:
    assert parameters(text) == expected


@pytest.mark.parametrize(
    ("release", "expected"),
    [("5.7.19", False), ("4.18.0-553.el8", False), ("5.8", True), ("6.12.0-test", True), ("", True)],
)
def test_kernels_that_apply_them(release: str, expected: bool) -> None:
    assert is_applied(release) is expected
