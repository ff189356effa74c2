# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import facts


@pytest.mark.parametrize(
    ("name", "present", "who"),
    [
        ("net.ipv4.conf.eth0.rp_filter", ["/usr/lib/udev/rules.d/99-systemd.rules"], "systemd-sysctl"),
        ("net.ipv4.ip_forward", ["/run/docker.sock"], "Docker"),
        ("net.netfilter.nf_conntrack_max", ["/var/lib/kube-proxy"], "kube-proxy"),
    ],
)
def test_installed_program_owns_its_keys(name: str, present: list, who: str) -> None:
    assert [owner.startswith(who) for owner in facts.owners_of(name, present)] == [True]


def test_key_without_an_owner() -> None:
    assert facts.owners_of("net.ipv4.tcp_fin_timeout", facts.owner_paths()) == []
    assert facts.owners_of("net.ipv4.ip_forward", []) == []


def test_program_with_two_paths_is_named_once() -> None:
    places = ["/usr/lib/udev/rules.d/99-systemd.rules", "/lib/udev/rules.d/99-systemd.rules"]
    assert len(facts.owners_of("net.ipv4.conf.lo.rp_filter", places)) == 1
