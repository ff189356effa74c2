# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that guides still give although the kernel has them no more: why, and what to use instead.

Sources: the kernel's history, tcp(7), Documentation/networking/nf_conntrack-sysctl.rst.
"""

from __future__ import annotations

ROWS = """
kernel.sched_latency_ns                                  int  -  machine removed=5.13
    | It moved to /sys/kernel/debug/sched in Linux 5.13 and is no kernel parameter any more.
kernel.sched_migration_cost_ns                           int  -  machine removed=5.13
    | It moved to /sys/kernel/debug/sched in Linux 5.13 and is no kernel parameter any more.
kernel.sched_min_granularity_ns                          int  -  machine removed=5.13
    | It moved to /sys/kernel/debug/sched in Linux 5.13 and is no kernel parameter any more.
kernel.sched_wakeup_granularity_ns                       int  -  machine removed=5.13
    | It moved to /sys/kernel/debug/sched in Linux 5.13 and is no kernel parameter any more.
net.ipv4.ip_conntrack_max                                int  -
    machine removed=4.9 renamed_to=net.netfilter.nf_conntrack_max
net.ipv4.netfilter.ip_conntrack_buckets                  int  -
    machine removed=4.9 renamed_to=net.netfilter.nf_conntrack_buckets
net.ipv4.netfilter.ip_conntrack_checksum                 int  -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_checksum
net.ipv4.netfilter.ip_conntrack_count                    int  -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_count
net.ipv4.netfilter.ip_conntrack_generic_timeout          int  -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_generic_timeout
net.ipv4.netfilter.ip_conntrack_icmp_timeout             int  -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_icmp_timeout
net.ipv4.netfilter.ip_conntrack_log_invalid              int  -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_log_invalid
net.ipv4.netfilter.ip_conntrack_max                      int  -
    machine removed=4.9 renamed_to=net.netfilter.nf_conntrack_max
net.ipv4.netfilter.ip_conntrack_tcp_be_liberal           int  -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_tcp_be_liberal
net.ipv4.netfilter.ip_conntrack_tcp_loose                int  -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_tcp_loose
net.ipv4.netfilter.ip_conntrack_tcp_max_retrans          int  -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_tcp_max_retrans
net.ipv4.netfilter.ip_conntrack_tcp_timeout_close        int  -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_tcp_timeout_close
net.ipv4.netfilter.ip_conntrack_tcp_timeout_close_wait   int  -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_tcp_timeout_close_wait
net.ipv4.netfilter.ip_conntrack_tcp_timeout_established  int  -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_tcp_timeout_established
net.ipv4.netfilter.ip_conntrack_tcp_timeout_fin_wait     int  -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_tcp_timeout_fin_wait
net.ipv4.netfilter.ip_conntrack_tcp_timeout_last_ack     int  -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_tcp_timeout_last_ack
net.ipv4.netfilter.ip_conntrack_tcp_timeout_max_retrans  int  -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_tcp_timeout_max_retrans
net.ipv4.netfilter.ip_conntrack_tcp_timeout_syn_recv     int  -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_tcp_timeout_syn_recv
net.ipv4.netfilter.ip_conntrack_tcp_timeout_syn_sent     int  -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_tcp_timeout_syn_sent
net.ipv4.netfilter.ip_conntrack_tcp_timeout_time_wait    int  -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_tcp_timeout_time_wait
net.ipv4.netfilter.ip_conntrack_udp_timeout              int  -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_udp_timeout
net.ipv4.netfilter.ip_conntrack_udp_timeout_stream       int  -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_udp_timeout_stream
net.ipv4.tcp_abc                                         int  -  machine removed=3.9
    | The kernel always counts bytes.
net.ipv4.tcp_cookie_size                                 int  -  machine removed=3.10
    | TCP cookie transactions were given up.
net.ipv4.tcp_dma_copybreak                               int  -  machine removed=3.18
    | Receiving by DMA engine was given up.
net.ipv4.tcp_frto_response                               int  -  machine removed=3.10
    | F-RTO needs no choice any more.
net.ipv4.tcp_max_ssthresh                                int  -  machine removed=3.13
    | Hybrid slow start does its work.
net.ipv4.tcp_rx_skb_cache                                int  -  machine removed=5.16  | Its cache was given up.
net.ipv4.tcp_thin_dupack                                 int  -  removed=4.11
    | Loss detection by time (RACK) does its work.
net.ipv4.tcp_tw_recycle                                  int  0  machine removed=4.12
    | It dropped clients behind NAT and has no successor; tcp_tw_reuse serves outgoing connections.
net.ipv4.tcp_tx_skb_cache                                int  -  machine removed=5.16  | Its cache was given up.
net.ipv4.tcp_user_timeout                                int  -  removed=0
    | It is a socket option, TCP_USER_TIMEOUT, no parameter.
net.netfilter.nf_conntrack_helper                        int  0  removed=6.1 module=nf_conntrack
    | Helpers are assigned by firewall rules, with the CT target or nft's ct helper.
"""
