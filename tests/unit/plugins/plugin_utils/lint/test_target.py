# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.target import NO_HOST, parse_facts, parse_kernel

KEY = "net.ipv4.tcp_fin_timeout"
SYSCTL = {"loader": "systemd", "keys": {KEY: {"value": "60"}}}
TCP = {"listeners": [{"address": "::", "port": 80}]}


@pytest.mark.parametrize(
    "facts",
    [
        {"nettune_sysctl": SYSCTL, "nettune_tcp": TCP},
        {"ansible_facts": {"nettune_sysctl": SYSCTL, "nettune_tcp": TCP}},
        {"inventory_hostname": "web1", "nettune_sysctl": SYSCTL, "ansible_facts": {"nettune_tcp": TCP}},
        {**TCP, "nettune_sysctl": SYSCTL},
        {**SYSCTL, "nettune_tcp": TCP},
        {"host": "web1", **TCP, "sysctl": SYSCTL},
    ],
)
def test_facts_are_found_at_each_place(facts):
    host = parse_facts(facts)
    assert (host.values, host.listeners) == ({KEY: "60"}, frozenset({80}))


@pytest.mark.parametrize("facts", [None, {}])
def test_no_facts_mean_no_host(facts):
    assert parse_facts(facts) is NO_HOST


def test_absent_parameter_has_a_reason():
    keys = {"net.netfilter.nf_conntrack_max": {"value": None, "reason": "no module"}}
    assert parse_facts({"nettune_sysctl": {"keys": keys}}).absent == {"net.netfilter.nf_conntrack_max": "no module"}


@pytest.mark.parametrize("value", ["abc", "1024", "1024 x", "", ["1024"], True, None])
def test_invalid_value_is_ignored(value):
    keys = {"net.ipv4.ip_local_port_range": {"value": value}, KEY: {"value": 60}}
    assert parse_facts({"nettune_sysctl": {"keys": keys}}).values == {KEY: "60"}


def test_limits_of_tcp_facts():
    tcp = {"time_wait": {"max": 131072}, "conntrack": None, "memory": {"low": 1, "pressure": 2, "high": 3}}
    assert parse_facts({"nettune_tcp": tcp}).values == {
        "net.ipv4.tcp_max_tw_buckets": "131072",
        "net.ipv4.tcp_mem": "1 2 3",
    }


def test_ports_of_tcp_facts():
    ephemeral = {"range": [1024, 65535], "reserved": ["80", "8000-8100"], "available": 1}
    assert parse_facts({"nettune_tcp": {"ephemeral": ephemeral}}).values == {
        "net.ipv4.ip_local_port_range": "1024 65535",
        "net.ipv4.ip_local_reserved_ports": "80,8000-8100",
    }


@pytest.mark.parametrize("ephemeral", [None, {"range": [1]}, {"range": ["x", "y"]}, {"reserved": ["x"]}, {"range": 5}])
def test_invalid_ports_are_ignored(ephemeral):
    assert parse_facts({"nettune_tcp": {"ephemeral": ephemeral}}).values == {}


def test_kernel_release_of_setup():
    assert parse_facts({"ansible_facts": {"kernel": "6.1.0-13-amd64"}}).release == "6.1.0-13-amd64"


@pytest.mark.parametrize(
    ("given", "release"),
    [
        ("3.10", "3.10"),
        ("2.6.32-754.el6.x86_64", "2.6.32-754.el6.x86_64"),
        ("6.1.0~rc1", "6.1.0~rc1"),
        ("5.10.16.3-microsoft-standard-WSL2", "5.10.16.3-microsoft-standard-WSL2"),
        (" 6.12.117+deb13 ", "6.12.117+deb13"),
    ],
)
def test_kernel_release(given, release):
    assert parse_kernel(given).release == release


@pytest.mark.parametrize("given", ["six", "6", "v6.8", 6, 3.10, "1.0", "2.4.37", "6.8;rm", ["6.8"], "6..8"])
def test_invalid_kernel_release_is_refused(given):
    with pytest.raises(InvalidOption, match="kernel is"):
        parse_kernel(given)


def test_kernel_has_the_features_of_earlier_releases():
    kernel = parse_kernel("6.8.0-31-generic")
    assert kernel.has("5.19")
    assert not kernel.has("6.9")
    assert str(kernel) == "Linux 6.8.0-31-generic"
