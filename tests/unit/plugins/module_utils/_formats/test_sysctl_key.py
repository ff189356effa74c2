# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._formats import sysctl_conf


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
def test_a_name_in_either_spelling(text: str, name: str, path: str) -> None:
    assert sysctl_conf.canonical(text) == name
    assert sysctl_conf.to_path(text) == path
    assert sysctl_conf.to_path(name) == path
    assert sysctl_conf.from_path(path) == name
    assert sysctl_conf.canonical(name) == name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("/etc/x", "is a path"),
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
        ("tcp_fin_timeout", "one part only"),
        ("net", "one part only"),
        ("1", "one part only"),
        ("None", "one part only"),
        ("net.ipv4.conf.*.rp_filter", "is a pattern"),
        ("net.ipv4.tcp_?eta", "is a pattern"),
        ("net.ipv4.tcp_[a-z]", "is a pattern"),
        ("net.ipv4.{tcp_sack,tcp_fack}", "is a pattern"),
        ("-net.ipv4.tcp_sack", "begins with '-'"),
        ("net.ipv4.tcp_sack\0", "holds a character"),
        ("net.ipv4.tcp_sack\nkernel.panic", "holds a character"),
        ("net.ipv4.tcp_sack\r", "holds a character"),
        ("net.ipv4.tcp_sack=1", "holds a character"),
        ("net.ipv4.tcp_sack = 1", "holds a character"),
        (" net.ipv4.tcp_sack", "holds a character"),
        ("net.ipv4.tcp_sack\t", "holds a character"),
        ("net.ipv4.tcp_sack\x7f", "holds a character"),
        ("net.ipv4.tcp_sack\x85", "holds a character"),
        ("net.ipv4.tcp_sack\u2028", "holds a character"),
        ("net.ipv4.tcp_sack\ud800", "holds a character"),
        ("#net.ipv4.tcp_sack", "holds a character"),
        (";net.ipv4.tcp_sack", "holds a character"),
        ('"net.ipv4.tcp_sack"', "holds a character"),
        ("net.ipv4.`id`", "holds a character"),
        ("net\\ipv4", "holds a character"),
    ],
)
def test_what_is_no_name_is_refused(text: str, said: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        sysctl_conf.canonical(text)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_only_something_to_mean_is_suggested() -> None:
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
