# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each interface has of its own: net/ipv4/devinet.c, net/ipv6/addrconf.c, net/core/neighbour.c.

The `*` stands for an interface, `all` or `default`. net.*.neigh.default exists in the initial network namespace
only, and interfaces of every namespace start from it.
"""

from __future__ import annotations

from typing import Callable, Iterator

from .parameter import MACHINE, Parameter
from .parameter_shapes import integer, milliseconds, seconds, switch, unsigned, word

_CONF4 = """
accept_local accept_redirects accept_source_route arp_accept arp_announce arp_evict_nocarrier arp_filter arp_ignore
arp_notify bc_forwarding bootp_relay disable_policy disable_xfrm drop_gratuitous_arp drop_unicast_in_l2_multicast
force_igmp_version forwarding igmpv2_unsolicited_report_interval igmpv3_unsolicited_report_interval
ignore_routes_with_linkdown log_martians medium_id promote_secondaries proxy_arp proxy_arp_pvlan route_localnet
rp_filter secure_redirects send_redirects shared_media src_valid_mark tag
"""

_CONF6 = """
accept_dad accept_ra accept_ra_defrtr accept_ra_from_local accept_ra_min_hop_limit accept_ra_min_lft accept_ra_mtu
accept_ra_pinfo accept_ra_rt_info_max_plen accept_ra_rt_info_min_plen accept_ra_rtr_pref accept_redirects
accept_source_route accept_untracked_na addr_gen_mode autoconf dad_transmits disable_ipv6 disable_policy
drop_unicast_in_l2_multicast drop_unsolicited_na enhanced_dad force_mld_version force_tllao forwarding
ignore_routes_with_linkdown keep_addr_on_down max_addresses max_desync_factor ndisc_notify ndisc_tclass optimistic_dad
proxy_ndp regen_max_retry regen_min_advance seg6_enabled seg6_require_hmac suppress_frag_ndisc temp_prefered_lft
temp_valid_lft use_oif_addrs_only use_optimistic use_tempaddr
"""

_CONF6_OTHERS = (
    switch("net.ipv6.conf.*.force_forwarding"),
    integer("net.ipv6.conf.*.hop_limit", None, 1, 255),
    switch("net.ipv6.conf.*.ioam6_enabled"),
    integer("net.ipv6.conf.*.ioam6_id", None, 0, 65535),
    unsigned("net.ipv6.conf.*.ioam6_id_wide"),
    integer("net.ipv6.conf.*.mc_forwarding", writable=False),
    milliseconds("net.ipv6.conf.*.mldv1_unsolicited_report_interval"),
    milliseconds("net.ipv6.conf.*.mldv2_unsolicited_report_interval"),
    integer("net.ipv6.conf.*.mtu", None, 1280),
    switch("net.ipv6.conf.*.ndisc_evict_nocarrier"),
    unsigned("net.ipv6.conf.*.ra_defrtr_metric", None, 1),
    switch("net.ipv6.conf.*.ra_honor_pio_life"),
    switch("net.ipv6.conf.*.ra_honor_pio_pflag"),
    seconds("net.ipv6.conf.*.router_probe_interval"),
    seconds("net.ipv6.conf.*.router_solicitation_delay"),
    seconds("net.ipv6.conf.*.router_solicitation_interval"),
    seconds("net.ipv6.conf.*.router_solicitation_max_interval"),
    integer("net.ipv6.conf.*.router_solicitations", None, -1),
    switch("net.ipv6.conf.*.rpl_seg_enabled"),
    word("net.ipv6.conf.*.stable_secret", secret=True, note="It cannot be read until it has been set."),
)

# The kernel keeps some of them in other units than it shows, and so stores a neighbour of what it is given.
_NEIGH: dict[str, Callable[..., Parameter]] = {
    "anycast_delay": milliseconds,
    "app_solicit": unsigned,
    "base_reachable_time": seconds,
    "base_reachable_time_ms": milliseconds,
    "delay_first_probe_time": seconds,
    "gc_stale_time": seconds,
    "interval_probe_time_ms": milliseconds,
    "locktime": milliseconds,
    "mcast_resolicit": unsigned,
    "mcast_solicit": unsigned,
    "proxy_delay": milliseconds,
    "proxy_qlen": unsigned,
    "retrans_time": milliseconds,
    "retrans_time_ms": milliseconds,
    "ucast_solicit": unsigned,
    "unres_qlen": milliseconds,
    "unres_qlen_bytes": unsigned,
}


def _neighbours(family: str) -> Iterator[Parameter]:
    for name, shape in _NEIGH.items():
        yield shape(f"net.{family}.neigh.*.{name}")
        yield shape(f"net.{family}.neigh.default.{name}", scope=MACHINE)
    yield seconds(f"net.{family}.neigh.default.gc_interval", "30", scope=MACHINE)
    yield integer(f"net.{family}.neigh.default.gc_thresh1", "128", 0, scope=MACHINE)
    yield integer(f"net.{family}.neigh.default.gc_thresh2", "512", 0, scope=MACHINE)
    full = "Where the table is full the kernel logs a neighbour table overflow and drops packets."
    yield integer(f"net.{family}.neigh.default.gc_thresh3", "1024", 0, scope=MACHINE, raise_only=True, note=full)


_EVERY_INTERFACE = "Writing it writes that of every interface too, and taking it back does not restore theirs."

ROWS = (
    integer("net.ipv4.conf.all.forwarding", alias_of="net.ipv4.ip_forward", note=_EVERY_INTERFACE),
    integer("net.ipv6.conf.all.disable_ipv6", note=_EVERY_INTERFACE),
    integer("net.ipv6.conf.all.forwarding", note=_EVERY_INTERFACE),
    *(integer(f"net.ipv4.conf.*.{name}") for name in _CONF4.split()),
    integer("net.ipv4.conf.*.mc_forwarding", writable=False),
    *(integer(f"net.ipv6.conf.*.{name}") for name in _CONF6.split()),
    *_CONF6_OTHERS,
    *_neighbours("ipv4"),
    *_neighbours("ipv6"),
)
