# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters that the kernel no longer has but that guides still recommend.

Sources: the kernel's history, tcp(7), Documentation/networking/nf_conntrack-sysctl.rst.
"""

from __future__ import annotations

ROWS = """
kernel.sched_latency_ns                                  int      -  low=100000 high=1000000000 removed=5.13 host_wide
    | It moved to /sys/kernel/debug/sched and is no longer a kernel parameter.
kernel.sched_migration_cost_ns                           int      -  removed=5.13 host_wide
    | It moved to /sys/kernel/debug/sched and is no longer a kernel parameter.
kernel.sched_min_granularity_ns                          int      -  low=100000 high=1000000000 removed=5.13 host_wide
    | It moved to /sys/kernel/debug/sched and is no longer a kernel parameter.
kernel.sched_wakeup_granularity_ns                       int      -  low=0 high=1000000000 removed=5.13 host_wide
    | It moved to /sys/kernel/debug/sched and is no longer a kernel parameter.
net.ipv4.ip_conntrack_max                                int      -
    removed=4.9 host_wide renamed_to=net.netfilter.nf_conntrack_max
net.ipv4.netfilter.ip_conntrack_buckets                  int      -
    removed=4.9 host_wide renamed_to=net.netfilter.nf_conntrack_buckets
net.ipv4.netfilter.ip_conntrack_checksum                 int      -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_checksum
net.ipv4.netfilter.ip_conntrack_count                    int      -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_count
net.ipv4.netfilter.ip_conntrack_generic_timeout          int      -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_generic_timeout
net.ipv4.netfilter.ip_conntrack_icmp_timeout             int      -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_icmp_timeout
net.ipv4.netfilter.ip_conntrack_log_invalid              int      -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_log_invalid
net.ipv4.netfilter.ip_conntrack_max                      int      -
    removed=4.9 host_wide renamed_to=net.netfilter.nf_conntrack_max
net.ipv4.netfilter.ip_conntrack_tcp_be_liberal           int      -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_tcp_be_liberal
net.ipv4.netfilter.ip_conntrack_tcp_loose                int      -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_tcp_loose
net.ipv4.netfilter.ip_conntrack_tcp_max_retrans          int      -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_tcp_max_retrans
net.ipv4.netfilter.ip_conntrack_tcp_timeout_close        int      -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_tcp_timeout_close
net.ipv4.netfilter.ip_conntrack_tcp_timeout_close_wait   int      -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_tcp_timeout_close_wait
net.ipv4.netfilter.ip_conntrack_tcp_timeout_established  int      -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_tcp_timeout_established
net.ipv4.netfilter.ip_conntrack_tcp_timeout_fin_wait     int      -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_tcp_timeout_fin_wait
net.ipv4.netfilter.ip_conntrack_tcp_timeout_last_ack     int      -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_tcp_timeout_last_ack
net.ipv4.netfilter.ip_conntrack_tcp_timeout_max_retrans  int      -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_tcp_timeout_max_retrans
net.ipv4.netfilter.ip_conntrack_tcp_timeout_syn_recv     int      -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_tcp_timeout_syn_recv
net.ipv4.netfilter.ip_conntrack_tcp_timeout_syn_sent     int      -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_tcp_timeout_syn_sent
net.ipv4.netfilter.ip_conntrack_tcp_timeout_time_wait    int      -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_tcp_timeout_time_wait
net.ipv4.netfilter.ip_conntrack_udp_timeout              int      -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_udp_timeout
net.ipv4.netfilter.ip_conntrack_udp_timeout_stream       int      -
    removed=4.9 renamed_to=net.netfilter.nf_conntrack_udp_timeout_stream
net.ipv4.tcp_abc                                         int      -  removed=3.9 host_wide
    | The kernel always counts bytes.
net.ipv4.tcp_cookie_size                                 int      -  removed=3.10 host_wide
    | TCP cookie transactions were removed.
net.ipv4.tcp_dma_copybreak                               int      -  removed=3.18 host_wide
    | Receive offload to a DMA engine was removed.
net.ipv4.tcp_frto_response                               int      -  removed=3.10 host_wide
    | F-RTO no longer has variants.
net.ipv4.tcp_max_ssthresh                                int      -  removed=3.13 host_wide
    | Hybrid slow start replaces it.
net.ipv4.tcp_rx_skb_cache                                int      -  low=0 high=1 removed=5.16 host_wide
    | The cache was removed.
net.ipv4.tcp_thin_dupack                                 int      -  removed=4.11
    | Time-based loss detection (RACK) replaces it.
net.ipv4.tcp_tw_recycle                                  int      0  removed=4.12 host_wide hazard=tw_recycle
    | It dropped clients behind NAT and has no replacement; for outgoing connections use tcp_tw_reuse.
    ! ..-1 hazard 0: drops clients behind NAT and load balancers
    ! 1.. hazard 0: drops clients behind NAT and load balancers
net.ipv4.tcp_tx_skb_cache                                int      -  low=0 high=1 removed=5.16 host_wide
    | The cache was removed.
net.ipv4.tcp_user_timeout                                int      -  removed=0
    | TCP_USER_TIMEOUT is a socket option.
net.netfilter.nf_conntrack_dccp_loose                    int      1
    bounds_since=5.3:0:1 removed=6.17 module=nf_conntrack
    | Linux no longer has DCCP.
net.netfilter.nf_conntrack_dccp_timeout_closereq         seconds  -  removed=6.17 module=nf_conntrack
    | Linux no longer has DCCP.
net.netfilter.nf_conntrack_dccp_timeout_closing          seconds  -  removed=6.17 module=nf_conntrack
    | Linux no longer has DCCP.
net.netfilter.nf_conntrack_dccp_timeout_open             seconds  -  removed=6.17 module=nf_conntrack
    | Linux no longer has DCCP.
net.netfilter.nf_conntrack_dccp_timeout_partopen         seconds  -  removed=6.17 module=nf_conntrack
    | Linux no longer has DCCP.
net.netfilter.nf_conntrack_dccp_timeout_request          seconds  -  removed=6.17 module=nf_conntrack
    | Linux no longer has DCCP.
net.netfilter.nf_conntrack_dccp_timeout_respond          seconds  -  removed=6.17 module=nf_conntrack
    | Linux no longer has DCCP.
net.netfilter.nf_conntrack_dccp_timeout_timewait         seconds  -  removed=6.17 module=nf_conntrack
    | Linux no longer has DCCP.
net.netfilter.nf_conntrack_helper                        int      0
    bounds_since=5.3:0:1 since=3.5 removed=6.1 module=nf_conntrack
    | Assign helpers with firewall rules instead: the CT target or nft's ct helper.
"""
