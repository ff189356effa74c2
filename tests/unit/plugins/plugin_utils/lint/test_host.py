# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts of a host, wherever they are among its variables."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.host import NOBODY, from_facts

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
def test_facts_are_found(facts):
    host = from_facts(facts)
    assert (host.values, host.listeners) == ({KEY: "60"}, frozenset({80}))


@pytest.mark.parametrize("facts", [None, {}])
def test_no_facts_are_no_host(facts):
    assert from_facts(facts) is NOBODY


def test_what_is_absent_has_its_reason():
    keys = {"net.netfilter.nf_conntrack_max": {"value": None, "reason": "no module"}}
    assert from_facts({"nettune_sysctl": {"keys": keys}}).absent == {"net.netfilter.nf_conntrack_max": "no module"}


@pytest.mark.parametrize("value", ["abc", "1024", "1024 x", "", ["1024"], True, None])
def test_a_value_that_is_none_does_not_count(value):
    keys = {"net.ipv4.ip_local_port_range": {"value": value}, KEY: {"value": 60}}
    assert from_facts({"nettune_sysctl": {"keys": keys}}).values == {KEY: "60"}


def test_limits_among_tcp_facts():
    tcp = {"time_wait": {"max": 131072}, "conntrack": None, "memory": {"low": 1, "pressure": 2, "high": 3}}
    assert from_facts({"nettune_tcp": tcp}).values == {
        "net.ipv4.tcp_max_tw_buckets": "131072",
        "net.ipv4.tcp_mem": "1 2 3",
    }


def test_ports_among_tcp_facts():
    ephemeral = {"range": [1024, 65535], "reserved": ["80", "8000-8100"], "available": 1}
    assert from_facts({"nettune_tcp": {"ephemeral": ephemeral}}).values == {
        "net.ipv4.ip_local_port_range": "1024 65535",
        "net.ipv4.ip_local_reserved_ports": "80,8000-8100",
    }


@pytest.mark.parametrize("ephemeral", [None, {"range": [1]}, {"range": ["x", "y"]}, {"reserved": ["x"]}, {"range": 5}])
def test_ports_that_are_none(ephemeral):
    assert from_facts({"nettune_tcp": {"ephemeral": ephemeral}}).values == {}


def test_a_kernel_of_setup():
    assert from_facts({"ansible_facts": {"kernel": "6.1.0-13-amd64"}}).release == "6.1.0-13-amd64"
