# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that guides still give although the kernel has them no more: why, and what to use instead.

Sources: the kernel's history, tcp(7), Documentation/networking/nf_conntrack-sysctl.rst.
"""

from __future__ import annotations

from .parameter import MACHINE, NETNS
from .parameter_shapes import integer

_IP_CONNTRACK = """
buckets checksum count generic_timeout icmp_timeout log_invalid max tcp_be_liberal tcp_loose tcp_max_retrans
tcp_timeout_close tcp_timeout_close_wait tcp_timeout_established tcp_timeout_fin_wait tcp_timeout_last_ack
tcp_timeout_max_retrans tcp_timeout_syn_recv tcp_timeout_syn_sent tcp_timeout_time_wait udp_timeout udp_timeout_stream
"""
_ONE_TABLE = ("buckets", "max")
_RENAMED = "The nf_conntrack names replaced the IPv4 ones for good in Linux 4.9."
_SCHED = "It moved to /sys/kernel/debug/sched in Linux 5.13 and is no kernel parameter any more."

ROWS = (
    integer("kernel.sched_latency_ns", scope=MACHINE, removed="5.13", note=_SCHED),
    integer("kernel.sched_migration_cost_ns", scope=MACHINE, removed="5.13", note=_SCHED),
    integer("kernel.sched_min_granularity_ns", scope=MACHINE, removed="5.13", note=_SCHED),
    integer("kernel.sched_wakeup_granularity_ns", scope=MACHINE, removed="5.13", note=_SCHED),
    integer(
        "net.ipv4.ip_conntrack_max",
        scope=MACHINE,
        removed="4.9",
        renamed_to="net.netfilter.nf_conntrack_max",
        note=_RENAMED,
    ),
    *(
        integer(
            f"net.ipv4.netfilter.ip_conntrack_{name}",
            scope=MACHINE if name in _ONE_TABLE else NETNS,
            removed="4.9",
            renamed_to=f"net.netfilter.nf_conntrack_{name}",
            note=_RENAMED,
        )
        for name in _IP_CONNTRACK.split()
    ),
    integer("net.ipv4.tcp_abc", scope=MACHINE, removed="3.9", note="The kernel always counts bytes."),
    integer("net.ipv4.tcp_cookie_size", scope=MACHINE, removed="3.10", note="TCP cookie transactions were given up."),
    integer("net.ipv4.tcp_dma_copybreak", scope=MACHINE, removed="3.18", note="Receiving by DMA engine was given up."),
    integer("net.ipv4.tcp_frto_response", scope=MACHINE, removed="3.10", note="F-RTO needs no choice any more."),
    integer("net.ipv4.tcp_max_ssthresh", scope=MACHINE, removed="3.13", note="Hybrid slow start does its work."),
    integer("net.ipv4.tcp_rx_skb_cache", scope=MACHINE, removed="5.16", note="Its cache was given up."),
    integer("net.ipv4.tcp_thin_dupack", removed="4.11", note="Loss detection by time (RACK) does its work."),
    integer(
        "net.ipv4.tcp_tw_recycle",
        scope=MACHINE,
        default="0",
        removed="4.12",
        note="It dropped clients behind NAT and has no successor; tcp_tw_reuse serves outgoing connections.",
    ),
    integer("net.ipv4.tcp_tx_skb_cache", scope=MACHINE, removed="5.16", note="Its cache was given up."),
    integer("net.ipv4.tcp_user_timeout", removed="0", note="It is a socket option, TCP_USER_TIMEOUT, no parameter."),
    integer(
        "net.netfilter.nf_conntrack_helper",
        "0",
        module="nf_conntrack",
        removed="6.1",
        note="Helpers are assigned by firewall rules, with the CT target or nft's ct helper.",
    ),
)
