# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""net.ipv4.tcp_*, which serve IPv6 too: net/ipv4/sysctl_net_ipv4.c, Documentation/networking/ip-sysctl.rst, tcp(7)."""

from __future__ import annotations

ROWS = """
net.ipv4.tcp_abort_on_overflow               byte          0
    | 1 turns every short burst into resets that clients see.
net.ipv4.tcp_adv_win_scale                   int           1           low=-31 high=31
    | It has had no effect since Linux 6.6.
net.ipv4.tcp_allowed_congestion_control      words         -           machine
net.ipv4.tcp_app_win                         byte          31
net.ipv4.tcp_autocorking                     switch        1
net.ipv4.tcp_available_congestion_control    words         -           machine read_only
net.ipv4.tcp_available_ulp                   words         -           machine read_only
net.ipv4.tcp_backlog_ack_defer               switch        1
net.ipv4.tcp_base_mss                        int           1024
net.ipv4.tcp_challenge_ack_limit             int           -
net.ipv4.tcp_child_ehash_entries             int           0           low=0 high=16777216
    | Only namespaces made afterwards obey it.
net.ipv4.tcp_comp_sack_delay_ns              long          1000000
net.ipv4.tcp_comp_sack_nr                    int           44          low=0 high=255
net.ipv4.tcp_comp_sack_slack_ns              long          100000
net.ipv4.tcp_congestion_control              word          -
    | The kernel answers ENOENT when it does not know the algorithm.
net.ipv4.tcp_dsack                           byte          1
net.ipv4.tcp_early_demux                     byte          1
net.ipv4.tcp_early_retrans                   int           3           low=0 high=4
net.ipv4.tcp_ecn                             byte          2
net.ipv4.tcp_ecn_fallback                    byte          1
net.ipv4.tcp_ecn_option                      int           -           low=0 high=255
net.ipv4.tcp_ecn_option_beacon               int           -           low=0 high=255
net.ipv4.tcp_ehash_entries                   int           -           read_only
    | Its size is fixed at boot by thash_entries=.
net.ipv4.tcp_fack                            byte          0  | It has had no effect since Linux 4.15.
net.ipv4.tcp_fastopen                        int           1
net.ipv4.tcp_fastopen_blackhole_timeout_sec  int           -           low=0
net.ipv4.tcp_fastopen_key                    word          -           secret
net.ipv4.tcp_fin_timeout                     seconds       60
    | It ends orphaned FIN_WAIT2 only, never TIME_WAIT; 61 to 119 stand for 2 * (value - 60) seconds.
net.ipv4.tcp_frto                            byte          2
net.ipv4.tcp_fwmark_accept                   byte          0
net.ipv4.tcp_invalid_ratelimit               milliseconds  500
net.ipv4.tcp_keepalive_intvl                 seconds       75  | Only sockets that set SO_KEEPALIVE are probed.
net.ipv4.tcp_keepalive_probes                byte          9
    | 0 cuts off healthy idle connections without a probe.
net.ipv4.tcp_keepalive_time                  seconds       7200  | Only sockets that set SO_KEEPALIVE are probed.
net.ipv4.tcp_l3mdev_accept                   switch        0
net.ipv4.tcp_limit_output_bytes              int           -
net.ipv4.tcp_low_latency                     int           0           machine
    | It has had no effect since Linux 4.14.
net.ipv4.tcp_max_orphans                     int           -           machine raise_only
    | Orphans beyond it are reset.
net.ipv4.tcp_max_reordering                  int           300
net.ipv4.tcp_max_syn_backlog                 int           -
    | It counts only while tcp_syncookies is 0; see somaxconn.
net.ipv4.tcp_max_tw_buckets                  int           -
    | It must not be lowered: what finds the table full skips TIME_WAIT.
net.ipv4.tcp_mem                             vector        -
    low=0 high=18446744073709551615 count=3 machine raise_only
    | Its unit is the page, not the byte, and it holds for all network namespaces together.
net.ipv4.tcp_migrate_req                     switch        0
net.ipv4.tcp_min_rtt_wlen                    int           300         tightened=4.20:0:86400
net.ipv4.tcp_min_snd_mss                     int           48          low=48 high=65535
net.ipv4.tcp_min_tso_segs                    int           2           low=1 high=65535
net.ipv4.tcp_moderate_rcvbuf                 byte          1
net.ipv4.tcp_mtu_probe_floor                 int           48          low=48 high=65535
net.ipv4.tcp_mtu_probing                     byte          0
net.ipv4.tcp_no_metrics_save                 byte          0
net.ipv4.tcp_no_ssthresh_metrics_save        switch        1
net.ipv4.tcp_notsent_lowat                   unsigned      4294967295
net.ipv4.tcp_orphan_retries                  byte          0  | 0 stands for 8 retransmissions.
net.ipv4.tcp_pacing_ca_ratio                 int           120         low=0 high=1000
net.ipv4.tcp_pacing_ss_ratio                 int           200         low=0 high=1000
net.ipv4.tcp_pingpong_thresh                 int           1           low=1 high=255
net.ipv4.tcp_plb_cong_thresh                 int           128         low=0 high=256
net.ipv4.tcp_plb_enabled                     switch        0
net.ipv4.tcp_plb_idle_rehash_rounds          int           3           low=0 high=31
net.ipv4.tcp_plb_rehash_rounds               int           12          low=0 high=31
net.ipv4.tcp_plb_suspend_rto_sec             int           60          low=0 high=255
net.ipv4.tcp_probe_interval                  int           600
net.ipv4.tcp_probe_threshold                 int           8
net.ipv4.tcp_recovery                        byte          1
net.ipv4.tcp_reflect_tos                     switch        0
net.ipv4.tcp_reordering                      int           3
net.ipv4.tcp_retrans_collapse                byte          1
net.ipv4.tcp_retries1                        int           3           high=255 tightened=5.13:0:255
net.ipv4.tcp_retries2                        byte          15  | Sockets no process holds obey tcp_orphan_retries.
net.ipv4.tcp_rfc1337                         byte          0
net.ipv4.tcp_rmem                            vector        -           low=1 count=3
    | Its maximum is not bound by net.core.rmem_max.
net.ipv4.tcp_rto_max_ms                      int           120000      low=1000 high=120000
net.ipv4.tcp_rto_min_us                      int           200000      low=1
net.ipv4.tcp_sack                            byte          1
net.ipv4.tcp_shrink_window                   switch        0
net.ipv4.tcp_slow_start_after_idle           byte          1
net.ipv4.tcp_stdurg                          byte          0
net.ipv4.tcp_syn_linear_timeouts             int           4           low=0 high=127
net.ipv4.tcp_syn_retries                     int           6           low=1 high=127
net.ipv4.tcp_synack_retries                  byte          5
net.ipv4.tcp_syncookies                      byte          1
    | The key exists only in kernels built with CONFIG_SYN_COOKIES.
net.ipv4.tcp_thin_linear_timeouts            byte          0
net.ipv4.tcp_timestamps                      byte          1  | At 0 tcp_tw_reuse does nothing.
net.ipv4.tcp_tso_rtt_log                     byte          9
net.ipv4.tcp_tso_win_divisor                 byte          3
net.ipv4.tcp_tw_reuse                        int           2           low=0 high=2
    | It serves outgoing connections with tcp_timestamps.
net.ipv4.tcp_tw_reuse_delay                  int           1000        low=1 high=60000
    | Before Linux 6.14 it is one second, fixed.
net.ipv4.tcp_window_scaling                  byte          1
net.ipv4.tcp_wmem                            vector        -           low=1 count=3
    | Its maximum is not bound by net.core.wmem_max.
net.ipv4.tcp_workaround_signed_windows       byte          0
"""
