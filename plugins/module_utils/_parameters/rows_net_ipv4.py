# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""net.ipv4 without TCP, and net.ipv6, except for the parameters of interfaces.

Sources: net/ipv4/{sysctl_net_ipv4,route,ip_fragment}.c, net/ipv6/, Documentation/networking/ip-sysctl.rst.
"""

from __future__ import annotations

ROWS = """
net.ipv4.cipso_cache_bucket_size            int           -          host_wide
net.ipv4.cipso_cache_enable                 int           -          host_wide
net.ipv4.cipso_rbm_optfmt                   int           -          host_wide
net.ipv4.cipso_rbm_strictvalid              int           -          host_wide
net.ipv4.fib_multipath_hash_fields          int           7          low=1 high=4095 since=5.14
net.ipv4.fib_multipath_hash_policy          int           0          low=0 high=2 bounds_since=5.12:0:3
net.ipv4.fib_multipath_hash_seed            unsigned      0          since=6.11
net.ipv4.fib_multipath_use_neigh            switch        0
net.ipv4.fib_notify_on_flag_change          int           0          low=0 high=2 since=5.12
net.ipv4.fib_sync_mem                       unsigned      -          low=65536 high=67108864 host_wide
net.ipv4.fwmark_reflect                     byte          0
net.ipv4.icmp_echo_enable_probe             switch        0          since=5.13
net.ipv4.icmp_echo_ignore_all               byte          0          bounds_since=6.1:0:1
net.ipv4.icmp_echo_ignore_broadcasts        byte          1          bounds_since=6.1:0:1
net.ipv4.icmp_errors_extension_mask         int           0          low=0 high=255 sure=0:1 since=6.19
net.ipv4.icmp_errors_use_inbound_ifaddr     byte          0          bounds_since=6.1:0:1
net.ipv4.icmp_ignore_bogus_error_responses  byte          1          bounds_since=6.1:0:1
net.ipv4.icmp_msgs_burst                    natural       -          netns_since=6.1
net.ipv4.icmp_msgs_per_sec                  natural       -          netns_since=6.1
net.ipv4.icmp_ratelimit                     milliseconds  1000
net.ipv4.icmp_ratemask                      int           6168
net.ipv4.igmp_link_local_mcast_reports      byte          1
net.ipv4.igmp_max_memberships               int           20
net.ipv4.igmp_max_msf                       int           10
net.ipv4.igmp_qrv                           int           2          low=1
net.ipv4.inet_peer_maxttl                   seconds       600        host_wide
net.ipv4.inet_peer_minttl                   seconds       120        host_wide
net.ipv4.inet_peer_threshold                int           -          host_wide
net.ipv4.ip_autobind_reuse                  switch        0          since=5.7
net.ipv4.ip_default_ttl                     int           64         low=1 high=255
net.ipv4.ip_dynaddr                         byte          0
net.ipv4.ip_early_demux                     byte          1
net.ipv4.ip_forward                         int           -
    | Changing it also sets forwarding and accept_redirects of every interface.
net.ipv4.ip_forward_update_priority         switch        1          since=4.19
net.ipv4.ip_forward_use_pmtu                byte          0
net.ipv4.ip_local_port_range                vector        32768,60999
    low=1 high=65535 count=2 hazard=range_over_listeners
net.ipv4.ip_local_port_step_width           unsigned      0          since=7.0
net.ipv4.ip_local_reserved_ports            ports         ""         since=2.6.35
net.ipv4.ip_no_pmtu_disc                    byte          0
    ! 1..2 hazard 0: large packets are fragmented on the way, or lost
net.ipv4.ip_nonlocal_bind                   byte          0
net.ipv4.ip_unprivileged_port_start         int           1024
    low=0 high=65535 since=4.11 at_most=net.ipv4.ip_local_port_range
    ! 0..22 hazard 1024: every user may listen on the ports of system services
net.ipv4.ipfrag_high_thresh                 long          4194304    capacity
net.ipv4.ipfrag_low_thresh                  long          3145728    at_most=net.ipv4.ipfrag_high_thresh
net.ipv4.ipfrag_max_dist                    natural       64
net.ipv4.ipfrag_secret_interval             seconds       -          idle_since=3.17 host_wide
net.ipv4.ipfrag_time                        seconds       30
net.ipv4.nexthop_compat_mode                switch        1          since=5.8
net.ipv4.ping_group_range                   vector        1,0
    low=0 high=4294967294 count=2 sure=0:2147483647 bounds_since=6.4:0:4294967294
net.ipv4.raw_l3mdev_accept                  switch        1          since=5.0
net.ipv4.route.error_burst                  int           -          host_wide
net.ipv4.route.error_cost                   int           -          host_wide
net.ipv4.route.flush                        int           -          read_only
    | Writing it triggers an action; it holds no value.
net.ipv4.route.gc_elasticity                int           -          idle_since=3.6 host_wide
    | The IPv4 routing cache was removed.
net.ipv4.route.gc_interval                  seconds       -          idle_since=3.6 host_wide
    | The IPv4 routing cache was removed.
net.ipv4.route.gc_min_interval              seconds       -          idle_since=3.6 host_wide
    | The IPv4 routing cache was removed.
net.ipv4.route.gc_min_interval_ms           milliseconds  -          idle_since=3.6 host_wide
    | The IPv4 routing cache was removed.
net.ipv4.route.gc_thresh                    int           -          idle_since=3.6 host_wide
    | The IPv4 routing cache was removed.
net.ipv4.route.gc_timeout                   seconds       -          idle_since=3.6 host_wide
    | The IPv4 routing cache was removed.
net.ipv4.route.max_size                     int           -          idle_since=3.6 host_wide
    | The IPv4 routing cache was removed.
net.ipv4.route.min_adv_mss                  int           256        netns_since=5.17
net.ipv4.route.min_pmtu                     int           552        low=68 netns_since=5.17
net.ipv4.route.mtu_expires                  seconds       600        netns_since=5.17
net.ipv4.route.redirect_load                int           -          host_wide
net.ipv4.route.redirect_number              int           -          host_wide
net.ipv4.route.redirect_silence             int           -          host_wide
net.ipv4.udp_child_hash_entries             int           0          low=0 high=65536 since=6.2
    | It applies only to network namespaces created afterwards.
net.ipv4.udp_early_demux                    unsigned      1          bounds_since=5.13:0:255
net.ipv4.udp_hash_entries                   int           -          read_only since=6.2
    | The boot option uhash_entries= sets it.
net.ipv4.udp_l3mdev_accept                  switch        0
net.ipv4.udp_mem                            vector        -
    low=0 high=18446744073709551615 count=3 host_wide raise_only
    | Its unit is the page, not the byte.
net.ipv4.udp_rmem_min                       int           4096       low=1
net.ipv4.udp_wmem_min                       int           4096       low=1
net.ipv4.xfrm4_gc_thresh                    int           -
net.ipv6.anycast_src_echo_reply             byte          0
net.ipv6.auto_flowlabels                    int           1          low=0 high=3
net.ipv6.bindv6only                         byte          0
net.ipv6.calipso_cache_bucket_size          int           -          host_wide
net.ipv6.calipso_cache_enable               int           -          host_wide
net.ipv6.fib_multipath_hash_fields          int           7          low=1 high=4095 since=5.14
net.ipv6.fib_multipath_hash_policy          int           0          low=0 high=2 bounds_since=5.12:0:3
net.ipv6.fib_notify_on_flag_change          int           0          low=0 high=2 since=5.12
net.ipv6.flowlabel_consistency              byte          1
net.ipv6.flowlabel_reflect                  int           0          low=0 high=7
net.ipv6.flowlabel_state_ranges             byte          0
net.ipv6.fwmark_reflect                     byte          0
net.ipv6.icmp.echo_ignore_all               byte          0
net.ipv6.icmp.echo_ignore_anycast           byte          0
net.ipv6.icmp.echo_ignore_multicast         byte          0
net.ipv6.icmp.error_anycast_as_unicast      switch        0          since=6.4
net.ipv6.icmp.errors_extension_mask         int           0          low=0 high=255 sure=0:1 since=6.19
net.ipv6.icmp.ratelimit                     milliseconds  -
net.ipv6.icmp.ratemask                      ports         0-1,3-127  high=255
net.ipv6.idgen_delay                        seconds       1
net.ipv6.idgen_retries                      int           3
net.ipv6.ioam6_id                           int           -          low=0 high=16777215 since=5.15
net.ipv6.ioam6_id_wide                      int           -          low=0 high=72057594037927935 since=5.15
net.ipv6.ip6frag_high_thresh                long          4194304
net.ipv6.ip6frag_low_thresh                 long          3145728    at_most=net.ipv6.ip6frag_high_thresh
net.ipv6.ip6frag_secret_interval            seconds       -          idle_since=3.17 host_wide
net.ipv6.ip6frag_time                       seconds       60
net.ipv6.ip_nonlocal_bind                   byte          0
net.ipv6.max_dst_opts_length                int           2147483647
net.ipv6.max_dst_opts_number                int           8
net.ipv6.max_hbh_length                     int           2147483647
net.ipv6.max_hbh_opts_number                int           8
net.ipv6.mld_max_msf                        int           64         host_wide
net.ipv6.mld_qrv                            int           2          low=1 host_wide
net.ipv6.route.flush                        int           -          read_only
    | Writing it triggers an action; it holds no value.
net.ipv6.route.gc_elasticity                int           9
net.ipv6.route.gc_interval                  seconds       30
net.ipv6.route.gc_min_interval              seconds       -
net.ipv6.route.gc_min_interval_ms           milliseconds  500
net.ipv6.route.gc_thresh                    int           1024
net.ipv6.route.gc_timeout                   seconds       60
net.ipv6.route.max_size                     int           -
net.ipv6.route.min_adv_mss                  int           1220
net.ipv6.route.mtu_expires                  seconds       600
net.ipv6.route.skip_notify_on_dev_down      switch        0
net.ipv6.seg6_flowlabel                     int           0
net.ipv6.xfrm6_gc_thresh                    int           -
"""
