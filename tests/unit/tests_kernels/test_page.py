# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.tests.kernels import page, reasons
from ansible_collections.nettune.tcp.tests.kernels.known import hazards, life_cycle
from ansible_collections.nettune.tcp.tests.kernels.page import PAGE, text


def row(name: str):
    return catalogue.find(name)


def test_page_is_current() -> None:
    assert PAGE.read_text() == text(), "run python -m tests.kernels to update the page"


def test_page_has_the_parameters_of_the_kernels_and_then_the_removed_ones() -> None:
    there, removed = text().split("\nRemoved parameters\n")
    assert "``net.ipv4.tcp_fin_timeout``\n" in there
    assert "``net.ipv4.tcp_tw_recycle``\n" in removed
    assert "``net.ipv4.tcp_tw_recycle``\n" not in there


def test_what_is_known_of_a_parameter() -> None:
    assert list(page._more(row("net.ipv4.tcp_syncookies"))) == [
        "``net.ipv4.tcp_syncookies``",
        "  | The key exists only in kernels built with CONFIG\\_SYN\\_COOKIES.",
        "  | *Applies to*: The next connection request.",
        "  | *Hazards*: ``0``: a small SYN flood keeps all clients out; since Linux 3.12, ``2`` and more: always sends"
        " cookies, so clients lose TCP options.",
        "  | *Recommended*: ``1`` (role ``squid``, role ``web``, remedy ``syn_queue``); ``0`` (002 last ack session,"
        " line 4: hazard); ``1`` (000 general, lines 1, 7; 001 squid, line 1; 001 web, line 1; 002 time wait, line 1;"
        " 002 last ack session, line 5; 004 time wait, line 1).",
        "",
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("net.ipv4.tcp_rto_max_ms", "since Linux 6.15"),
        ("net.ipv4.tcp_migrate_req", "since Linux 5.14 (stable updates of 5.10 and later have it too)"),
        ("net.ipv4.tcp_low_latency", "has no effect since Linux 4.14"),
        ("net.ipv4.ip_conntrack_max", "removed in Linux 4.9; now ``net.netfilter.nf_conntrack_max``"),
        ("vm.dirty_ratio", "writing it sets ``vm.dirty_bytes`` to 0"),
        ("net.ipv4.tcp_sack", ""),
    ],
)
def test_life_cycle(name: str, expected: str) -> None:
    assert life_cycle(row(name)) == expected


def test_what_a_new_value_applies_to() -> None:
    assert reasons.effect("net.ipv4.tcp_tw_reuse") == "The next outgoing connection."
    assert reasons.effect("net.ipv4.tcp_sack") == "New connections."
    assert reasons.effect("net.netfilter.nf_conntrack_udp_timeout") == "An entry's next packet."
    assert reasons.effect("net.ipv4.tcp_stdurg") == ""


def test_effects_are_of_known_parameters() -> None:
    assert [name for name in reasons.EFFECTS if catalogue.find(name) is None or name in reasons.ABOUT] == []


def test_every_hazard_of_a_parameter_is_described() -> None:
    assert all(isinstance(hazards(one), list) for one in catalogue.rows())


@pytest.mark.parametrize(
    ("name", "kernel", "expected"),
    [
        ("net.ipv4.tcp_ecn", "6.1", "0 to 2"),
        ("net.ipv4.tcp_rto_max_ms", "6.1", "not there"),
        ("net.ipv4.tcp_available_ulp", "6.1", "read-only"),
        ("net.ipv4.tcp_congestion_control", "6.1", "a word"),
        ("net.ipv4.tcp_keepalive_time", "6.1", "-21474836 to 21474836 (some only -2147483 to 2147483)"),
    ],
)
def test_bounds(name: str, kernel: str, expected: str) -> None:
    assert page.bounds(row(name), kernel) == expected


def test_defaults() -> None:
    assert page.default(row("net.ipv4.tcp_comp_sack_slack_ns"), "7.3") == "``10000``"
    assert page.default(row("net.ipv4.tcp_mem"), "6.1") == "\\-"


def test_kernels_that_were_asked() -> None:
    assert page.seen("net.ipv4.tcp_ecn") == ["5.10", "6.1", "6.12", "7.3"]
    assert page.seen("kernel.sched_latency_ns") == ["5.10"]
    assert page.seen("no.such_parameter") == []
