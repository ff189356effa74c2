# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""net.netfilter and net.bridge.

Sources: nf_conntrack_standalone.c, Documentation/networking/nf_conntrack-sysctl.rst, br_netfilter_hooks.c.
"""

from __future__ import annotations

ROWS = """
net.bridge.bridge-nf-call-arptables                        switch        1        module=br_netfilter
net.bridge.bridge-nf-call-ip6tables                        switch        1        module=br_netfilter
net.bridge.bridge-nf-call-iptables                         switch        1        module=br_netfilter
net.bridge.bridge-nf-filter-pppoe-tagged                   switch        0        module=br_netfilter
net.bridge.bridge-nf-filter-vlan-tagged                    switch        0        module=br_netfilter
net.bridge.bridge-nf-pass-vlan-input-dev                   switch        0        module=br_netfilter
net.netfilter.nf_conntrack_acct                            int           0
    bounds_since=5.3:0:1 module=nf_conntrack
net.netfilter.nf_conntrack_buckets                         milliseconds  -
    low=1 writable_since=4.8 host_wide module=nf_conntrack raise_only
    | It is rounded up to whole pages and does not follow nf_conntrack_max; before Linux 4.8 set the module
      option hashsize.
net.netfilter.nf_conntrack_checksum                        int           1
    bounds_since=5.3:0:1 module=nf_conntrack
net.netfilter.nf_conntrack_count                           int           -        module=nf_conntrack read_only
net.netfilter.nf_conntrack_events                          int           -
    bounds_since=5.3:0:1;5.19:0:2 module=nf_conntrack
net.netfilter.nf_conntrack_expect_max                      int           -
    bounds_since=6.18:1: host_wide module=nf_conntrack capacity
    | The limit is host-wide; each network namespace is counted against it separately.
net.netfilter.nf_conntrack_frag6_high_thresh               long          4194304  module=nf_conntrack
net.netfilter.nf_conntrack_frag6_low_thresh                long          3145728
    module=nf_conntrack at_most=net.netfilter.nf_conntrack_frag6_high_thresh
net.netfilter.nf_conntrack_frag6_timeout                   seconds       60       module=nf_conntrack
net.netfilter.nf_conntrack_generic_timeout                 seconds       600      module=nf_conntrack
    | It ages a firewall's conntrack entry and never changes the state of a socket.
net.netfilter.nf_conntrack_gre_timeout                     seconds       30       module=nf_conntrack
    | It ages a firewall's conntrack entry and never changes the state of a socket.
net.netfilter.nf_conntrack_gre_timeout_stream              seconds       180      module=nf_conntrack
    | It ages a firewall's conntrack entry and never changes the state of a socket.
net.netfilter.nf_conntrack_icmp_timeout                    seconds       30       module=nf_conntrack
    | It ages a firewall's conntrack entry and never changes the state of a socket.
net.netfilter.nf_conntrack_icmpv6_timeout                  seconds       30       module=nf_conntrack
    | It ages a firewall's conntrack entry and never changes the state of a socket.
net.netfilter.nf_conntrack_log_invalid                     int           0
    low=0 high=255 module=nf_conntrack
net.netfilter.nf_conntrack_max                             int           -
    bounds_since=6.18:0:;6.19:1: host_wide module=nf_conntrack raise_only
    | The limit is host-wide; each network namespace is counted against it separately.
net.netfilter.nf_conntrack_sctp_timeout_closed             seconds       10       module=nf_conntrack
    | It ages a firewall's conntrack entry and never changes the state of a socket.
net.netfilter.nf_conntrack_sctp_timeout_cookie_echoed      seconds       3        module=nf_conntrack
    | It ages a firewall's conntrack entry and never changes the state of a socket.
net.netfilter.nf_conntrack_sctp_timeout_cookie_wait        seconds       3        module=nf_conntrack
    | It ages a firewall's conntrack entry and never changes the state of a socket.
net.netfilter.nf_conntrack_sctp_timeout_established        seconds       -        module=nf_conntrack
    | It ages a firewall's conntrack entry and never changes the state of a socket.
net.netfilter.nf_conntrack_sctp_timeout_heartbeat_sent     seconds       30       module=nf_conntrack
    | It ages a firewall's conntrack entry and never changes the state of a socket.
net.netfilter.nf_conntrack_sctp_timeout_shutdown_ack_sent  seconds       3        module=nf_conntrack
    | It ages a firewall's conntrack entry and never changes the state of a socket.
net.netfilter.nf_conntrack_sctp_timeout_shutdown_recd      seconds       -        module=nf_conntrack
    | It ages a firewall's conntrack entry and never changes the state of a socket.
net.netfilter.nf_conntrack_sctp_timeout_shutdown_sent      seconds       -        module=nf_conntrack
    | It ages a firewall's conntrack entry and never changes the state of a socket.
net.netfilter.nf_conntrack_tcp_be_liberal                  int           0
    bounds_since=5.3:0:1 module=nf_conntrack
net.netfilter.nf_conntrack_tcp_ignore_invalid_rst          switch        0        since=5.14 module=nf_conntrack
net.netfilter.nf_conntrack_tcp_loose                       int           1
    bounds_since=5.3:0:1 module=nf_conntrack
net.netfilter.nf_conntrack_tcp_max_retrans                 byte          3        module=nf_conntrack
net.netfilter.nf_conntrack_tcp_timeout_close               seconds       10       module=nf_conntrack
    | It ages a firewall's conntrack entry and never changes the state of a socket.
net.netfilter.nf_conntrack_tcp_timeout_close_wait          seconds       60       module=nf_conntrack
    | It ages a firewall's conntrack entry and never changes the state of a socket.
net.netfilter.nf_conntrack_tcp_timeout_established         seconds       432000   module=nf_conntrack
    | It ages a firewall's conntrack entry and never changes the state of a socket.
net.netfilter.nf_conntrack_tcp_timeout_fin_wait            seconds       120      module=nf_conntrack
    | It ages a firewall's conntrack entry and never changes the state of a socket.
net.netfilter.nf_conntrack_tcp_timeout_last_ack            seconds       30       module=nf_conntrack
    | It ages a firewall's conntrack entry and never changes the state of a socket.
net.netfilter.nf_conntrack_tcp_timeout_max_retrans         seconds       300      module=nf_conntrack
    | It ages a firewall's conntrack entry and never changes the state of a socket.
net.netfilter.nf_conntrack_tcp_timeout_syn_recv            seconds       60       module=nf_conntrack
    | It ages a firewall's conntrack entry and never changes the state of a socket.
net.netfilter.nf_conntrack_tcp_timeout_syn_sent            seconds       120      module=nf_conntrack
    | It ages a firewall's conntrack entry and never changes the state of a socket.
net.netfilter.nf_conntrack_tcp_timeout_time_wait           seconds       120      module=nf_conntrack
    | It ages a firewall's conntrack entry and never changes the state of a socket.
net.netfilter.nf_conntrack_tcp_timeout_unacknowledged      seconds       300      module=nf_conntrack
    | It ages a firewall's conntrack entry and never changes the state of a socket.
net.netfilter.nf_conntrack_timestamp                       int           0
    bounds_since=5.3:0:1 module=nf_conntrack
net.netfilter.nf_conntrack_udp_timeout                     seconds       30       module=nf_conntrack
    | It ages a firewall's conntrack entry and never changes the state of a socket.
net.netfilter.nf_conntrack_udp_timeout_stream              seconds       120      module=nf_conntrack
    | It ages a firewall's conntrack entry and never changes the state of a socket.
net.netfilter.nf_flowtable_tcp_timeout                     seconds       30       module=nf_flow_table since=5.14
net.netfilter.nf_flowtable_udp_timeout                     seconds       30       module=nf_flow_table since=5.14
net.netfilter.nf_hooks_lwtunnel                            switch        0
    since=5.15 host_wide module=nf_conntrack
    | It is host-wide although every network namespace may write it; 1 cannot be undone until the next boot.
net.netfilter.nf_log.*                                     word          -
net.netfilter.nf_log_all_netns                             int           0        host_wide
net.nf_conntrack_max                                       int           -
    bounds_since=6.18:0:;6.19:1: host_wide alias_of=net.netfilter.nf_conntrack_max module=nf_conntrack raise_only
    | The limit is host-wide; each network namespace is counted against it separately.
"""
