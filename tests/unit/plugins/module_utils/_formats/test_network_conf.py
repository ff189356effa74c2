# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats import network_conf
from ansible_collections.nettune.tcp.plugins.module_utils._formats.network_conf import Forwarding, Network


@pytest.mark.parametrize(
    ("lines", "families"),
    [
        ("IPForward=yes", ["ipv4", "ipv6"]),
        ("IPForward=ipv6", ["ipv6"]),
        ("IPForward=kernel", []),
        ("IPv4Forwarding=1", ["ipv4"]),
        ("IPv4Forwarding=maybe", []),
        ("IPMasquerade=yes", ["ipv4"]),
        ("IPMasquerade=both", ["ipv4", "ipv6"]),
        ("IPForward=yes\nIPForward=no", []),
        ("#IPForward=yes\n; IPForward=yes\nDHCP=yes", []),
    ],
)
def test_forwarding_for_the_host(lines: str, families: list[str]) -> None:
    found = network_conf.network([("/a", f"[Network]\n{lines}\n[Link]\nIPForward=yes\n")])
    assert [one.family for one in found.forwarding if one.is_on] == families


@pytest.mark.parametrize(
    ("match", "matched", "by_name"),
    [
        ("", ["enp1s0", "lan"], True),
        ("Name=en*", ["enp1s0"], True),
        ("Name=eth0 en*", ["enp1s0"], True),
        ("Name=ve-*", [], True),
        ("Name=en*\nName=\nName=lan", ["lan"], True),
        ("Name=!ve-*", ["enp1s0", "lan"], False),
        ("Type=ether", ["enp1s0", "lan"], False),
        ("Name=ve-*\nType=ether", [], False),
    ],
)
def test_interfaces_that_a_file_applies_to(match: str, matched: list[str], by_name: bool) -> None:
    found = network_conf.network([("/a", f"[Match]\n{match}\n")])
    assert (found.matched(["enp1s0", "lan"]), found.is_by_name) == (matched, by_name)


def test_drop_ins_come_after_the_file() -> None:
    texts = [("/a", "[Network]\nIPv4Forwarding=no\n"), ("/a.d/b", "[Network]\nIPv4Forwarding=yes\n")]
    forwarding = (Forwarding("/a.d/b", 2, "ipv4", True, network_conf.INTERFACE),)
    assert network_conf.network(texts)[:3] == Network((), False, forwarding)[:3]


def test_other_parameters_of_interfaces() -> None:
    texts = [("/a", "[Match]\nName=eth0.5\n[Network]\nIPv4ReversePathFilter=loose\nDHCP=yes\n")]
    found = network_conf.network(texts).others
    assert {one.name_for("eth0.5"): (one.path, one.line) for one in found} == {
        "net.ipv6.conf.eth0/5.accept_ra": ("/a", 0),
        "net.ipv6.conf.eth0/5.proxy_ndp": ("/a", 0),
        "net.ipv6.conf.eth0/5.use_tempaddr": ("/a", 0),
        "net.ipv4.conf.eth0/5.rp_filter": ("/a", 4),
    }
    unmanaged = network_conf.network([*texts, ("/a.d/b", "[Link]\nUnmanaged=yes\n[Network]\nIPv4Forwarding=yes\n")])
    assert unmanaged == Network(("eth0.5",), False, ())


def test_networkd_conf() -> None:
    text = "[Network]\nSpeedMeter=no\nIPv4Forwarding=no\nIPv6Forwarding=yes\n[DHCPv4]\nIPv4Forwarding=yes\n"
    assert network_conf.for_host([("/a", text)]) == [
        Forwarding("/a", 3, "ipv4", False),
        Forwarding("/a", 4, "ipv6", True),
    ]
