# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""net.core, net.mptcp, net.unix: net/core/sysctl_net_core.c, net/mptcp/ctrl.c, admin-guide/sysctl/net.rst."""

from __future__ import annotations

from .parameter import MACHINE, Parameter
from .parameter_shapes import INT_MAX, integer, long, seconds, switch, unsigned, word

_SOCKETS = "TCP sizes its buffers by tcp_rmem and tcp_wmem; this holds where a program asks for SO_RCVBUF or SO_SNDBUF."
_POWER = "The kernel rounds it up to a power of two."
_NEW_DEVICES = "Only interfaces that come up afterwards obey it."

ROWS = (
    integer("net.core.bpf_jit_enable", None, 0, 2, scope=MACHINE),
    integer("net.core.bpf_jit_harden", None, 0, 2, scope=MACHINE),
    switch("net.core.bpf_jit_kallsyms", scope=MACHINE),
    long("net.core.bpf_jit_limit", None, 1, scope=MACHINE),
    unsigned("net.core.busy_poll", "0", scope=MACHINE),
    unsigned("net.core.busy_read", "0", scope=MACHINE),
    word("net.core.default_qdisc", scope=MACHINE, note=_NEW_DEVICES),
    integer("net.core.dev_weight", "64", scope=MACHINE),
    integer("net.core.dev_weight_rx_bias", "1", scope=MACHINE),
    integer("net.core.dev_weight_tx_bias", "1", scope=MACHINE),
    integer("net.core.devconf_inherit_init_net", "0", scope=MACHINE),
    integer("net.core.fb_tunnels_only_for_init_net", "0", scope=MACHINE),
    word("net.core.flow_limit_cpu_bitmap", scope=MACHINE),
    integer("net.core.flow_limit_table_len", "4096", scope=MACHINE),
    integer("net.core.gro_normal_batch", "8", 1, scope=MACHINE),
    switch("net.core.high_order_alloc_disable", "0", scope=MACHINE),
    integer("net.core.max_skb_frags", None, 1, scope=MACHINE),
    integer("net.core.mem_pcpu_rsv", "256", 1, scope=MACHINE),
    integer("net.core.message_burst", "10", scope=MACHINE),
    seconds("net.core.message_cost", "5", scope=MACHINE),
    integer("net.core.netdev_budget", "300", scope=MACHINE),
    integer("net.core.netdev_budget_usecs", None, 0, scope=MACHINE),
    integer("net.core.netdev_max_backlog", "1000", scope=MACHINE),
    word("net.core.netdev_rss_key", scope=MACHINE, writable=False),
    integer("net.core.netdev_tstamp_prequeue", "1", scope=MACHINE),
    integer("net.core.netdev_unregister_timeout_secs", "10", 1, scope=MACHINE),
    integer("net.core.optmem_max", tightened=("6.8", 0, INT_MAX), note="It belongs to the machine before Linux 6.8."),
    integer("net.core.rmem_default", None, 2048, scope=MACHINE, note=_SOCKETS),
    integer("net.core.rmem_max", None, 2048, scope=MACHINE, note=_SOCKETS),
    word("net.core.rps_default_mask", note=_NEW_DEVICES),
    integer("net.core.rps_sock_flow_entries", "0", 0, 2**29, scope=MACHINE, rounds=True, note=_POWER),
    integer("net.core.skb_defer_max", None, 0, scope=MACHINE),
    integer(
        "net.core.somaxconn",
        None,
        0,
        raise_only=True,
        note="It bounds what a program asks of listen(); listeners that exist keep their queue until they listen anew.",
    ),
    switch("net.core.tstamp_allow_data", "1"),
    switch("net.core.txrehash", "1"),
    integer("net.core.warnings", "0", scope=MACHINE),
    integer("net.core.wmem_default", None, 4096, scope=MACHINE, note=_SOCKETS),
    integer("net.core.wmem_max", None, 4096, scope=MACHINE, note=_SOCKETS),
    integer("net.core.xfrm_acq_expires", "30"),
    unsigned("net.core.xfrm_aevent_etime", "10"),
    unsigned("net.core.xfrm_aevent_rseqth", "2"),
    integer("net.core.xfrm_larval_drop", "1"),
    seconds("net.mptcp.add_addr_timeout", "120"),
    switch("net.mptcp.allow_join_initial_addr_port", "1"),
    Parameter("net.mptcp.available_path_managers", "words", writable=False),
    Parameter("net.mptcp.available_schedulers", "words", writable=False),
    integer("net.mptcp.blackhole_timeout", "3600", 0),
    switch("net.mptcp.checksum_enabled", "0"),
    seconds("net.mptcp.close_timeout", "60"),
    switch("net.mptcp.enabled", "1"),
    word("net.mptcp.path_manager", "kernel"),
    integer("net.mptcp.pm_type", "0", 0, 1),
    word("net.mptcp.scheduler", "default"),
    unsigned("net.mptcp.stale_loss_cnt", "4"),
    integer("net.mptcp.syn_retrans_before_tcp_fallback", "2", 0, 255),
    integer("net.unix.max_dgram_qlen", "10"),
)
