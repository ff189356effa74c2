# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names, keys and values that the module refuses: one sentence, and nothing is written."""

from __future__ import annotations

from typing import Any, Callable

import pytest
from ansible_collections.nettune.tcp.plugins.modules import sysctl_profile
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost

SACK, FIN = "net.ipv4.tcp_sack", "net.ipv4.tcp_fin_timeout"


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("../web", {SACK: 1}, "name: '../web' is not allowed"),
        ("Web", {SACK: 1}, "lower-case letter"),
        ("web", {"net/../../etc/passwd": 1}, "'..'"),
        ("web", {"/etc/x": 1}, "is a path"),
        ("web", {"/proc/sys/net/ipv4/tcp_sack": 1}, f"did you mean {SACK}?"),
        ("web", {"net.ipv4.*": 1}, "is a pattern"),
        ("web", {f"{SACK}\n": 1}, "contains a character"),
        ("web", {f"{SACK}\0": 1}, "contains a character"),
        ("web", {f"-{SACK}": 1}, "begins with '-'"),
        ("web", {"net.ipv4.tcp_tw_recyle": 1}, "did you mean net.ipv4.tcp_tw_recycle?"),
        ("web", {"net.ipv4.conf.eth0.100.rp_filter": 1}, "unknown kernel parameter"),
        ("web", {"net.ipv4.somaxconn": 1}, "did you mean net.core.somaxconn?"),
        ("web", {"net.ipv4.tcp_user_timeout": 1}, "has never been a kernel parameter"),
        ("web", {SACK: True}, "True is not a kernel value"),
        ("web", {SACK: "yes please"}, "is not one number"),
        ("web", {SACK: 1.5}, "1.5 is neither"),
        ("web", {SACK: "010"}, "octal"),
        ("web", {SACK: "1 # on"}, "is not one number"),
        ("web", {"net.ipv4.tcp_rmem": "1,2,3"}, "commas do not separate numbers"),
        ("web", {SACK: {"at_leest": 1}}, "did you mean at_least?"),
        ("web", {"net.ipv4.ip_local_reserved_ports": "80,http"}, "'http' is neither a port"),
        ("web", {"net.ipv4.tcp_max_tw_buckets": 5}, "hazard tw_buckets_lowered"),
        ("web", {"net.core.somaxconn": 5}, "hazard floor_lowered"),
        ("web", {SACK: 1, "net/ipv4/tcp_sack": 1}, "given more than once"),
    ],
)
def test_refused_with_a_sentence(
    host: FakeHost,
    run_module: Callable[..., dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    settings: dict[str, Any],
    message: str,
) -> None:
    monkeypatch.setattr(sysctl_profile, "HostFiles", lambda: host)
    before = host.tree()
    result = run_module(sysctl_profile, name=name, settings={**settings, FIN: 30})
    assert result["failed"]
    assert message in result["msg"]
    assert host.tree() == before
