# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names as people write them."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import names

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
def test_canonical(key, name):
    assert names.canonical(key) == name


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
def test_a_name_without_its_path(key, name):
    assert names.with_path(key) == name


@pytest.mark.parametrize(
    ("key", "has"), [(FIN, True), ("vm/swappiness", True), ("kernel", False), ("server.port", False)]
)
def test_a_root(key, has):
    assert names.has_root(key) is has


@pytest.mark.parametrize(
    ("key", "like"),
    [("tcp_fin_timout", True), ("nte.ipv4.tcp_syn_retries", True), ("max_size", False), ("server.max_size", False)],
)
def test_like_a_parameter(key, like):
    assert names.like(key) is like
