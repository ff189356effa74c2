# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.nearest import nearest


@pytest.mark.parametrize(
    ("mistaken", "meant"),
    [
        ("net.ipv4.tcp_tw_recyle", "net.ipv4.tcp_tw_recycle"),
        ("net.ipv4.tw_reuse", "net.ipv4.tcp_tw_reuse"),
        ("net.ipv4.tcp_keep_alive_time", "net.ipv4.tcp_keepalive_time"),
        ("net.ipv4.tcp_keepalive_interval", "net.ipv4.tcp_keepalive_intvl"),
        ("net.ipv4.somaxconn", "net.core.somaxconn"),
        ("tcp_tw_reuse", "net.ipv4.tcp_tw_reuse"),
        ("net.core.tcp_max_syn_backlog", "net.ipv4.tcp_max_syn_backlog"),
        ("net.ipv4.TCP_FIN_TIMEOUT", "net.ipv4.tcp_fin_timeout"),
        ("net.ipv4.tcp_syn_cookies", "net.ipv4.tcp_syncookies"),
        ("net.ipv4.icmp_ignore_bogus_error_messages", "net.ipv4.icmp_ignore_bogus_error_responses"),
        ("net.ipv4.netfilter.nf_conntrack_max", "net.netfilter.nf_conntrack_max"),
        ("net.ipv4.conf.eth0.rp_fliter", "net.ipv4.conf.eth0.rp_filter"),
        ("net.ipv4.rp_filter", "net.ipv4.conf.all.rp_filter"),
        ("fs.file_max", "fs.file-max"),
        ("kernel.shmax", "kernel.shmmax"),
        # Separators.
        ("net.ipv4_timestamps", "net.ipv4.tcp_timestamps"),
        ("net.core_somaxconn", "net.core.somaxconn"),
        ("net.ipv4tcp_fin_timeout", "net.ipv4.tcp_fin_timeout"),
        ("net.ipv4.tcp.fin_timeout", "net.ipv4.tcp_fin_timeout"),
        ("net_ipv4_tcp_syncookies", "net.ipv4.tcp_syncookies"),
        ("net.ipv4.ip.local.port.range", "net.ipv4.ip_local_port_range"),
        ("vm_swappiness", "vm.swappiness"),
        ("net.netfilter.nf.conntrack_max", "net.netfilter.nf_conntrack_max"),
        # Interfaces.
        ("net.ipv4.conf.eth0.7.rp_filter", "net.ipv4.conf.eth0/7.rp_filter"),
        ("net.ipv6.conf.bond0.101.disable_ipv6", "net.ipv6.conf.bond0/101.disable_ipv6"),
        ('net.ipv4.conf."eth1.20".arp_ignore', "net.ipv4.conf.eth1/20.arp_ignore"),
        ("net.ipv4.conf.br-lan.3.rp_fliter", "net.ipv4.conf.br-lan/3.rp_filter"),
        ("net.ipv4.conf.eth0_rp_filter", "net.ipv4.conf.eth0.rp_filter"),
        ("net.ipv4.neigh.eth0.100.gc_stale_time", "net.ipv4.neigh.eth0/100.gc_stale_time"),
        ("net.ipv4.conf_all_rp_filter", "net.ipv4.conf.all.rp_filter"),
        ("net.ipv4.conf.eth0.7.no_such_thing", None),
        ("net.ipv4.conf.wlp0S20.rp_fliter", "net.ipv4.conf.wlp0S20.rp_filter"),
        ("Net.IPv4.config.WAN.RP_Filter", "net.ipv4.conf.WAN.rp_filter"),
        ("net.ipv4.neigh.default.gcthresh1", "net.ipv4.neigh.default.gc_thresh1"),
        # Words in another order.
        ("net.ipv4.tcp_timeout_fin", "net.ipv4.tcp_fin_timeout"),
        ("net.core.max_somaxconn_backlog", None),
        # A name that only a pattern for anything would match.
        ("net.inet.tcp.sendspace", None),
        ("net.ipv4.netfilter.ip_conntrack_maximum", "net.ipv4.netfilter.ip_conntrack_max"),
        # Lost letters.
        ("et.ipv4.tcp_fin_timeout", "net.ipv4.tcp_fin_timeout"),
        ("ched_latency_ns", "kernel.sched_latency_ns"),
        ("ipv4.tcp_syncookies", "net.ipv4.tcp_syncookies"),
        ("ernel.pid_max", "kernel.pid_max"),
        ("m.max_map_count", "vm.max_map_count"),
        ("threshold", None),
        # Repeated or foreign beginnings.
        ("net.net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_fin_timeout"),
        ("net.ipv4.ipv4.tcp_fin_timeout", "net.ipv4.tcp_fin_timeout"),
        ("net.ipv4.net.ipv4.tcp_sack", "net.ipv4.tcp_sack"),
        ("net.ipv4.tcp_tcp_fin_timeout", "net.ipv4.tcp_fin_timeout"),
        ("sysctl.net.core.somaxconn", "net.core.somaxconn"),
        ("proc.sys.vm.swappiness", "vm.swappiness"),
        ("net.ipv4.net.core.rmem_max", "net.core.rmem_max"),
        # A parameter that no kernel has is never suggested.
        ("net.ipv4.tcp_user_timeouts", "net.ipv4.tcp_syn_linear_timeouts"),
        ("foo.bar", None),
        ("net.ipv4.tcp_frobnicate_quickly", None),
        ("completely.unrelated.thing", None),
        ("", None),
    ],
)
def test_nearest(mistaken: str, meant: str | None) -> None:
    assert nearest(mistaken) == meant


def test_nearest_includes_the_names_of_the_host() -> None:
    vlan = ["net.ipv4.conf.all.rp_filter", "net.ipv4.conf.bond0/101.rp_filter"]
    assert nearest("net.ipv4.conf.bond0.101.rp_filter", vlan) == vlan[1]
    assert nearest("net.sctp.rto_mni") is None
    assert nearest("net.sctp.rto_mni", ["net.sctp.rto_min"]) == "net.sctp.rto_min"


def test_nearest_is_never_the_name_itself() -> None:
    assert nearest("net.ipv4.tcp_rmem", ["net.ipv4.tcp_rmem"]) == "net.ipv4.tcp_mem"


def test_underscores_for_dots_and_a_repeated_beginning_are_understood() -> None:
    for name in catalogue.real_names():
        assert nearest(name.replace(".", "_")) == name
        assert nearest(f"net.{name}") in (name, f"net.{name}")
