# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
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
def test_assignment(line: str, name: str, value: str | None, tolerant: bool) -> None:
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
def test_other_lines_are_skipped(line: str) -> None:
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


def test_rendered_drop_in_reads_back_the_same() -> None:
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


def test_empty_drop_in() -> None:
    assert sysctl_conf.render(["ours"], []) == "# ours\n"


@pytest.mark.parametrize(
    ("text", "name", "path"),
    [
        ("net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_fin_timeout", "net/ipv4/tcp_fin_timeout"),
        ("net/ipv4/tcp_fin_timeout", "net.ipv4.tcp_fin_timeout", "net/ipv4/tcp_fin_timeout"),
        ("net/ipv4/conf/eth0.100/rp_filter", "net.ipv4.conf.eth0/100.rp_filter", "net/ipv4/conf/eth0.100/rp_filter"),
        ("net.ipv4.conf.eth0/100.rp_filter", "net.ipv4.conf.eth0/100.rp_filter", "net/ipv4/conf/eth0.100/rp_filter"),
        ("net.ipv4.conf.eth0.100.rp_filter", "net.ipv4.conf.eth0.100.rp_filter", "net/ipv4/conf/eth0/100/rp_filter"),
        ("net/ipv4/conf/bond0.101.5/mtu", "net.ipv4.conf.bond0/101/5.mtu", "net/ipv4/conf/bond0.101.5/mtu"),
        (
            "net.bridge.bridge-nf-call-iptables",
            "net.bridge.bridge-nf-call-iptables",
            "net/bridge/bridge-nf-call-iptables",
        ),
        ("kernel.core_pattern", "kernel.core_pattern", "kernel/core_pattern"),
        ("net.ipv4.conf.br-0@x:1.forwarding", "net.ipv4.conf.br-0@x:1.forwarding", "net/ipv4/conf/br-0@x:1/forwarding"),
        ("net.ipv4.TCP_FIN_TIMEOUT", "net.ipv4.TCP_FIN_TIMEOUT", "net/ipv4/TCP_FIN_TIMEOUT"),
        ("net.ipv4.conf.größe.mtu", "net.ipv4.conf.größe.mtu", "net/ipv4/conf/größe/mtu"),
    ],
)
def test_both_spellings_have_one_canonical_name(text: str, name: str, path: str) -> None:
    assert sysctl_conf.canonical(text) == name
    assert sysctl_conf.to_path(text) == path
    assert sysctl_conf.to_path(name) == path
    assert sysctl_conf.from_path(path) == name
    assert sysctl_conf.canonical(name) == name


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a parameter's name is empty"),
        ("/etc/x", "is a path, not the name of a parameter such as net.ipv4.tcp_fin_timeout"),
        ("/", "is a path"),
        ("/proc/sys/net/ipv4/tcp_fin_timeout", "did you mean net.ipv4.tcp_fin_timeout?"),
        ("/proc/sys/net/ipv4/conf/eth0.100/rp_filter", "did you mean net.ipv4.conf.eth0/100.rp_filter?"),
        ("/proc/sys/", "is a path"),
        ("/proc/sys/../../etc/passwd", "is a path"),
        ("net/../../etc/passwd", "'..'"),
        ("net/ipv4/..", "'..'"),
        ("../sys/net/ipv4/tcp_fin_timeout", "empty part"),
        ("net.ipv4.//.//.//etc.passwd", "'..'"),
        ("./net/ipv4/x", "name"),
        ("net/./ipv4", "'.'"),
        ("net.ipv4..tcp_fin_timeout", "empty part"),
        ("net//ipv4", "empty part"),
        (".net.ipv4.tcp_fin_timeout", "empty part"),
        ("net.ipv4.tcp_fin_timeout.", "empty part"),
        ("net.ipv4.", "empty part"),
        ("tcp_fin_timeout", "only one part"),
        ("net", "only one part"),
        ("1", "only one part"),
        ("None", "only one part"),
        ("net.ipv4.conf.*.rp_filter", "is a pattern"),
        ("net.ipv4.tcp_?eta", "is a pattern"),
        ("net.ipv4.tcp_[a-z]", "is a pattern"),
        ("net.ipv4.{tcp_sack,tcp_fack}", "is a pattern"),
        ("-net.ipv4.tcp_sack", "begins with '-'"),
        ("net.ipv4.tcp_sack\0", "contains a character"),
        ("net.ipv4.tcp_sack\nkernel.panic", "contains a character"),
        ("net.ipv4.tcp_sack\r", "contains a character"),
        ("net.ipv4.tcp_sack=1", "contains a character"),
        ("net.ipv4.tcp_sack = 1", "contains a character"),
        (" net.ipv4.tcp_sack", "contains a character"),
        ("net.ipv4.tcp_sack\t", "contains a character"),
        ("net.ipv4.tcp_sack\x7f", "contains a character"),
        ("net.ipv4.tcp_sack\x85", "contains a character"),
        ("net.ipv4.tcp_sack\u2028", "contains a character"),
        ("net.ipv4.tcp_sack\ud800", "contains a character"),
        ("#net.ipv4.tcp_sack", "contains a character"),
        (";net.ipv4.tcp_sack", "contains a character"),
        ('"net.ipv4.tcp_sack"', "contains a character"),
        ("net.ipv4.`id`", "contains a character"),
        ("net\\ipv4", "contains a character"),
    ],
)
def test_invalid_name_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        sysctl_conf.canonical(text)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_path_without_a_valid_name_gets_no_suggestion() -> None:
    for text in ("/proc/sys/", "/proc/sys/../../etc/passwd", "/proc/sys/net"):
        with pytest.raises(InvalidOption) as refused:
            sysctl_conf.canonical(text)
        assert "did you mean" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_fin_timeout"),
        ("net.ipv4.conf.eth0/100.rp_filter", "net/ipv4/conf/eth0.100/rp_filter"),
    ],
)
def test_spelling_in_a_file(name: str, spelling: str) -> None:
    assert sysctl_conf.spelling(name) == spelling
    assert sysctl_conf.canonical(spelling) == name
