# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters of each network interface. `*` is an interface, `all` or `default`.

net.*.neigh.default exists in the initial network namespace only; interfaces of all namespaces start with its values.
Sources: net/ipv4/devinet.c, net/ipv6/addrconf.c, net/core/neighbour.c.
"""

from __future__ import annotations

ROWS = """
net.ipv4.conf.all.forwarding                        int           -     alias_of=net.ipv4.ip_forward
    | Writing it also sets it on every interface, and reverting it does not restore those.
net.ipv6.conf.all.disable_ipv6                      int           -
    | Writing it also sets it on every interface, and reverting it does not restore those.
net.ipv6.conf.all.forwarding                        int           -
    | Writing it also sets it on every interface, and reverting it does not restore those.
net.ipv4.conf.*.accept_local                        int           -
net.ipv4.conf.*.accept_redirects                    int           -
net.ipv4.conf.*.accept_source_route                 int           -
net.ipv4.conf.*.arp_accept                          int           -
net.ipv4.conf.*.arp_announce                        int           -
net.ipv4.conf.*.arp_evict_nocarrier                 int           -     since=5.16
net.ipv4.conf.*.arp_filter                          int           -
net.ipv4.conf.*.arp_ignore                          int           -
net.ipv4.conf.*.arp_notify                          int           -
net.ipv4.conf.*.bc_forwarding                       int           -
net.ipv4.conf.*.bootp_relay                         int           -
net.ipv4.conf.*.disable_policy                      int           -
net.ipv4.conf.*.disable_xfrm                        int           -
net.ipv4.conf.*.drop_gratuitous_arp                 int           -
net.ipv4.conf.*.drop_unicast_in_l2_multicast        int           -
net.ipv4.conf.*.force_igmp_version                  int           -
net.ipv4.conf.*.forwarding                          int           -
net.ipv4.conf.*.igmpv2_unsolicited_report_interval  int           -
net.ipv4.conf.*.igmpv3_unsolicited_report_interval  int           -
net.ipv4.conf.*.ignore_routes_with_linkdown         int           -
net.ipv4.conf.*.log_martians                        int           -
net.ipv4.conf.*.medium_id                           int           -
net.ipv4.conf.*.promote_secondaries                 int           -
net.ipv4.conf.*.proxy_arp                           int           -
net.ipv4.conf.*.proxy_arp_pvlan                     int           -
net.ipv4.conf.*.route_localnet                      int           -
net.ipv4.conf.*.rp_filter                           int           -
net.ipv4.conf.*.secure_redirects                    int           -
net.ipv4.conf.*.send_redirects                      int           -
net.ipv4.conf.*.shared_media                        int           -
net.ipv4.conf.*.src_valid_mark                      int           -
net.ipv4.conf.*.tag                                 int           -
net.ipv4.conf.*.mc_forwarding                       int           -     read_only
net.ipv6.conf.*.accept_dad                          int           -
net.ipv6.conf.*.accept_ra                           int           -
net.ipv6.conf.*.accept_ra_defrtr                    int           -
net.ipv6.conf.*.accept_ra_from_local                int           -
net.ipv6.conf.*.accept_ra_min_hop_limit             int           -
net.ipv6.conf.*.accept_ra_min_lft                   int           -
net.ipv6.conf.*.accept_ra_mtu                       int           -
net.ipv6.conf.*.accept_ra_pinfo                     int           -
net.ipv6.conf.*.accept_ra_rt_info_max_plen          int           -
net.ipv6.conf.*.accept_ra_rt_info_min_plen          int           -
net.ipv6.conf.*.accept_ra_rtr_pref                  int           -
net.ipv6.conf.*.accept_redirects                    int           -
net.ipv6.conf.*.accept_source_route                 int           -
net.ipv6.conf.*.accept_untracked_na                 int           -     low=0 high=2 since=5.19
net.ipv6.conf.*.addr_gen_mode                       int           -     low=0 high=3
net.ipv6.conf.*.autoconf                            int           -
net.ipv6.conf.*.dad_transmits                       int           -
net.ipv6.conf.*.disable_ipv6                        int           -
net.ipv6.conf.*.disable_policy                      int           -
net.ipv6.conf.*.drop_unicast_in_l2_multicast        int           -
net.ipv6.conf.*.drop_unsolicited_na                 int           -
net.ipv6.conf.*.enhanced_dad                        int           -
net.ipv6.conf.*.force_mld_version                   int           -
net.ipv6.conf.*.force_tllao                         int           -
net.ipv6.conf.*.forwarding                          int           -
net.ipv6.conf.*.ignore_routes_with_linkdown         int           -
net.ipv6.conf.*.keep_addr_on_down                   int           -
net.ipv6.conf.*.max_addresses                       int           -
net.ipv6.conf.*.max_desync_factor                   int           -
net.ipv6.conf.*.ndisc_notify                        int           -
net.ipv6.conf.*.ndisc_tclass                        int           -     low=0 high=255
net.ipv6.conf.*.optimistic_dad                      int           -
net.ipv6.conf.*.proxy_ndp                           int           -
net.ipv6.conf.*.regen_max_retry                     int           -
net.ipv6.conf.*.regen_min_advance                   int           -     since=6.9
net.ipv6.conf.*.seg6_enabled                        int           -
net.ipv6.conf.*.seg6_require_hmac                   int           -
net.ipv6.conf.*.suppress_frag_ndisc                 int           -
net.ipv6.conf.*.temp_prefered_lft                   int           -
net.ipv6.conf.*.temp_valid_lft                      int           -
net.ipv6.conf.*.use_oif_addrs_only                  int           -
net.ipv6.conf.*.use_optimistic                      int           -
net.ipv6.conf.*.use_tempaddr                        int           -
net.ipv6.conf.*.force_forwarding                    switch        -     since=6.17
net.ipv6.conf.*.hop_limit                           int           -     low=1 high=255
net.ipv6.conf.*.ioam6_enabled                       switch        -     since=5.15
net.ipv6.conf.*.ioam6_id                            int           -     low=0 high=65535 since=5.15
net.ipv6.conf.*.ioam6_id_wide                       unsigned      -     since=5.15
net.ipv6.conf.*.mc_forwarding                       int           -     read_only
net.ipv6.conf.*.mldv1_unsolicited_report_interval   milliseconds  -
net.ipv6.conf.*.mldv2_unsolicited_report_interval   milliseconds  -
net.ipv6.conf.*.mtu                                 int           -     low=1280
net.ipv6.conf.*.ndisc_evict_nocarrier               switch        -     since=5.16
net.ipv6.conf.*.ra_defrtr_metric                    int           -     low=1 high=4294967295 since=5.12
net.ipv6.conf.*.ra_honor_pio_life                   switch        -     since=6.7
net.ipv6.conf.*.ra_honor_pio_pflag                  switch        -     since=6.12
net.ipv6.conf.*.router_probe_interval               seconds       -
net.ipv6.conf.*.router_solicitation_delay           seconds       -
net.ipv6.conf.*.router_solicitation_interval        seconds       -
net.ipv6.conf.*.router_solicitation_max_interval    seconds       -
net.ipv6.conf.*.router_solicitations                int           -     low=-1
net.ipv6.conf.*.rpl_seg_enabled                     int           -     bounds_since=6.1:0:1
net.ipv6.conf.*.stable_secret                       word          -     secret
    | It cannot be read until it has been set.
net.ipv4.neigh.*.anycast_delay                      milliseconds  - sure=0:214748364
net.ipv4.neigh.default.anycast_delay                milliseconds  -     host_wide sure=0:214748364
net.ipv4.neigh.*.app_solicit                        natural       -
net.ipv4.neigh.default.app_solicit                  natural       -     host_wide
net.ipv4.neigh.*.base_reachable_time                seconds       -
net.ipv4.neigh.default.base_reachable_time          seconds       -     host_wide
net.ipv4.neigh.*.base_reachable_time_ms             milliseconds  -
net.ipv4.neigh.default.base_reachable_time_ms       milliseconds  -     host_wide
net.ipv4.neigh.*.delay_first_probe_time             seconds       -
net.ipv4.neigh.default.delay_first_probe_time       seconds       -     host_wide
net.ipv4.neigh.*.gc_stale_time                      seconds       -
net.ipv4.neigh.default.gc_stale_time                seconds       -     host_wide
net.ipv4.neigh.*.interval_probe_time_ms             milliseconds  - low=1 sure=1:1000000000
net.ipv4.neigh.default.interval_probe_time_ms       milliseconds  -     host_wide low=1 sure=1:1000000000
net.ipv4.neigh.*.locktime                           milliseconds  - sure=0:214748364
net.ipv4.neigh.default.locktime                     milliseconds  -     host_wide sure=0:214748364
net.ipv4.neigh.*.mcast_resolicit                    natural       -
net.ipv4.neigh.default.mcast_resolicit              natural       -     host_wide
net.ipv4.neigh.*.mcast_solicit                      natural       -
net.ipv4.neigh.default.mcast_solicit                natural       -     host_wide
net.ipv4.neigh.*.proxy_delay                        milliseconds  - sure=0:214748364
net.ipv4.neigh.default.proxy_delay                  milliseconds  -     host_wide sure=0:214748364
net.ipv4.neigh.*.proxy_qlen                         natural       -
net.ipv4.neigh.default.proxy_qlen                   natural       -     host_wide
net.ipv4.neigh.*.retrans_time                       milliseconds  - sure=0:214748364
net.ipv4.neigh.default.retrans_time                 milliseconds  -     host_wide sure=0:214748364
net.ipv4.neigh.*.retrans_time_ms                    milliseconds  -
net.ipv4.neigh.default.retrans_time_ms              milliseconds  -     host_wide
net.ipv4.neigh.*.ucast_solicit                      natural       -
net.ipv4.neigh.default.ucast_solicit                natural       -     host_wide
net.ipv4.neigh.*.unres_qlen                         milliseconds  -
net.ipv4.neigh.default.unres_qlen                   milliseconds  -     host_wide
net.ipv4.neigh.*.unres_qlen_bytes                   natural       -
net.ipv4.neigh.default.unres_qlen_bytes             natural       -     host_wide
net.ipv4.neigh.default.gc_interval                  seconds       30    host_wide
net.ipv4.neigh.default.gc_thresh1                   natural       128   host_wide
net.ipv4.neigh.default.gc_thresh2                   natural       512   host_wide
net.ipv4.neigh.default.gc_thresh3                   natural       1024  host_wide raise_only
    | If the table is full, the kernel logs a neighbour table overflow and drops packets.
net.ipv6.neigh.*.anycast_delay                      milliseconds  - sure=0:214748364
net.ipv6.neigh.default.anycast_delay                milliseconds  -     host_wide sure=0:214748364
net.ipv6.neigh.*.app_solicit                        natural       -
net.ipv6.neigh.default.app_solicit                  natural       -     host_wide
net.ipv6.neigh.*.base_reachable_time                seconds       -
net.ipv6.neigh.default.base_reachable_time          seconds       -     host_wide
net.ipv6.neigh.*.base_reachable_time_ms             milliseconds  -
net.ipv6.neigh.default.base_reachable_time_ms       milliseconds  -     host_wide
net.ipv6.neigh.*.delay_first_probe_time             seconds       -
net.ipv6.neigh.default.delay_first_probe_time       seconds       -     host_wide
net.ipv6.neigh.*.gc_stale_time                      seconds       -
net.ipv6.neigh.default.gc_stale_time                seconds       -     host_wide
net.ipv6.neigh.*.interval_probe_time_ms             milliseconds  - low=1 sure=1:1000000000
net.ipv6.neigh.default.interval_probe_time_ms       milliseconds  -     host_wide low=1 sure=1:1000000000
net.ipv6.neigh.*.locktime                           milliseconds  - sure=0:214748364
net.ipv6.neigh.default.locktime                     milliseconds  -     host_wide sure=0:214748364
net.ipv6.neigh.*.mcast_resolicit                    natural       -
net.ipv6.neigh.default.mcast_resolicit              natural       -     host_wide
net.ipv6.neigh.*.mcast_solicit                      natural       -
net.ipv6.neigh.default.mcast_solicit                natural       -     host_wide
net.ipv6.neigh.*.proxy_delay                        milliseconds  - sure=0:214748364
net.ipv6.neigh.default.proxy_delay                  milliseconds  -     host_wide sure=0:214748364
net.ipv6.neigh.*.proxy_qlen                         natural       -
net.ipv6.neigh.default.proxy_qlen                   natural       -     host_wide
net.ipv6.neigh.*.retrans_time                       int           -
net.ipv6.neigh.default.retrans_time                 int           -     host_wide
net.ipv6.neigh.*.retrans_time_ms                    milliseconds  -
net.ipv6.neigh.default.retrans_time_ms              milliseconds  -     host_wide
net.ipv6.neigh.*.ucast_solicit                      natural       -
net.ipv6.neigh.default.ucast_solicit                natural       -     host_wide
net.ipv6.neigh.*.unres_qlen                         milliseconds  -
net.ipv6.neigh.default.unres_qlen                   milliseconds  -     host_wide
net.ipv6.neigh.*.unres_qlen_bytes                   natural       -
net.ipv6.neigh.default.unres_qlen_bytes             natural       -     host_wide
net.ipv6.neigh.default.gc_interval                  seconds       30    host_wide
net.ipv6.neigh.default.gc_thresh1                   natural       128   host_wide
net.ipv6.neigh.default.gc_thresh2                   natural       512   host_wide
net.ipv6.neigh.default.gc_thresh3                   natural       1024  host_wide raise_only
    | If the table is full, the kernel logs a neighbour table overflow and drops packets.
"""
