# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the linter says of the same line for different kernels, and that it judges every number for each of them."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.engine import lint

IPV4 = "net.ipv4."
SOME = "some kernels of this version accept at most"


@pytest.mark.parametrize(
    ("key", "value", "kernel", "verdict", "message"),
    [
        (f"{IPV4}tcp_sack", 255, "5.10.0-28-amd64", "ok", ""),
        (f"{IPV4}tcp_sack", 256, "5.10.0-28-amd64", "ok", f"{SOME} 255"),
        (f"{IPV4}tcp_sack", 256, "5.13", "invalid", "allowed: 0 to 255"),
        (f"{IPV4}tcp_ecn", 3, "5.10", "ok", f"{SOME} 2"),
        (f"{IPV4}tcp_ecn", 3, "6.1", "invalid", "allowed: 0 to 2"),
        (f"{IPV4}tcp_ecn", 5, "7.3", "ok", ""),
        (f"{IPV4}icmp_echo_ignore_all", 2, "5.15", "ok", f"{SOME} 1"),
        (f"{IPV4}icmp_echo_ignore_all", 2, "6.1", "invalid", "allowed: 0 to 1"),
        (f"{IPV4}tcp_keepalive_time", 2147483, "6.1", "ok", "only sockets that set SO_KEEPALIVE"),
        (f"{IPV4}tcp_keepalive_time", 2147484, "6.1", "ok", f"{SOME} 2147483"),
        (f"{IPV4}tcp_keepalive_time", 21474837, "6.1", "invalid", "allowed: -21474836 to 21474836"),
        ("net.netfilter.nf_conntrack_max", -1, "6.19", "invalid", "allowed: 1 to"),
        ("net.core.rmem_max", 2048, "6.1", "lowers", "lowers it"),
        ("net.core.dev_weight", 0, "6.12", "ok", "accept at least 1"),
        ("net.core.bypass_prot_mem", 1, "6.18", "no_effect", "needs Linux 6.19; Linux 6.18 does not have it"),
        ("net.core.bypass_prot_mem", 1, "6.19", "ok", ""),
        (f"{IPV4}tcp_migrate_req", 1, "5.4", "no_effect", "needs Linux 5.14"),
        (f"{IPV4}tcp_migrate_req", 1, "5.10", "ok", "only some kernels of this version have it"),
        (f"{IPV4}tcp_migrate_req", 1, "5.14", "ok", ""),
        ("net.netfilter.nf_conntrack_dccp_loose", 1, "6.12", "ok", ""),
        ("net.netfilter.nf_conntrack_dccp_timeout_open", 60, "7.3", "removed", "removed in Linux 6.17"),
        ("net.ipv6.icmp.errors_extension_mask", 1, "7.3", "ok", ""),
        ("net.core.qdisc_max_burst", 1000, "7.3", "ok", "the kernel's default"),
        (f"{IPV4}tcp_rmem", "4096 87380 16777216", "6.15", "ok", ""),
        (f"{IPV4}tcp_rmem", "4096 87380 16777216", "6.16", "lowers", "the kernel's default is 33554432"),
        (f"{IPV4}tcp_rmem", "4096 131072 33554432", "6.16", "ok", "the kernel's default"),
        (f"{IPV4}tcp_comp_sack_slack_ns", 10000, "7.3", "ok", "the kernel's default"),
        (f"{IPV4}tcp_comp_sack_slack_ns", 100000, "6.12", "ok", "the kernel's default"),
        (f"{IPV4}tcp_comp_sack_slack_ns", 10000, "6.19", "ok", "the kernel's default"),
        (f"{IPV4}tcp_mtu_probe_floor", 48, "4.19", "no_effect", "needs Linux 5.4"),
        (f"{IPV4}tcp_no_ssthresh_metrics_save", 0, "5.4", "no_effect", "needs Linux 5.6"),
        (f"{IPV4}nexthop_compat_mode", 0, "5.4", "no_effect", "needs Linux 5.8"),
        (f"{IPV4}tcp_max_syn_backlog", 8192, "3.10", "ok", "limits the SYN queue"),
        (f"{IPV4}tcp_max_syn_backlog", 8192, "4.4", "no_effect", "used only while tcp_syncookies is 0"),
        ("net.unix.max_dgram_qlen", 9, "6.1", "lowers", "the kernel's default is 10"),
        ("net.unix.max_dgram_qlen", 511, "6.1", "lowers", "systemd sets 512"),
        ("net.unix.max_dgram_qlen", 512, "6.1", "ok", ""),
        ("fs.nr_open", 1073741816, "6.12", "ok", ""),
        ("fs.nr_open", 1073741817, "6.12", "hazard", "programs that loop over all descriptors"),
        (f"{IPV4}tcp_future", 1, "7.3", "typo", "no known kernel has this parameter"),
        (f"{IPV4}tcp_future", 1, "7.4", "unknown", "Linux 7.4 is newer than this catalogue (Linux 7.3)"),
        (f"{IPV4}tcp_fin_timeoutt", 1, "7.4", "typo", "probably net.ipv4.tcp_fin_timeout"),
        (f"{IPV4}somaxconn", 1, "7.4", "typo", "probably net.core.somaxconn"),
        ("net.sctp.rto_min", 1, "7.3", "ok", "unknown to this linter"),
        ("kernel.pid_mx", 1, "7.3", "typo", "probably kernel.pid_max"),
        ("kernel.sched_rt_runtime_us", 1, "7.3", "ok", "unknown to this linter"),
        ("fs.inotify.max_user_watchs", 1, "7.3", "typo", "probably fs.inotify.max_user_watches"),
        ("crypto.fips_enabled", 1, "7.3", "ok", "unknown to this linter"),
        ("sunrpc.tcp_slot_table_entries", 128, "7.3", "ok", "unknown to this linter"),
    ],
)
def test_verdict_depends_on_the_kernel(key, value, kernel, verdict, message):
    (row,) = lint({key: value}, kernel=kernel)
    assert row["verdict"] == verdict, row
    assert message in row["message"]


EXTREMES = (-(2**31), 0, 5000, 2**31 - 1, 10**30)


@pytest.mark.long
@pytest.mark.parametrize("kernel", ["3.10", "5.4"])
def test_every_number_gets_a_verdict(kernel):
    numeric = [row for row in catalogue.rows() if row.kind in ("int", "vector")]
    for number in EXTREMES:
        settings = {row.name.replace("*", "eth0"): " ".join([str(number)] * row.count) for row in numeric}
        assert len(lint(settings, kernel=kernel)) == len(settings)


def test_parameter_that_the_host_has_is_not_called_newer_than_its_kernel():
    key = f"{IPV4}tcp_mtu_probe_floor"
    facts = {"nettune_sysctl": {"keys": {key: {"value": "48"}}}}
    (row,) = lint(f"{key} = 48", kernel="4.18.0-553.el8", facts=facts)
    assert (row["verdict"], "needs Linux" in row["message"]) == ("ok", False)
