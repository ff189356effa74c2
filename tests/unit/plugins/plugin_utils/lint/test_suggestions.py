# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each suggestion, linted for the same kernel and host, is ok; or the suggestion is to remove the line."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue, value
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import NEVER
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine, reading

N = "net.ipv4."
HOST = {
    "net.core.somaxconn": "65535",
    "net.core.netdev_max_backlog": "5000",
    "net.ipv4.tcp_max_tw_buckets": "524288",
    "net.ipv4.tcp_mem": "760000 1013000 1520000",
    "net.ipv4.tcp_rmem": "4096 131072 33554432",
    "net.ipv4.tcp_timestamps": "0",
    "net.ipv4.tcp_keepalive_time": "3600",
    "net.ipv4.ip_local_port_range": "32768 60999",
    "net.ipv4.ip_local_reserved_ports": "7000",
    "net.ipv4.ip_unprivileged_port_start": "1024",
    "net.netfilter.nf_conntrack_max": "1048576",
    "net.netfilter.nf_conntrack_buckets": "262144",
    "fs.nr_open": "2000000",
    "kernel.pid_max": "4194304",
}
FACTS = {
    "nettune_sysctl": {"keys": {name: {"value": text} for name, text in HOST.items()}},
    "nettune_tcp": {"listeners": [{"port": port} for port in (22, 8080, 9000)]},
}
TARGETS = [
    (None, None),
    (None, FACTS),
    ("2.6.32", None),
    ("3.10", None),
    ("4.18", FACTS),
    ("5.10", None),
    ("6.1", FACTS),
]
VECTORS = {
    2: ["1024 65000", "1024 65535", "1025-65001", "60000 20001", "500 600", "1 1", "5"],
    3: [
        "1 1 1",
        "3 2 1",
        "1, 2, 3",
        "8388608 8388608 8388608",
        "50331648 50331648 50331648",
        "4096 87380 4194304",
        "5",
    ],
    4: ["250 32000 32 128", "1 1 1 1", "4 3 2 1", "5"],
}
PORTS = ["80", "80 443", "80, 443", "99999", "1-65535", "32768-60999", "80x", "443-80"]
WORDS = ["cubci", "bbr", "fq_codel", "a b", "", "Cubic"]


def values(row):
    """Return harmful, impossible and extreme values, and those around the bounds and the default."""
    if row.kind == "ports":
        return PORTS
    if row.kind == "vector":
        return VECTORS[row.count]
    if row.kind != "int":
        return WORDS
    bounds = {number + step for number in (row.low or 0, row.high or 0) for step in (-1, 0, 1)}
    default = int(row.default) if row.default and row.default.lstrip("-").isdigit() else 0
    numbers = {*bounds, 0, 1, 2, 5, 1024, 65535, 262143, 8388608, default, default - 1, default // 2, default * 4}
    return [*map(str, sorted(numbers)), "abc", "16M", "1,024", "on", "", "30;"]


@pytest.mark.long
@pytest.mark.parametrize(("kernel", "facts"), TARGETS)
def test_suggestions_are_ok_for_the_whole_catalogue(kernel, facts):
    checked = 0
    for row in catalogue.rows():
        name = row.name.replace("*", "eth0")
        for text in values(row):
            for judged in engine.lint(f"{name} = {text}", kernel=kernel, facts=facts):
                suggestion = judged["suggestion"]
                if suggestion and not suggestion.startswith("#"):
                    again = engine.lint(suggestion, kernel=kernel, facts=facts)
                    assert again, suggestion
                    assert {one["verdict"] for one in again} == {"ok"}, (f"{name} = {text}", suggestion, again)
                    assert_sound(suggestion, facts, given=f"{name} = {text}")
                    checked += 1
    assert checked > 500


def assert_sound(suggestion, facts, *, given):
    """Check that no suggested line names an impossible key, widens a key, or lowers a limit of the host."""
    for setting in reading.settings(suggestion):
        known = catalogue.find(setting.key)
        assert known is not None, given
        assert known.removed != NEVER, given
        wide = {"all", "default"} & set(setting.key.split("."))
        assert not wide or wide <= set(given.split(" ")[0].split(".")), given
        running = HOST.get(setting.key) if facts and (known.raise_only or known.capacity) else None
        if running:
            pairs = zip(value.numbers(setting.value), value.numbers(running))
            assert all(asked >= had for asked, had in pairs), (given, suggestion)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        (f"{N}conf.eth0.7.rp_filter = 2", f"{N}conf.eth0/7.rp_filter = 2"),
        (f"{N}conf.rp_filter = 2", f"# {N}conf.rp_filter = 2"),
        (f"{N}rp_filter = 2", f"# {N}rp_filter = 2"),
        (f"{N}tcp.fin_timeout = 30", f"{N}tcp_fin_timeout = 30"),
        (f"{N}tcp_mem = 50331648 50331648 50331648", f"# {N}tcp_mem = 50331648 50331648 50331648"),
        (f"{N}tcp_max_syn_backlog = 1024", "net.core.somaxconn = 4096"),
        (f"{N}tcp_max_syn_backlog = 9000", "net.core.somaxconn = 9000"),
        ("net.core_somaxconn = 512", "net.core.somaxconn = 4096"),
    ],
)
def test_suggestion(text, suggestion):
    (judged,) = engine.lint(text)
    assert judged["suggestion"] == suggestion


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        (f"{N}tcp_mem = 65536 131072 262144\n{N}udp_mem = 65536 131072 262144", ["lowers", "lowers"]),
        (f"{N}ip_no_pmtu_disc = 1\n{N}neigh.default.unres_qlen = 6", ["hazard", "lowers"]),
        (f"{N}neigh.eth0.unres_qlen = 101", ["ok"]),
        ("kernel.pid_max = 4194303\nnet.core.somaxconn = 4095", ["ok", "ok"]),
        ("kernel.pid_max = 4194302\nnet.core.somaxconn = 4094", ["lowers", "lowers"]),
        (f"{N}ip_local_port_range = 20001 60000", ["ok"]),
    ],
)
def test_verdicts(text, verdicts):
    assert [judged["verdict"] for judged in engine.lint(text)] == verdicts


def test_line_in_the_wrong_place_says_that_it_lowers_the_limit():
    first, _second = engine.lint(f"{N}ipfrag_high_thresh = 524288\n{N}ipfrag_low_thresh = 393216")
    assert (first["verdict"], "lowers" in first["message"]) == ("ordering", True)
    assert first["suggestion"] == f"# {N}ipfrag_high_thresh = 524288"


def test_ports_of_services_that_no_listener_shows():
    hint = "on a Kubernetes node"
    for reserved, shown in (("50000", True), ("30000-32767", False)):
        first, _second = engine.lint(
            f"{N}ip_local_port_range = 28000 60999\n{N}ip_local_reserved_ports = {reserved}", facts=FACTS
        )
        assert (first["verdict"], hint in first["message"]) == ("ok", shown)


def test_backlog_bounds_the_queue_before_linux_4_4():
    (judged,) = engine.lint(f"{N}tcp_max_syn_backlog = 8192", kernel="3.10")
    assert judged["verdict"] == "ok"
