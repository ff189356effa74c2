# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""net.ipv4.tcp_*, which apply to IPv6 as well.

Sources: net/ipv4/sysctl_net_ipv4.c, Documentation/networking/ip-sysctl.rst, tcp(7), CVE-2016-5696.
"""

from __future__ import annotations

ROWS = """
net.ipv4.tcp_abort_on_overflow               byte          0
    ! 1.. hazard 0: turns every short burst into resets for clients
net.ipv4.tcp_adv_win_scale                   int           1           low=-31 high=31 idle_since=6.6
net.ipv4.tcp_allowed_congestion_control      words         -           host_wide
net.ipv4.tcp_app_win                         byte          31          bounds_since=6.4:0:31
net.ipv4.tcp_autocorking                     switch        1           since=3.14
net.ipv4.tcp_available_congestion_control    words         -           host_wide read_only
net.ipv4.tcp_available_ulp                   words         -           host_wide read_only
net.ipv4.tcp_backlog_ack_defer               switch        1           since=6.7
net.ipv4.tcp_base_mss                        int           1024
net.ipv4.tcp_challenge_ack_limit             int           -           since=3.6
    ! 0..999 hazard -: lets attackers find and reset connections (CVE-2016-5696)
net.ipv4.tcp_child_ehash_entries             int           0           low=0 high=16777216 since=6.1
    | It applies only to network namespaces created afterwards.
net.ipv4.tcp_comp_sack_delay_ns              long          1000000     since=4.18
net.ipv4.tcp_comp_sack_nr                    int           44          low=0 high=255 since=4.18
net.ipv4.tcp_comp_sack_rtt_percent           int           33          low=1 high=1000 since=6.19
net.ipv4.tcp_comp_sack_slack_ns              long          -           since=5.8 default_since=5.8:100000;6.19:10000
net.ipv4.tcp_congestion_control              word          -
    | The kernel returns ENOENT for an unknown algorithm.
net.ipv4.tcp_dsack                           byte          1
net.ipv4.tcp_early_demux                     unsigned      1           bounds_since=5.13:0:255
net.ipv4.tcp_early_retrans                   int           3           low=0 high=4
net.ipv4.tcp_ecn                             byte          2           bounds_since=5.19:0:2;6.19:0:5
net.ipv4.tcp_ecn_fallback                    byte          1           bounds_since=6.1:0:1 since=4.2
net.ipv4.tcp_ecn_option                      int           -
    low=0 high=3 sure=0:2 bounds_since=7.3:0:3 since=6.18
net.ipv4.tcp_ecn_option_beacon               int           -
    low=0 high=3 sure=0:2 bounds_since=7.3:0:3 since=6.18
net.ipv4.tcp_ehash_entries                   int           -           read_only
    | The boot option thash_entries= sets it.
net.ipv4.tcp_fack                            byte          0           idle_since=4.15
net.ipv4.tcp_fastopen                        int           1           since=3.6
net.ipv4.tcp_fastopen_blackhole_timeout_sec  natural       -
net.ipv4.tcp_fastopen_key                    word          -           secret
net.ipv4.tcp_fin_timeout                     seconds       60
    | It only affects orphaned FIN_WAIT2 sockets, never TIME_WAIT; 61 to 119 mean 2 * (value - 60) seconds.
    ! ..0 hazard 30: ends orphaned FIN_WAIT2 while the peer is still sending
    ! 1..4 hazard 15: resets slow peers that still send their last data
net.ipv4.tcp_frto                            byte          2
net.ipv4.tcp_fwmark_accept                   byte          0
net.ipv4.tcp_invalid_ratelimit               milliseconds  500
net.ipv4.tcp_keepalive_intvl                 seconds       75
    | Only sockets that set SO_KEEPALIVE are probed.
    ! ..0 hazard 75: leaves no time for an answer
net.ipv4.tcp_keepalive_probes                byte          9
    ! 0..0 hazard 9: closes healthy idle connections without a probe
net.ipv4.tcp_keepalive_time                  seconds       7200
    | Only sockets that set SO_KEEPALIVE are probed.
    ! ..-1 hazard 7200: keepalive never probes
    ! 0..9 hazard 600: probes connections that are hardly idle
net.ipv4.tcp_l3mdev_accept                   switch        0
net.ipv4.tcp_limit_output_bytes              int           -           since=3.6
net.ipv4.tcp_low_latency                     int           0           idle_since=4.14 host_wide
net.ipv4.tcp_max_orphans                     int           -
    host_wide by_memory=262144:262144 raise_only
    | Orphans beyond the limit are reset.
    ! ..0 hazard -: resets connections that still deliver data
net.ipv4.tcp_max_reordering                  int           300         bounds_since=7.3:1: since=3.19
net.ipv4.tcp_max_syn_backlog                 int           -           capacity
    | It is used only while tcp_syncookies is 0; see somaxconn.
net.ipv4.tcp_max_tw_buckets                  int           -
    by_memory=262144:262144 capacity hazard=tw_buckets_lowered
    | Do not lower it: connections that find the table full skip TIME_WAIT.
    ! ..0 hazard 262144: without TIME_WAIT, late segments reach later connections
net.ipv4.tcp_mem                             vector        -
    low=0 high=18446744073709551615 count=3 host_wide raise_only
    | Its unit is the page, not the byte, and it applies to all network namespaces together.
net.ipv4.tcp_migrate_req                     switch        0           since=5.14 stable_since=5.10
net.ipv4.tcp_min_rtt_wlen                    int           300         bounds_since=4.20:0:86400
net.ipv4.tcp_min_snd_mss                     int           48          low=48 high=65535 since=5.2
net.ipv4.tcp_min_tso_segs                    int           2           low=1 high=65535 bounds_since=5.13:1:255
net.ipv4.tcp_moderate_rcvbuf                 byte          1
    ! 0..0 hazard 1: receive windows stay at the default of tcp_rmem
net.ipv4.tcp_mtu_probe_floor                 int           48          low=48 high=65535 since=5.4
net.ipv4.tcp_mtu_probing                     byte          0
net.ipv4.tcp_no_metrics_save                 byte          0
net.ipv4.tcp_no_ssthresh_metrics_save        switch        1           since=5.6
net.ipv4.tcp_notsent_lowat                   unsigned      4294967295  since=3.12
net.ipv4.tcp_orphan_retries                  byte          0
    | 0 means 8 retransmissions.
net.ipv4.tcp_pacing_ca_ratio                 int           120         low=0 high=1000
net.ipv4.tcp_pacing_ss_ratio                 int           200         low=0 high=1000
net.ipv4.tcp_pingpong_thresh                 int           1           low=1 high=255 since=6.7
net.ipv4.tcp_plb_cong_thresh                 int           128         low=0 high=256 since=6.2
net.ipv4.tcp_plb_enabled                     switch        0           since=6.2
net.ipv4.tcp_plb_idle_rehash_rounds          int           3           low=0 high=31 since=6.2
net.ipv4.tcp_plb_rehash_rounds               int           12          low=0 high=31 since=6.2
net.ipv4.tcp_plb_suspend_rto_sec             int           60          low=0 high=255 since=6.2
net.ipv4.tcp_probe_interval                  int           600         low=0 high=42949672 sure=0:4294967
net.ipv4.tcp_probe_threshold                 int           8
net.ipv4.tcp_rcvbuf_low_rtt                  natural       1000        since=6.19
    | Its unit is the microsecond.
net.ipv4.tcp_recovery                        byte          1
net.ipv4.tcp_reflect_tos                     switch        0           since=5.10
net.ipv4.tcp_reordering                      int           3
    bounds_since=7.3:1: at_most=net.ipv4.tcp_max_reordering at_most_varies
net.ipv4.tcp_retrans_collapse                byte          1
net.ipv4.tcp_retries1                        int           3           high=255 bounds_since=5.13:0:255
net.ipv4.tcp_retries2                        byte          15
    | Orphaned sockets use tcp_orphan_retries instead.
net.ipv4.tcp_rfc1337                         byte          0
net.ipv4.tcp_rmem                            vector        -
    low=1 count=3 bounds_since=7.3:4096: capacity default_since=4.20:4096,131072,6291456;6.16:4096,131072,33554432
    | net.core.rmem_max does not limit its maximum.
net.ipv4.tcp_rto_max_ms                      int           120000      low=1000 high=120000 since=6.15
net.ipv4.tcp_rto_min_us                      int           200000      low=1 since=6.11
net.ipv4.tcp_sack                            byte          1
    ! 0..0 hazard 1: each loss costs more round trips; use it in emergencies only
net.ipv4.tcp_shrink_window                   switch        0           since=6.5 stable_since=6.1
net.ipv4.tcp_slow_start_after_idle           byte          1
net.ipv4.tcp_stdurg                          byte          0
net.ipv4.tcp_syn_linear_timeouts             int           4           low=0 high=127 since=6.5
net.ipv4.tcp_syn_retries                     int           6           low=1 high=127
net.ipv4.tcp_synack_retries                  byte          5
    ! 0..0 hazard 2: one lost SYN-ACK turns the client away
net.ipv4.tcp_syncookies                      byte          1
    | The key exists only in kernels built with CONFIG_SYN_COOKIES.
    ! 0..0 hazard 1: a small SYN flood keeps all clients out
    ! 2.. hazard 1 since=3.12: always sends cookies, so clients lose TCP options
net.ipv4.tcp_thin_linear_timeouts            byte          0           since=2.6.34
net.ipv4.tcp_timestamps                      byte          1
    | With 0, tcp_tw_reuse has no effect.
    ! 0..0 hazard 1: switches off PAWS and tcp_tw_reuse
net.ipv4.tcp_tso_rtt_log                     byte          9           bounds_since=7.3:0:31 since=5.18
net.ipv4.tcp_tso_win_divisor                 byte          3
net.ipv4.tcp_tw_reuse                        int           2           low=0 high=2
    | It only affects outgoing connections, and needs tcp_timestamps.
    ! 2..2 ok = until=4.18: before Linux 4.18, 2 means 1
net.ipv4.tcp_tw_reuse_delay                  int           1000        low=1 high=60000 since=6.14
    | Before Linux 6.14 the delay is always one second.
net.ipv4.tcp_window_scaling                  byte          1
    ! 0..0 hazard 1: no window grows beyond 64 KiB
net.ipv4.tcp_wmem                            vector        -           low=1 count=3 capacity
    | net.core.wmem_max does not limit its maximum.
net.ipv4.tcp_workaround_signed_windows       byte          0
"""
