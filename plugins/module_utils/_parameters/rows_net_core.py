# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""net.core, net.mptcp, net.unix: net/core/sysctl_net_core.c, net/mptcp/ctrl.c, admin-guide/sysctl/net.rst."""

from __future__ import annotations

ROWS = """
net.core.bpf_jit_enable                    int           -        low=0 high=2 machine
net.core.bpf_jit_harden                    int           -        low=0 high=2 machine
net.core.bpf_jit_kallsyms                  switch        -        machine
net.core.bpf_jit_limit                     int           -        low=1 high=18446744073709551615 machine
net.core.busy_poll                         unsigned      0        machine
net.core.busy_read                         unsigned      0        machine
net.core.default_qdisc                     word          -        machine
    | Only interfaces that come up afterwards obey it.
net.core.dev_weight                        int           64       machine
net.core.dev_weight_rx_bias                int           1        machine
net.core.dev_weight_tx_bias                int           1        machine
net.core.devconf_inherit_init_net          int           0        machine
net.core.fb_tunnels_only_for_init_net      int           0        machine
net.core.flow_limit_cpu_bitmap             word          -        machine
net.core.flow_limit_table_len              int           4096     machine
net.core.gro_normal_batch                  int           8        low=1 machine
net.core.high_order_alloc_disable          switch        0        machine
net.core.max_skb_frags                     int           -        low=1 machine
net.core.mem_pcpu_rsv                      int           256      low=1 machine
net.core.message_burst                     int           10       machine
net.core.message_cost                      seconds       5        machine
net.core.netdev_budget                     int           300      machine
net.core.netdev_budget_usecs               int           -        low=0 machine
net.core.netdev_max_backlog                int           1000     machine
net.core.netdev_rss_key                    word          -        machine read_only
net.core.netdev_tstamp_prequeue            int           1        machine
net.core.netdev_unregister_timeout_secs    int           10       low=1 machine
net.core.optmem_max                        int           -        tightened=6.8:0:2147483647
    | It belongs to the machine before Linux 6.8.
net.core.rmem_default                      int           -        low=2048 machine
    | TCP sizes its buffers by tcp_rmem and tcp_wmem; this holds where a program asks for SO_RCVBUF or
      SO_SNDBUF.
net.core.rmem_max                          int           -        low=2048 machine
    | TCP sizes its buffers by tcp_rmem and tcp_wmem; this holds where a program asks for SO_RCVBUF or
      SO_SNDBUF.
net.core.rps_default_mask                  word          -  | Only interfaces that come up afterwards obey it.
net.core.rps_sock_flow_entries             milliseconds  0        high=536870912 machine
    | The kernel rounds it up to a power of two.
net.core.skb_defer_max                     int           -        low=0 machine
net.core.somaxconn                         int           -        low=0 raise_only
    | It bounds what a program asks of listen(); listeners that exist keep their queue until they listen anew.
net.core.tstamp_allow_data                 switch        1
net.core.txrehash                          switch        1
net.core.warnings                          int           0        machine
net.core.wmem_default                      int           -        low=4096 machine
    | TCP sizes its buffers by tcp_rmem and tcp_wmem; this holds where a program asks for SO_RCVBUF or
      SO_SNDBUF.
net.core.wmem_max                          int           -        low=4096 machine
    | TCP sizes its buffers by tcp_rmem and tcp_wmem; this holds where a program asks for SO_RCVBUF or
      SO_SNDBUF.
net.core.xfrm_acq_expires                  int           30
net.core.xfrm_aevent_etime                 unsigned      10
net.core.xfrm_aevent_rseqth                unsigned      2
net.core.xfrm_larval_drop                  int           1
net.mptcp.add_addr_timeout                 seconds       120
net.mptcp.allow_join_initial_addr_port     switch        1
net.mptcp.available_path_managers          words         -        read_only
net.mptcp.available_schedulers             words         -        read_only
net.mptcp.blackhole_timeout                int           3600     low=0
net.mptcp.checksum_enabled                 switch        0
net.mptcp.close_timeout                    seconds       60
net.mptcp.enabled                          switch        1
net.mptcp.path_manager                     word          kernel
net.mptcp.pm_type                          switch        0
net.mptcp.scheduler                        word          default
net.mptcp.stale_loss_cnt                   unsigned      4
net.mptcp.syn_retrans_before_tcp_fallback  int           2        low=0 high=255
net.unix.max_dgram_qlen                    int           10
"""
