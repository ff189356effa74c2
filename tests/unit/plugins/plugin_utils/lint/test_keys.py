# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import keys

FIN = "net.ipv4.tcp_fin_timeout"


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("net/ipv4/tcp_fin_timeout", FIN),
        ("/proc/sys/net/ipv4/tcp_fin_timeout", FIN),
        (FIN, FIN),
        ("net..ipv4", "net..ipv4"),
        ("tcp_fin_timeout", "tcp_fin_timeout"),
    ],
)
def test_canonical_name_of_a_key(key, name):
    assert keys.canonical(key) == name


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("tcp_fin_timeout", FIN),
        ("somaxconn", "net.core.somaxconn"),
        ("ipv4.tcp_fin_timeout", FIN),
        ("file-max", "fs.file-max"),
        (FIN, FIN),
        ("tcp_fin_timeouts", None),
        ("timeout", None),
    ],
)
def test_path_is_completed(key, name):
    assert keys.with_path(key) == name


@pytest.mark.parametrize(
    ("key", "has"), [(FIN, True), ("vm/swappiness", True), ("kernel", False), ("server.port", False)]
)
def test_key_with_a_root(key, has):
    assert keys.has_root(key) is has


@pytest.mark.parametrize(
    ("key", "resembles"),
    [("tcp_fin_timout", True), ("nte.ipv4.tcp_syn_retries", True), ("max_size", False), ("server.max_size", False)],
)
def test_key_that_resembles_a_parameter(key, resembles):
    assert keys.resembles(key) is resembles
