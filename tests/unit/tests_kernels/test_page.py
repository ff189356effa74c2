# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.tests.kernels import page
from ansible_collections.nettune.tcp.tests.kernels.page import PAGE, text


def row(name: str):
    return catalogue.find(name)


def test_page_is_current() -> None:
    assert PAGE.read_text() == text(), "run python -m tests.kernels to update the page"


def test_page_has_the_parameters_of_the_kernels_and_no_others() -> None:
    shown = text()
    assert "``net.ipv4.tcp_fin_timeout``" in shown
    assert "``net.ipv4.tcp_tw_recycle``" not in shown


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
