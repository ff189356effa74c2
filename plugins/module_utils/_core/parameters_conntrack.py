# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""net.netfilter and net.bridge: nf_conntrack_standalone.c, nf_conntrack-sysctl.rst, br_netfilter_hooks.c."""

from __future__ import annotations

from typing import Any

from .parameter import MACHINE, Parameter
from .parameter_shapes import INT_MAX, INT_MIN, byte, integer, long, seconds, switch, word

MODULE = "nf_conntrack"

_ENTRY = "It ages the firewall's entry and never changes the state of a socket."
_TABLE = "The limit is the machine's; each network namespace is counted against it alone."


def _flag(name: str, default: str | None, *, high: int = 1) -> Parameter:
    """Any int before 5.3, 0 to `high` since."""
    return integer(name, default, module=MODULE, tightened=("5.3", 0, high))


def _timeout(name: str, default: str | None, note: str = _ENTRY) -> Parameter:
    return seconds(name, default, module=MODULE, note=note)


def _size(name: str, low: int = INT_MIN, **more: Any) -> Parameter:
    return integer(name, None, low, INT_MAX, module=MODULE, scope=MACHINE, **more)


def _bridge(name: str, default: str) -> Parameter:
    """Whatever is not 0 is stored as 1."""
    return switch(name, default, module="br_netfilter")


ROWS = (
    _bridge("net.bridge.bridge-nf-call-arptables", "1"),
    _bridge("net.bridge.bridge-nf-call-ip6tables", "1"),
    _bridge("net.bridge.bridge-nf-call-iptables", "1"),
    _bridge("net.bridge.bridge-nf-filter-pppoe-tagged", "0"),
    _bridge("net.bridge.bridge-nf-filter-vlan-tagged", "0"),
    _bridge("net.bridge.bridge-nf-pass-vlan-input-dev", "0"),
    _flag("net.netfilter.nf_conntrack_acct", "0"),
    _size(
        "net.netfilter.nf_conntrack_buckets",
        1,
        raise_only=True,
        rounds=True,
        note="The kernel rounds it up to whole pages; it does not follow nf_conntrack_max.",
    ),
    _flag("net.netfilter.nf_conntrack_checksum", "1"),
    integer("net.netfilter.nf_conntrack_count", module=MODULE, writable=False),
    _flag("net.netfilter.nf_conntrack_events", None, high=2),
    _size("net.netfilter.nf_conntrack_expect_max", note=_TABLE),
    long("net.netfilter.nf_conntrack_frag6_high_thresh", "4194304", module=MODULE),
    long("net.netfilter.nf_conntrack_frag6_low_thresh", "3145728", module=MODULE),
    _timeout("net.netfilter.nf_conntrack_frag6_timeout", "60", ""),
    _timeout("net.netfilter.nf_conntrack_generic_timeout", "600"),
    _timeout("net.netfilter.nf_conntrack_gre_timeout", "30"),
    _timeout("net.netfilter.nf_conntrack_gre_timeout_stream", "180"),
    _timeout("net.netfilter.nf_conntrack_icmp_timeout", "30"),
    _timeout("net.netfilter.nf_conntrack_icmpv6_timeout", "30"),
    integer("net.netfilter.nf_conntrack_log_invalid", "0", 0, 255, module=MODULE),
    _size("net.netfilter.nf_conntrack_max", raise_only=True, note=_TABLE),
    _timeout("net.netfilter.nf_conntrack_sctp_timeout_closed", "10"),
    _timeout("net.netfilter.nf_conntrack_sctp_timeout_cookie_echoed", "3"),
    _timeout("net.netfilter.nf_conntrack_sctp_timeout_cookie_wait", "3"),
    _timeout("net.netfilter.nf_conntrack_sctp_timeout_established", None),
    _timeout("net.netfilter.nf_conntrack_sctp_timeout_heartbeat_sent", "30"),
    _timeout("net.netfilter.nf_conntrack_sctp_timeout_shutdown_ack_sent", "3"),
    _timeout("net.netfilter.nf_conntrack_sctp_timeout_shutdown_recd", None),
    _timeout("net.netfilter.nf_conntrack_sctp_timeout_shutdown_sent", None),
    _flag("net.netfilter.nf_conntrack_tcp_be_liberal", "0"),
    switch("net.netfilter.nf_conntrack_tcp_ignore_invalid_rst", "0", module=MODULE),
    _flag("net.netfilter.nf_conntrack_tcp_loose", "1"),
    byte("net.netfilter.nf_conntrack_tcp_max_retrans", "3", module=MODULE),
    _timeout("net.netfilter.nf_conntrack_tcp_timeout_close", "10"),
    _timeout("net.netfilter.nf_conntrack_tcp_timeout_close_wait", "60"),
    _timeout("net.netfilter.nf_conntrack_tcp_timeout_established", "432000"),
    _timeout("net.netfilter.nf_conntrack_tcp_timeout_fin_wait", "120"),
    _timeout("net.netfilter.nf_conntrack_tcp_timeout_last_ack", "30"),
    _timeout("net.netfilter.nf_conntrack_tcp_timeout_max_retrans", "300"),
    _timeout("net.netfilter.nf_conntrack_tcp_timeout_syn_recv", "60"),
    _timeout("net.netfilter.nf_conntrack_tcp_timeout_syn_sent", "120"),
    _timeout("net.netfilter.nf_conntrack_tcp_timeout_time_wait", "120"),
    _timeout("net.netfilter.nf_conntrack_tcp_timeout_unacknowledged", "300"),
    _flag("net.netfilter.nf_conntrack_timestamp", "0"),
    _timeout("net.netfilter.nf_conntrack_udp_timeout", "30"),
    _timeout("net.netfilter.nf_conntrack_udp_timeout_stream", "120"),
    seconds("net.netfilter.nf_flowtable_tcp_timeout", "30", module="nf_flow_table"),
    seconds("net.netfilter.nf_flowtable_udp_timeout", "30", module="nf_flow_table"),
    switch(
        "net.netfilter.nf_hooks_lwtunnel",
        "0",
        scope=MACHINE,
        module=MODULE,
        note="It is the machine's although every network namespace may write it, and 1 lasts until the next boot.",
    ),
    word("net.netfilter.nf_log.*"),
    integer("net.netfilter.nf_log_all_netns", "0", scope=MACHINE),
    _size("net.nf_conntrack_max", raise_only=True, alias_of="net.netfilter.nf_conntrack_max", note=_TABLE),
)
