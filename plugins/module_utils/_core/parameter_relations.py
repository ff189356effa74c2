# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters that bound or change one another.

RELATIONS, rows of (lower key, element, upper key, element): a write that would put lower above upper gets EINVAL.
ipv4_privileged_ports() and ipv4_local_port_range() in net/ipv4/sysctl_net_ipv4.c; ip4_frags_ns_ctl_register() in
net/ipv4/ip_fragment.c and its likes in net/ipv6/reassembly.c and net/ipv6/netfilter/nf_conntrack_reasm.c.
tcp_max_reordering bounds tcp_reordering in 6.18 and in stable kernels since 2025; it may itself be lowered at any time.

COUPLED, pairs of keys: a write to either changes what the other reads. dirty_ratio_handler() and its likes in
mm/page-writeback.c and mm/util.c set the counterpart to 0; devinet_sysctl_forward() in net/ipv4/devinet.c;
nf_conntrack_max has two names in net/netfilter/nf_conntrack_standalone.c; ipv6_sysctl_rtcache in net/ipv6/route.c.
"""

from __future__ import annotations

RELATIONS: tuple[tuple[str, int, str, int], ...] = (
    ("net.ipv4.ip_unprivileged_port_start", 0, "net.ipv4.ip_local_port_range", 0),
    ("net.ipv4.ipfrag_low_thresh", 0, "net.ipv4.ipfrag_high_thresh", 0),
    ("net.ipv4.tcp_reordering", 0, "net.ipv4.tcp_max_reordering", 0),
    ("net.ipv6.ip6frag_low_thresh", 0, "net.ipv6.ip6frag_high_thresh", 0),
    ("net.netfilter.nf_conntrack_frag6_low_thresh", 0, "net.netfilter.nf_conntrack_frag6_high_thresh", 0),
)

COUPLED: tuple[tuple[str, str], ...] = (
    ("net.ipv4.conf.all.forwarding", "net.ipv4.ip_forward"),
    ("net.ipv6.route.gc_min_interval", "net.ipv6.route.gc_min_interval_ms"),
    ("net.netfilter.nf_conntrack_max", "net.nf_conntrack_max"),
    ("vm.dirty_background_bytes", "vm.dirty_background_ratio"),
    ("vm.dirty_bytes", "vm.dirty_ratio"),
    ("vm.overcommit_kbytes", "vm.overcommit_ratio"),
)
