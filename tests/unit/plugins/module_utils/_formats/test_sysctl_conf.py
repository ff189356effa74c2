# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats import sysctl_conf
from ansible_collections.nettune.tcp.plugins.module_utils._formats.sysctl_conf import Assignment, Entry

PATH = "/etc/sysctl.d/50-a.conf"


@pytest.mark.parametrize(
    ("line", "name", "value", "tolerant"),
    [
        ("net.ipv4.tcp_sack=1", "net.ipv4.tcp_sack", "1", False),
        ("net.ipv4.tcp_sack = 1", "net.ipv4.tcp_sack", "1", False),
        ("\t net.ipv4.tcp_sack\t=\t1 \t", "net.ipv4.tcp_sack", "1", False),
        ("net.ipv4.tcp_sack = 1\r", "net.ipv4.tcp_sack", "1", False),
        ("net/ipv4/tcp_sack = 1", "net.ipv4.tcp_sack", "1", False),
        ("/net/ipv4/tcp_sack = 1", "net.ipv4.tcp_sack", "1", False),
        ("net/ipv4//./tcp_sack/ = 1", "net.ipv4.tcp_sack", "1", False),
        ("net.ipv4.tcp_sack. = 1", "net.ipv4.tcp_sack", "1", False),
        ("net/ipv4/conf/eth0.100/rp_filter = 1", "net.ipv4.conf.eth0/100.rp_filter", "1", False),
        ("net.ipv4.conf.eth0/100.rp_filter = 1", "net.ipv4.conf.eth0/100.rp_filter", "1", False),
        ("net.ipv4.conf.eth0.100.rp_filter = 1", "net.ipv4.conf.eth0.100.rp_filter", "1", False),
        ("-net.ipv4.tcp_sack = 1", "net.ipv4.tcp_sack", "1", True),
        ("- net.ipv4.tcp_sack = 1", "net.ipv4.tcp_sack", "1", True),
        ("-net.ipv4.tcp_sack", "net.ipv4.tcp_sack", None, True),
        (" -net.ipv4.conf.*.rp_filter ", "net.ipv4.conf.*.rp_filter", None, True),
        ("net.ipv4.tcp_rmem = 4096\t87380  6291456", "net.ipv4.tcp_rmem", "4096\t87380  6291456", False),
        ("kernel.core_pattern = |/bin/x a=b # c", "kernel.core_pattern", "|/bin/x a=b # c", False),
        ('kernel.domainname = "x"', "kernel.domainname", '"x"', False),
        ("net.ipv4.tcp_sack = 1 \\\\", "net.ipv4.tcp_sack", "1 \\\\", False),
        ("net.ipv4.ip_local_reserved_ports =", "net.ipv4.ip_local_reserved_ports", "", False),
        ("NET.IPV4.tcp_sack = 1", "NET.IPV4.tcp_sack", "1", False),
        ("net.ipv4.conf.*.rp_filter = 2", "net.ipv4.conf.*.rp_filter", "2", False),
        ("nonsense = 1", "nonsense", "1", False),
        ("net.ipv4.tcp_sack\u00a0= 1", "net.ipv4.tcp_sack\u00a0", "1", False),
        ("net.ipv4.conf.\udce9.tag = 1", "net.ipv4.conf.\udce9.tag", "1", False),
    ],
)
def test_a_line_that_says_something(line: str, name: str, value: str | None, tolerant: bool) -> None:
    assert sysctl_conf.assignments(PATH, f"# first\n{line}\n") == [Assignment(PATH, 2, name, value, tolerant)]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "   ",
        "\t",
        "\r",
        "#net.ipv4.tcp_sack = 1",
        "  # net.ipv4.tcp_sack = 1",
        ";net.ipv4.tcp_sack = 1",
        "net.ipv4.tcp_sack",
        "net.ipv4.tcp_sack 1",
        "net.ipv4.tcp_sack: 1",
        "= 1",
        " = ",
        "-",
        "-= 1",
        ". = 1",
    ],
)
def test_a_line_that_says_nothing(line: str) -> None:
    assert sysctl_conf.assignments(PATH, line) == []


def test_lines_keep_their_numbers_and_order() -> None:
    text = "a.b = 1\r\n\r\n# c\n\na.c = 2\na.b = 3"
    found = [(one.line, one.name, one.value) for one in sysctl_conf.assignments(PATH, text)]
    assert found == [(1, "a.b", "1"), (5, "a.c", "2"), (6, "a.b", "3")]


@pytest.mark.parametrize(
    ("name", "pattern"),
    [("a.b", False), ("a.*", True), ("a.?", True), ("a.[bc]", True), ("a.{b,c}", False)],
)
def test_patterns(name: str, pattern: bool) -> None:
    assert Assignment(PATH, 1, name, "1").is_pattern is pattern


def test_a_drop_in_is_read_as_it_was_written() -> None:
    entries = [
        Entry("net.core.somaxconn", "8192", "bursts wait here (ip-sysctl.rst)"),
        Entry("net.ipv4.conf.eth0/100.rp_filter", "1"),
        Entry("net.ipv4.ip_local_reserved_ports", ""),
        Entry("net.ipv4.tcp_rmem", "4096 87380 6291456"),
    ]
    text = sysctl_conf.render(["ours", ""], entries)
    assert text == (
        "# ours\n#\n"
        "\n# bursts wait here (ip-sysctl.rst)\nnet.core.somaxconn = 8192\n"
        "\nnet/ipv4/conf/eth0.100/rp_filter = 1\n"
        "\nnet.ipv4.ip_local_reserved_ports =\n"
        "\nnet.ipv4.tcp_rmem = 4096 87380 6291456\n"
    )
    assert [(one.name, one.value) for one in sysctl_conf.assignments(PATH, text)] == [
        (entry.name, entry.value) for entry in entries
    ]


def test_a_drop_in_of_nothing() -> None:
    assert sysctl_conf.render(["ours"], []) == "# ours\n"
