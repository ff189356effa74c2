# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that write kernel parameters by themselves, whatever the files say, and how to tell that a host has them."""

from __future__ import annotations

import fnmatch
from typing import Iterable, NamedTuple


class Owner(NamedTuple):
    """evidence: a path that exists where the program is at work. keys: patterns of names. does: who and when."""

    evidence: str
    keys: tuple[str, ...]
    does: str


_INTERFACES = ("net.ipv4.conf.*", "net.ipv6.conf.*", "net.ipv4.neigh.*", "net.ipv6.neigh.*")
_FORWARDING = ("net.ipv4.ip_forward", "net.ipv4.conf.*.forwarding", "net.ipv6.conf.*.forwarding")

ROWS = (
    Owner(
        "/usr/lib/udev/rules.d/99-systemd.rules",
        _INTERFACES,
        "systemd-sysctl, which applies the files again to each interface when it appears",
    ),
    Owner(
        "/lib/udev/rules.d/99-systemd.rules",
        _INTERFACES,
        "systemd-sysctl, which applies the files again to each interface when it appears",
    ),
    Owner(
        "/run/systemd/netif",
        (*_INTERFACES, "net.ipv4.ip_forward"),
        "systemd-networkd, where a .network file sets forwarding, IPv6AcceptRA= and their like",
    ),
    Owner(
        "/run/docker.sock",
        (*_FORWARDING, "net.bridge.bridge-nf-call-ip*tables"),
        "Docker, which turns them on when it starts",
    ),
    Owner("/run/podman", _FORWARDING, "Podman (netavark), which turns them on when it makes a network"),
    Owner("/run/libvirt/network", _FORWARDING, "libvirt, which turns them on for its networks"),
    Owner(
        "/var/lib/kubelet",
        (
            "vm.overcommit_memory",
            "vm.panic_on_oom",
            "kernel.panic",
            "kernel.panic_on_oops",
            "kernel.keys.root_maxkeys",
            "kernel.keys.root_maxbytes",
        ),
        "the kubelet, which sets them when it starts",
    ),
    Owner(
        "/var/lib/kube-proxy",
        (
            "net.netfilter.nf_conntrack_max",
            "net.nf_conntrack_max",
            "net.netfilter.nf_conntrack_tcp_timeout_established",
            "net.netfilter.nf_conntrack_tcp_timeout_close_wait",
        ),
        "kube-proxy, which sets them when it starts",
    ),
    Owner(
        "/run/cloud-init",
        ("net.ipv6.conf.*.use_tempaddr", "net.ipv6.conf.*.accept_ra"),
        "cloud-init, where the network configuration of the cloud says so",
    ),
)


def evidence() -> list[str]:
    """The paths to look for on a host."""
    return [row.evidence for row in ROWS]


def of(name: str, present: Iterable[str]) -> list[str]:
    """Who writes the parameter on a host that has the paths `present`, each once."""
    there = set(present)
    found = (
        row.does for row in ROWS if row.evidence in there and any(fnmatch.fnmatchcase(name, key) for key in row.keys)
    )
    return list(dict.fromkeys(found))
