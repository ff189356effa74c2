# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters that bound or displace one another.

RELATIONS, rows of (lower key, element, upper key, element): a write that would put lower above upper gets EINVAL.
ipv4_privileged_ports() and ipv4_local_port_range() in net/ipv4/sysctl_net_ipv4.c; ip4_frags_ns_ctl_register() in
net/ipv4/ip_fragment.c and its likes in net/ipv6/reassembly.c and net/ipv6/netfilter/nf_conntrack_reasm.c.
Stable kernels (6.1.192, 6.12.117, 6.18.44) hold tcp_reordering to tcp_max_reordering, which may itself be lowered.

COUNTERPARTS, pairs of one setting in two units: a write to either sets the other to 0, so that what was 0 is taken back
by writing the other. dirty_ratio_handler() and its likes in mm/page-writeback.c and mm/util.c.
"""

from __future__ import annotations

RELATIONS: tuple[tuple[str, int, str, int], ...] = (
    ("net.ipv4.ip_unprivileged_port_start", 0, "net.ipv4.ip_local_port_range", 0),
    ("net.ipv4.ipfrag_low_thresh", 0, "net.ipv4.ipfrag_high_thresh", 0),
    ("net.ipv4.tcp_reordering", 0, "net.ipv4.tcp_max_reordering", 0),
    ("net.ipv6.ip6frag_low_thresh", 0, "net.ipv6.ip6frag_high_thresh", 0),
    ("net.netfilter.nf_conntrack_frag6_low_thresh", 0, "net.netfilter.nf_conntrack_frag6_high_thresh", 0),
)

COUNTERPARTS: tuple[tuple[str, str], ...] = (
    ("vm.dirty_background_bytes", "vm.dirty_background_ratio"),
    ("vm.dirty_bytes", "vm.dirty_ratio"),
    ("vm.overcommit_kbytes", "vm.overcommit_ratio"),
)
