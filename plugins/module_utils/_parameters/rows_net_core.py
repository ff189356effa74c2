# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""net.core, net.mptcp and net.unix.

Sources: net/core/sysctl_net_core.c, net/mptcp/ctrl.c, Documentation/admin-guide/sysctl/net.rst.
"""

from __future__ import annotations

ROWS = """
net.core.bpf_jit_enable                    int           -        low=0 high=2 host_wide
net.core.bpf_jit_harden                    int           -        low=0 high=2 host_wide
net.core.bpf_jit_kallsyms                  switch        -        host_wide
net.core.bpf_jit_limit                     int           -
    low=1 high=18446744073709551615 sure=1:1056964608 host_wide
net.core.busy_poll                         natural       0        since=3.11 host_wide
net.core.busy_read                         natural       0        host_wide
net.core.bypass_prot_mem                   switch        0        since=6.19
    | With 1, new sockets are not counted against tcp_mem.
net.core.default_qdisc                     word          -        since=3.12 host_wide
    | It applies only to interfaces that come up afterwards.
net.core.dev_weight                        int           64       bounds_since=7.3:1: host_wide
net.core.dev_weight_rx_bias                int           1        bounds_since=7.3:1: host_wide
net.core.dev_weight_tx_bias                int           1        bounds_since=7.3:1: host_wide
net.core.devconf_inherit_init_net          int           0        low=0 high=3 host_wide
net.core.fb_tunnels_only_for_init_net      int           0        low=0 high=2 host_wide
net.core.flow_limit_cpu_bitmap             word          -        host_wide
net.core.flow_limit_table_len              int           4096     host_wide low=1 high=1073741824
net.core.gro_normal_batch                  int           8        low=1 host_wide
net.core.high_order_alloc_disable          switch        0        host_wide
net.core.max_skb_frags                     int           -        low=1 high=45 sure=1:17 host_wide
net.core.mem_pcpu_rsv                      int           256      low=256 host_wide since=6.7 stable_since=6.1
net.core.message_burst                     int           10       host_wide
net.core.message_cost                      seconds       5        host_wide
net.core.netdev_budget                     int           300      host_wide
net.core.netdev_budget_usecs               natural       -        bounds_since=6.12:2000: since=4.12 host_wide
net.core.netdev_max_backlog                int           1000     default_since=2.6:1000 host_wide capacity
    ! ..0 hazard 1000: drops every packet that waits for a processor
net.core.netdev_rss_key                    word          -        host_wide read_only
net.core.netdev_tstamp_prequeue            int           1        host_wide
net.core.netdev_unregister_timeout_secs    int           10       low=1 high=3600 host_wide since=5.13
net.core.optmem_max                        int           -
    bounds_since=6.8:0: netns_since=6.8 default_since=2.6:20480;6.8:131072 capacity
    | Before Linux 6.8 it is host-wide.
net.core.qdisc_max_burst                   int           1000     since=6.19 host_wide
net.core.rmem_default                      int           -        low=2048 sure=2304:2147483647 host_wide
    | It limits buffers that a program sets with SO_RCVBUF or SO_SNDBUF; TCP otherwise uses tcp_rmem and
      tcp_wmem.
net.core.rmem_max                          int           -
    low=2048 sure=2304:2147483647 default_since=3.4:212992;6.18:4194304 host_wide capacity
    | It limits buffers that a program sets with SO_RCVBUF or SO_SNDBUF; TCP otherwise uses tcp_rmem and
      tcp_wmem.
net.core.rps_default_mask                  word          -        since=6.3
    | It applies only to interfaces that come up afterwards.
net.core.rps_sock_flow_entries             milliseconds  0        high=536870912 host_wide
    | The kernel rounds it up to a power of two.
net.core.skb_defer_max                     natural       -        host_wide since=5.19
net.core.somaxconn                         int           -
    low=0 default_since=2.6:128;5.4:4096 raise_only
    | It limits the backlog of listen(); existing listeners keep theirs until they call listen() again.
    ! 0..0 hazard 4096: leaves each listener room for one connection
    ! 65536.. invalid 65535 since=3.11 until=4.1: before Linux 4.1 it is at most 65535
net.core.tstamp_allow_data                 switch        1        netns_since=6.13
net.core.txq_reselection_ms                milliseconds  1000     since=6.19
net.core.txrehash                          switch        1        since=5.18
net.core.warnings                          int           0        host_wide
net.core.wmem_default                      int           -        low=4096 sure=4608:2147483647 host_wide
    | It limits buffers that a program sets with SO_RCVBUF or SO_SNDBUF; TCP otherwise uses tcp_rmem and
      tcp_wmem.
net.core.wmem_max                          int           -
    low=4096 sure=4608:2147483647 default_since=3.4:212992;6.18:4194304 host_wide capacity
    | It limits buffers that a program sets with SO_RCVBUF or SO_SNDBUF; TCP otherwise uses tcp_rmem and
      tcp_wmem.
net.core.xfrm_acq_expires                  int           30
net.core.xfrm_aevent_etime                 unsigned      10
net.core.xfrm_aevent_rseqth                unsigned      2
net.core.xfrm_larval_drop                  int           1
net.mptcp.add_addr_timeout                 seconds       120      since=5.12
net.mptcp.add_addr_v6_port_drop_ts         int           -        low=0 high=255 sure=0:1 since=7.0
net.mptcp.allow_join_initial_addr_port     switch        1        since=5.14
net.mptcp.available_path_managers          words         -        read_only since=6.15
net.mptcp.available_schedulers             words         -        read_only since=6.11
net.mptcp.blackhole_timeout                natural       3600     since=6.12
net.mptcp.checksum_enabled                 switch        0        since=5.14
net.mptcp.close_timeout                    seconds       60       since=6.12
net.mptcp.enabled                          switch        1        since=5.6
net.mptcp.path_manager                     word          kernel   since=6.15
net.mptcp.pm_type                          switch        0        since=5.19
net.mptcp.scheduler                        word          default  since=6.6
net.mptcp.stale_loss_cnt                   unsigned      4        since=5.15
net.mptcp.syn_retrans_before_tcp_fallback  int           2        low=0 high=255 since=6.15
net.unix.max_dgram_qlen                    int           10       bounds_since=7.3:0: capacity
"""
