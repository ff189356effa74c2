# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.row import VERDICTS

N = "net.ipv4."
LISTENED = ",".join(map(str, (3306, 5432, 6379, 8080, 9200, 11211, 27017)))
WIDE = f"{N}ip_local_port_range = 1024 65535\n{N}ip_local_reserved_ports = {LISTENED}"


def row(text, **given):
    (only,) = engine.lint(text, **given)
    return only


def facts(listeners=(), **values):
    keys = {name.replace("__", "."): {"value": value} for name, value in values.items()}
    return {"nettune_sysctl": {"keys": keys}, "nettune_tcp": {"listeners": [{"port": port} for port in listeners]}}


# Text, kernel, verdict, part of the message, suggestion. None is not checked.
CASES = [
    # Keys.
    (f"{N}tcp_tw_recycle = 1", None, "removed", "removed in Linux 4.12", f"# {N}tcp_tw_recycle = 1"),
    (f"{N}tcp_tw_recycle = 0", "4.12", "removed", "4.12", f"# {N}tcp_tw_recycle = 0"),
    (f"{N}tcp_tw_recycle = 1", "4.11.12", "hazard", "behind NAT", f"{N}tcp_tw_recycle = 0"),
    (f"{N}tcp_tw_recycle = 0", "3.10", "ok", None, ""),
    (
        f"{N}tcp_tw_recyle = 1",
        None,
        "typo",
        "probably net.ipv4.tcp_tw_recycle, removed in Linux 4.12",
        f"# {N}tcp_tw_recyle = 1",
    ),
    (
        f"{N}tcp_tw_recyle = 1",
        "3.10",
        "typo",
        "probably net.ipv4.tcp_tw_recycle; drops clients",
        f"{N}tcp_tw_recycle = 0",
    ),
    (f"{N}tcp_orphan_retires = 0", None, "typo", "0 means 8", f"{N}tcp_orphan_retries = 3"),
    ("tcp_fin_timeout = 30s", None, "typo", "not a whole number", f"{N}tcp_fin_timeout = 30"),
    (f"{N}tcp_fin_timout = 30", None, "typo", "probably net.ipv4.tcp_fin_timeout", f"{N}tcp_fin_timeout = 30"),
    (f"{N}TCP_Fin_Timeout = 30", None, "typo", "probably net.ipv4.tcp_fin_timeout", f"{N}tcp_fin_timeout = 30"),
    ("tcp_fin_timeout = 30", None, "typo", "probably net.ipv4.tcp_fin_timeout", f"{N}tcp_fin_timeout = 30"),
    ("ipv4.tcp_fin_timeout = 30", None, "typo", "probably", f"{N}tcp_fin_timeout = 30"),
    (f"{N}somaxconn = 8192", None, "typo", "probably net.core.somaxconn", "net.core.somaxconn = 8192"),
    (f"{N}tcp_keepalive_interval = 15", None, "typo", "tcp_keepalive_intvl", f"{N}tcp_keepalive_intvl = 15"),
    (f"{N}tcp_no_such_thing_at_all = 1", None, "typo", "no known kernel", f"# {N}tcp_no_such_thing_at_all = 1"),
    (f"{N}tcp_user_timeout = 3", None, "typo", "no kernel ever had", f"# {N}tcp_user_timeout = 3"),
    ("vm.swapiness = 10", None, "typo", "probably vm.swappiness", "vm.swappiness = 10"),
    ("fs.file_max = 10", None, "typo", "probably fs.file-max", "# fs.file_max = 10"),
    (f"{N}ip_conntrack_max = 655360", None, "renamed", "Linux 4.9 removed the old name", None),
    (
        *(f"{N}netfilter.ip_conntrack_tcp_timeout_time_wait = 120", "6.8.0-31-generic", "renamed", "conntrack entry"),
        "net.netfilter.nf_conntrack_tcp_timeout_time_wait = 120",
    ),
    (f"{N}ip_conntrack_max = 655360", "3.10", "renamed", "Linux 3.10 still accepts the old name", None),
    (f"{N}ip_conntrack_max = 655360", "2.6.18", "ok", None, None),
    (f"{N}tcp_tw_reuse_delay = 500", "6.13", "no_effect", "needs Linux 6.14", f"# {N}tcp_tw_reuse_delay = 500"),
    (f"{N}tcp_tw_reuse_delay = 500", "6.14", "ok", None, ""),
    (f"{N}tcp_syn_linear_timeouts = 2", "5.15", "no_effect", "6.5", None),
    (f"{N}tcp_low_latency = 1", None, "no_effect", "since Linux 4.14", f"# {N}tcp_low_latency = 1"),
    (f"{N}tcp_low_latency = 1", "3.10", "ok", None, ""),
    (f"{N}route.flush = 1", None, "no_effect", "trigger", f"# {N}route.flush = 1"),
    ("net.netfilter.nf_conntrack_count = 5", None, "invalid", "read-only", None),
    ("kernel.sysrq = 0", None, "ok", "unknown to this linter", ""),
    ("kernel.panic_on_oops = 1", None, "ok", "unknown to this linter", ""),
    ("fs.mount-max = 10", None, "ok", "unknown to this linter", ""),
    (f"{N}conf.all.rp_filter = 0", None, "ok", "", ""),
    (f"{N}conf.*.rp_filter = 0", None, "ok", "a pattern", ""),
    (f"{N}conf.all.rp_filtr = 0", None, "typo", "probably net.ipv4.conf.all.rp_filter", None),
    # Values that the kernel does not accept.
    (f"{N}tcp_fin_timeout = ", None, "invalid", "the value is missing", f"# {N}tcp_fin_timeout ="),
    (f"{N}tcp_fin_timeout = abc", None, "invalid", "not a whole number", f"# {N}tcp_fin_timeout = abc"),
    (f"{N}tcp_fin_timeout = 30s", None, "invalid", "not a whole number", f"{N}tcp_fin_timeout = 30"),
    (f"{N}tcp_fin_timeout = 30.5", None, "invalid", "not a whole number", None),
    (f"{N}tcp_fin_timeout = 30;", None, "invalid", "the ; after the value", f"{N}tcp_fin_timeout = 30"),
    (f"{N}tcp_fin_timeout = 30 40", None, "invalid", "not one number", None),
    (f"{N}tcp_fin_timeout = 99999999999", None, "invalid", "out of bounds", None),
    (f"{N}tcp_keepalive_probes = 010", None, "invalid", "octal", f"{N}tcp_keepalive_probes = 10"),
    (f"{N}tcp_syncookies = on", None, "invalid", "not a whole number", f"{N}tcp_syncookies = 1"),
    (f"{N}tcp_synack_retries = 256", None, "invalid", "allowed: 0 to 255", None),
    (f"{N}tcp_synack_retries = 256", "4.19", "ok", None, None),
    (f"{N}tcp_synack_retries = -1", None, "invalid", "out of bounds", None),
    (f"{N}tcp_syn_retries = 0", None, "invalid", "allowed: 1 to 127", None),
    (f"{N}tcp_tw_reuse = 3", None, "invalid", "allowed: 0 to 2", None),
    ("net.core.rmem_max = 16M", None, "invalid", "not a whole number", "net.core.rmem_max = 16777216"),
    ("net.core.rmem_max = 16,777,216", None, "invalid", "not a whole number", "net.core.rmem_max = 16777216"),
    ("net.core.somaxconn = 100000", "3.13", "invalid", "at most 65535", "net.core.somaxconn = 65535"),
    ("vm.swappiness = 150", "5.4", "invalid", "at most 100", "vm.swappiness = 100"),
    ("vm.swappiness = 150", "5.8", "ok", None, ""),
    (f"{N}tcp_rmem = 4096 87380", None, "invalid", "not 3 numbers", None),
    (f"{N}tcp_rmem = 4096, 87380, 16777216", None, "invalid", "", f"{N}tcp_rmem = 4096 87380 16777216"),
    (
        f"{N}tcp_rmem = 87380 4096 16777216",
        None,
        "invalid",
        "must be in rising order",
        f"{N}tcp_rmem = 4096 87380 16777216",
    ),
    (f"{N}tcp_mem = 3 2 1", None, "invalid", "low, pressure and high must be in rising order", None),
    (f"{N}ip_local_port_range = 1024", None, "invalid", "not 2 numbers", None),
    (f"{N}ip_local_port_range = 1024-65535", None, "invalid", "", WIDE),
    (f"{N}ip_local_port_range = 65535 1024", None, "invalid", "is above", WIDE),
    (f"{N}ip_local_port_range = 1024 70000", None, "invalid", "out of bounds", None),
    (f"{N}ip_local_reserved_ports = 80, 443", None, "invalid", "commas only", f"{N}ip_local_reserved_ports = 80,443"),
    (f"{N}ip_local_reserved_ports = 80 443", None, "invalid", "commas only", f"{N}ip_local_reserved_ports = 80,443"),
    (f"{N}ip_local_reserved_ports = 80x", None, "invalid", "'80x' is neither a port", None),
    (f"{N}ip_local_port_range = 500 33001", None, "invalid", "ip_unprivileged_port_start (1024)", None),
    (f"{N}ip_local_port_range = 500 33001", "4.4", "hazard", "3306", None),
    (f"{N}ipfrag_high_thresh = 262144", None, "invalid", "ipfrag_low_thresh (3145728)", None),
    (f"{N}tcp_ecn = 3", "6.12", "invalid", "allowed: 0 to 2", None),
    (f"{N}tcp_ecn = 3", "7.3", "ok", "", None),
    (f"{N}tcp_future = 3", "7.4", "unknown", "Linux 7.4 is newer than this catalogue", ""),
    (f"{N}ip_local_reserved_ports = 443-80", None, "invalid", "reversed", None),
    (f"{N}tcp_congestion_control = cubci", None, "invalid", "cubic", f"{N}tcp_congestion_control = cubic"),
    (f"{N}tcp_congestion_control = bbr", "3.10", "invalid", "needs Linux 4.9", None),
    (f"{N}tcp_congestion_control = bbr", None, "ok", None, ""),
    (f"{N}tcp_congestion_control = bbr", "4.9", "hazard", "fq", "net.core.default_qdisc = fq"),
    ("net.netfilter.nf_conntrack_buckets = 65536", "4.4", "invalid", "hashsize", None),
    (f"{N}ip_local_port_range = 1024–65535", None, "invalid", "", WIDE),
    (f"{N}tcp_fin_timeout＝30", None, "invalid", "plain character", f"{N}tcp_fin_timeout = 30"),
    (f"sysctl -w {N}tcp_fin_timeout = 30", None, "invalid", "no space", f"sysctl -w {N}tcp_fin_timeout=30"),
    # Harmful values.
    (f"{N}tcp_syncookies = 0", None, "hazard", "flood", f"{N}tcp_syncookies = 1"),
    (f"{N}tcp_syncookies = 2", None, "hazard", "lose TCP options", f"{N}tcp_syncookies = 1"),
    (f"{N}tcp_syncookies = 1", None, "ok", "the kernel's default", ""),
    (f"{N}tcp_timestamps = 0", None, "hazard", "PAWS", f"{N}tcp_timestamps = 1"),
    (f"{N}tcp_sack = 0", None, "hazard", "round trips", f"{N}tcp_sack = 1"),
    (f"{N}tcp_window_scaling = 0", None, "hazard", "64 KiB", f"{N}tcp_window_scaling = 1"),
    (f"{N}tcp_keepalive_probes = 0", None, "hazard", "healthy", f"{N}tcp_keepalive_probes = 9"),
    (f"{N}tcp_keepalive_time = -1", None, "hazard", "never probes", None),
    (f"{N}tcp_abort_on_overflow = 1", None, "hazard", "resets", f"{N}tcp_abort_on_overflow = 0"),
    (f"{N}tcp_retries2 = 5", None, "hazard", "12.6 s", f"{N}tcp_retries2 = 8"),
    (f"{N}tcp_retries2 = 8", None, "ok", "tcp_orphan_retries", ""),
    (f"{N}tcp_fin_timeout = 2", None, "hazard", "slow peers", f"{N}tcp_fin_timeout = 15"),
    (f"{N}tcp_fin_timeout = 30", None, "ok", "never TIME_WAIT", ""),
    (
        f"{N}tcp_mem = 94500000 915000000 927000000",
        None,
        "hazard",
        "page",
        f"# {N}tcp_mem = 94500000 915000000 927000000",
    ),
    (f"{N}tcp_mem = 4096 87380 4194304", None, "hazard", "not bytes as in tcp_rmem", None),
    (f"{N}tcp_mem = 786432 1048576 1572864", None, "ok", None, ""),
    (f"{N}tcp_rmem = 8388608 8388608 16777216", None, "hazard", "8 MiB", f"{N}tcp_rmem = 4096 131072 16777216"),
    (f"{N}ip_unprivileged_port_start = 0", None, "hazard", "every user", None),
    (f"{N}tcp_max_tw_buckets = 0", None, "hazard", "without TIME_WAIT", f"{N}tcp_max_tw_buckets = 262144"),
    ("fs.nr_open = 65535", None, "hazard", "cannot start", "fs.nr_open = 1048576"),
    ("fs.nr_open = 2000500", None, "ok", "before any higher open-file limit", ""),
    (
        *(f"{N}ip_local_port_range = 1024 65000", None, "hazard", "one end is odd"),
        f"{N}ip_local_port_range = 1024 65535\n{N}ip_local_reserved_ports = {LISTENED}",
    ),
    (f"{N}ip_local_port_range = 1025 65001", None, "hazard", "both odd", None),
    (f"{N}ip_local_port_range = 32768 61000", None, "hazard", "both even", f"{N}ip_local_port_range = 32768 60999"),
    (f"{N}ip_local_port_range = 32768 61000", "3.10", "ok", None, ""),
    (f"{N}ip_local_port_range = 1024 65535", None, "hazard", "3306", f"{N}ip_local_reserved_ports = {LISTENED}"),
    (f"{N}ip_local_port_range = 30000 65535", None, "ok", "35536 ports", ""),
    (f"{N}ip_local_reserved_ports = 32768-60999", None, "hazard", "no outgoing connection", None),
    ("net.netfilter.nf_conntrack_tcp_timeout_established = 600", None, "hazard", "7200", None),
    ("net.netfilter.nf_conntrack_tcp_timeout_established = 86400", None, "ok", None, ""),
    # Values with the opposite effect.
    (f"{N}tcp_orphan_retries = 0", None, "wrong_direction", "0 means 8", f"{N}tcp_orphan_retries = 3"),
    (f"{N}tcp_orphan_retries = 9", None, "wrong_direction", "longer than the default", f"{N}tcp_orphan_retries = 3"),
    (f"{N}tcp_orphan_retries = 7", None, "ok", "51 s", ""),
    (f"{N}tcp_orphan_retries = 2147483647", "5.4", "wrong_direction", "longer than the default", None),
    (f"{N}tcp_orphan_retries = 1", None, "ok", "one lost packet", ""),
    (f"{N}tcp_fin_timeout = 65", None, "wrong_direction", "10 s", f"{N}tcp_fin_timeout = 60"),
    (f"{N}tcp_fin_timeout = 90", None, "ok", None, ""),
    # Limits that are lowered.
    (f"{N}tcp_max_tw_buckets = 5000", None, "lowers", "1.22 GiB", f"{N}tcp_max_tw_buckets = 262144"),
    (f"{N}tcp_max_tw_buckets = 180000", None, "ok", "43.9 GiB", ""),
    (f"{N}tcp_max_tw_buckets = 262144", None, "ok", "64 MiB", ""),
    (
        "kernel.shmmax = 134217728",
        None,
        "lowers",
        "since Linux 3.16 the default is in effect unlimited",
        "# kernel.shmmax = 134217728",
    ),
    ("kernel.shmmax = 134217728", "3.10", "ok", None, ""),
    ("fs.file-max = 2000500", None, "lowers", "systemd 240", "# fs.file-max = 2000500"),
    ("fs.file-max = 2000500", "3.10.0-1160.el7.x86_64", "ok", "19.1 GiB", ""),
    ("fs.file-max = 65535", "3.10", "lowers", "GiB", None),
    ("net.core.somaxconn = 1024", None, "lowers", "4096", "net.core.somaxconn = 4096"),
    ("net.core.somaxconn = 1024", "4.19", "ok", None, ""),
    ("kernel.sem = 250 32000 100 128", None, "lowers", "32000 1024000000 500 32000", None),
    (f"{N}tcp_rmem = 32768 436600 873200", None, "lowers", "maximum", f"{N}tcp_rmem = 32768 436600 33554432"),
    ("net.netfilter.nf_conntrack_max = 65536", None, "lowers", "262144", None),
    # Settings without effect.
    (
        f"{N}tcp_max_syn_backlog = 8192",
        None,
        "no_effect",
        "only while tcp_syncookies is 0",
        "net.core.somaxconn = 8192",
    ),
    (f"{N}tcp_max_syn_backlog = 8192", "3.10", "ok", "limits the SYN queue", ""),
    (f"{N}tcp_tw_reuse = 1", None, "ok", "outgoing connections", ""),
    (f"{N}tcp_tw_reuse = 0", None, "ok", "default is 2", ""),
    (f"{N}tcp_keepalive_time = 1200", None, "ok", "SO_KEEPALIVE", ""),
    ("net.nf_conntrack_max = 2000500", None, "ok", "buckets", "net.netfilter.nf_conntrack_buckets = 524288"),
]


@pytest.mark.parametrize(("text", "kernel", "verdict", "message", "suggestion"), CASES)
def test_setting_is_judged(text, kernel, verdict, message, suggestion):
    judged = row(text, kernel=kernel)
    assert (judged["verdict"], judged["line"]) == (verdict, 1), judged
    assert message is None or message in judged["message"], judged
    assert suggestion is None or judged["suggestion"] == suggestion, judged


@pytest.mark.parametrize(("text", "kernel"), [case[:2] for case in CASES])
def test_suggestion_is_ok(text, kernel):
    suggestion = row(text, kernel=kernel)["suggestion"]
    if suggestion and not suggestion.startswith("#"):
        assert {judged["verdict"] for judged in engine.lint(suggestion, kernel=kernel)} == {"ok"}, suggestion


def test_cases_cover_each_verdict():
    together = "net.core.somaxconn = 5000\nnet.core.somaxconn = 6000\n"
    met = {judged["verdict"] for text, kernel, *_rest in CASES for judged in engine.lint(text, kernel=kernel)}
    met |= {judged["verdict"] for judged in engine.lint(together)}
    met |= {row(f"{N}ip_local_port_range = 1024 65535", facts=facts(listeners=[8080]))["verdict"]}
    assert met == set(VERDICTS)


@pytest.mark.parametrize(
    ("text", "given", "verdict", "message"),
    [
        (f"{N}tcp_max_tw_buckets = 262144", facts(net__ipv4__tcp_max_tw_buckets="524288"), "lowers", "has 524288"),
        (f"{N}tcp_max_tw_buckets = 5000", facts(net__ipv4__tcp_max_tw_buckets="4096"), "ok", ""),
        (f"{N}tcp_max_tw_buckets = 5000", {"nettune_tcp": {"time_wait": {"max": 131072}}}, "lowers", "131072"),
        ("fs.nr_open = 2000500", facts(fs__nr_open="1073741816"), "lowers", "1073741816"),
        ("net.core.somaxconn = 1024", facts(net__core__somaxconn="128"), "ok", ""),
        (f"{N}ip_local_port_range = 1024 65535", facts([80, 8080, 9000]), "collides", "8080, 9000"),
        (f"{N}ip_local_port_range = 1024 65535", facts([80]), "ok", "64512"),
        (f"{N}ip_local_port_range = 1024 65000", facts([8080]), "collides", "both even"),
        (f"{N}ip_local_port_range = 32768 60999", facts([45231]), "ok", ""),
        (
            f"{N}ip_local_reserved_ports = 80",
            facts([8080], net__ipv4__ip_local_reserved_ports="8080"),
            "collides",
            "8080",
        ),
        (f"{N}tcp_max_syn_backlog = 8192", facts(net__core__somaxconn="65535"), "ok", "the host's somaxconn (65535)"),
        (f"{N}tcp_max_syn_backlog = 8192", facts(net__core__somaxconn="4096"), "no_effect", "somaxconn"),
        (f"{N}tcp_tw_reuse = 1", facts(net__ipv4__tcp_timestamps="0"), "no_effect", "tcp_timestamps is 0"),
        (f"{N}tcp_no_such_thing_at_all = 1", facts(net__ipv4__tcp_no_such_thing_at_all="1"), "ok", "the host has it"),
        (f"{N}tcp_tw_recycle = 1", {"ansible_kernel": "3.10.0-1160"}, "hazard", "NAT"),
        (f"{N}tcp_tw_recycle = 1", facts(kernel__osrelease="6.1.0-13-amd64"), "removed", "4.12"),
    ],
)
def test_setting_is_judged_for_a_known_host(text, given, verdict, message):
    judged = row(text, facts=given)
    assert (judged["verdict"], message in judged["message"]) == (verdict, True), judged


def test_collision_suggests_reserved_ports():
    judged = row(f"{N}ip_local_port_range = 1024 65535", facts=facts([8080], net__ipv4__ip_local_reserved_ports="7000"))
    assert judged["suggestion"] == f"{N}ip_local_reserved_ports = 7000,8080"


def test_parameter_that_the_host_lacks_has_no_effect():
    lacks = {
        "nettune_sysctl": {"keys": {"net.netfilter.nf_conntrack_max": {"value": None, "reason": "no nf_conntrack"}}}
    }
    judged = row("net.netfilter.nf_conntrack_max = 262144", facts=lacks)
    assert (judged["verdict"], "no nf_conntrack" in judged["message"]) == ("no_effect", True)


def test_given_kernel_overrides_the_host_kernel():
    assert row(f"{N}tcp_tw_recycle = 1", kernel="3.10", facts={"ansible_kernel": "6.1.0"})["verdict"] == "hazard"


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        (f"{N}tcp_timestamps = 0\n{N}tcp_tw_reuse = 1", ["hazard", "no_effect"]),
        (f"{N}tcp_max_syn_backlog = 8192\nnet.core.somaxconn = 8192", ["ok", "ok"]),
        (f"{N}tcp_tw_reuse_delay = 500\n{N}tcp_tw_reuse = 0", ["no_effect", "ok"]),
        (f"{N}tcp_max_syn_backlog = 8192\n{N}tcp_syncookies = 0", ["ok", "hazard"]),
        (f"{N}ip_local_port_range = 1024 65535\n{N}ip_local_reserved_ports = 3306,8080", ["ok", "ok"]),
        (f"{N}tcp_keepalive_probes = 2\n{N}tcp_keepalive_intvl = 2", ["ok", "hazard"]),
        (f"{N}tcp_keepalive_probes = 3\n{N}tcp_keepalive_intvl = 15", ["ok", "ok"]),
        (
            f"net.netfilter.nf_conntrack_tcp_timeout_established = 1200\n{N}tcp_keepalive_time = 1200",
            ["hazard", "ok"],
        ),
        (
            f"net.netfilter.nf_conntrack_tcp_timeout_established = 1200\n{N}tcp_keepalive_time = 600",
            ["ok", "ok"],
        ),
        ("net.netfilter.nf_conntrack_max = 4194304\nnet.netfilter.nf_conntrack_buckets = 65536", ["hazard", "ok"]),
    ],
)
def test_settings_that_depend_on_each_other(text, verdicts):
    assert [judged["verdict"] for judged in engine.lint(text)] == verdicts


def test_secrets_are_not_shown():
    judged = row(f"{N}tcp_fastopen_key = 11111111-22222222-33333333-44444444")
    assert "1111" not in str(judged)
    assert judged["value"] == "(secret)"


def test_placeholder_is_not_judged():
    assert row(f"sysctl -w {N}tcp_syncookies=$COOKIES")["message"] == "not judged: the value is filled in later"


def test_undecodable_bytes_are_printable():
    judged = row("net.ipv4.tcp_congestion_control = a\udcff")
    assert judged["value"].encode() == b"a"


@pytest.mark.parametrize("kernel", ["", "six", "6", "v6.8", 6, 3.10, "1.0", "6.8;rm", ["6.8"], "6..8"])
def test_invalid_kernel_is_refused(kernel):
    if kernel == "":
        assert row(f"{N}tcp_tw_reuse_delay = 500", kernel=kernel)["verdict"] == "ok"
        return
    with pytest.raises(InvalidOption, match="kernel is"):
        engine.lint("", kernel=kernel)


@pytest.mark.parametrize("given", ["text", ["list"], {"unrelated": 1}, 5])
def test_invalid_facts_are_refused(given):
    with pytest.raises(InvalidOption, match="facts"):
        engine.lint("", facts=given)
