# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import facts
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.snapshot import Host, Reading

FIN = "net.ipv4.tcp_fin_timeout"


def fact(name: str, text: str | None, files: dict, **more: object) -> dict:
    readings = {name: Reading(None) if text is None else Reading(text)}
    host = Host(kernel="6.12.0", readings=readings, boot_files=files, **more)
    return facts.parameter_facts([name], host)[name]


def test_running_15_and_30_in_a_file_is_drift() -> None:
    found = fact(FIN, "15", {"/etc/sysctl.conf": "net.ipv4.tcp_fin_timeout = 30\n"}, loader="procps")
    assert (found["value"], found["boot_value"], found["drift"]) == ("15", "30", True)
    assert found["boot_source"] == {"path": "/etc/sysctl.conf", "line": 1}


@pytest.mark.parametrize(
    ("name", "text", "line", "drift"),
    [
        (FIN, "30", "net/ipv4/tcp_fin_timeout=30", False),
        (FIN, "30", "net.ipv4.tcp_fin_timeout = 0x1e", False),
        (FIN, "30", "net.ipv4.tcp_fin_timeout = 30 # comment", False),
        (FIN, "30", "net.ipv4.tcp_*_timeout = 31", True),
        ("net.ipv4.ip_local_port_range", "1024\t65535", "net.ipv4.ip_local_port_range = 1024 65535", False),
        ("net.ipv4.ip_local_reserved_ports", "1-4", "net.ipv4.ip_local_reserved_ports = 1,2,3,4", False),
        ("net.ipv4.ip_local_reserved_ports", "1-4", "net.ipv4.ip_local_reserved_ports = 1,2,3", True),
    ],
)
def test_drift_is_a_difference_in_meaning(name: str, text: str, line: str, drift: bool) -> None:
    assert fact(name, text, {"/etc/sysctl.d/a.conf": line})["drift"] is drift


def test_overridden_lines_are_listed_with_their_places() -> None:
    files = {"/etc/sysctl.d/10-a.conf": f"# x\n{FIN}=60\n", "/usr/lib/sysctl.d/99-z.conf": f"{FIN}=20\n"}
    found = fact(FIN, "20", files)
    assert found["boot_source"] == {"path": "/usr/lib/sysctl.d/99-z.conf", "line": 1}
    assert found["shadowed"] == [{"path": "/etc/sysctl.d/10-a.conf", "line": 2, "value": "60"}]


def test_without_a_line_there_is_no_boot_value_and_no_drift() -> None:
    found = fact(FIN, "60", {})
    assert (found["boot_value"], found["boot_source"], found["shadowed"], found["drift"]) == (None, None, [], False)


@pytest.mark.parametrize(
    ("name", "known", "reason"),
    [
        ("net.ipv4.tcp_tw_recycle", True, "removed in Linux 4.12"),
        ("net.ipv4.tcp_tw_recyle", False, "did you mean net.ipv4.tcp_tw_recycle?"),
        ("net.netfilter.nf_conntrack_tcp_loose", True, "while the kernel module nf_conntrack is loaded"),
    ],
)
def test_absent_parameter_has_a_reason(name: str, known: bool, reason: str) -> None:
    found = fact(name, None, {})
    assert (found["value"], found["writable"], found["known"]) == (None, False, known)
    assert reason in found["reason"]


def test_host_wide_and_locked_parameters() -> None:
    assert fact("fs.file-max", "5", {})["namespaced"] is False
    assert fact(FIN, "5", {})["namespaced"] is True
    host = Host(kernel="6.12.0", readings={FIN: Reading("5", locked="EROFS")})
    assert facts.parameter_facts([FIN], host)[FIN]["writable"] is False


def test_secret_is_not_shown() -> None:
    name = "net.ipv4.tcp_fastopen_key"
    found = fact(name, "1-2-3-4", {"/etc/sysctl.d/a.conf": f"{name} = 5-6-7-8"})
    assert (found["value"], found["boot_value"], found["drift"]) == ("(secret)", "(secret)", True)


def test_names_and_patterns_keep_their_order() -> None:
    existing = {"net.ipv4.conf.eth0/100.rp_filter", "vm.vendor_a", "vm.vendor_b"}
    assert facts.selected_names(["vm.vendor_*", "net/ipv4/tcp_fin_timeout"], existing) == [
        "vm.vendor_a",
        "vm.vendor_b",
        FIN,
    ]
    assert facts.selected_names(["net/ipv4/conf/eth0.*/rp_filter"], existing) == ["net.ipv4.conf.eth0/100.rp_filter"]


@pytest.mark.parametrize("key", ["", "/etc/passwd", "net/../x", "nothing.like.this*", "a b.c"])
def test_invalid_names_and_patterns_are_refused(key: str) -> None:
    with pytest.raises(InvalidOption):
        facts.selected_names([key], {"net.ipv4.tcp_fin_timeout"})


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("net.ipv4.tcp_fin_timeout", "30s", "'30s' is not a whole number; allowed: -21474836 to 21474836"),
        ("net.ipv4.tcp_fin_timeout", "", "'' is not one number"),
        ("net.ipv4.tcp_rmem", "8192 87380", "'8192 87380' is not 3 numbers separated by spaces"),
        ("net.ipv4.tcp_fin_timeout", "0x1e # x", ""),
        ("net.core.default_qdisc", "fq", ""),
    ],
)
def test_value_that_the_kernel_does_not_take_is_not_known(name: str, value: str, problem: str) -> None:
    path = "/etc/sysctl.d/a.conf"
    found = fact(name, None, {path: f"{name} = {value}\n"})
    reason = f"not known: the kernel takes the value in {path}:1 only in part or not at all: {name}: {problem}"
    assert found["boot_reason"] == (reason if problem else None)
    assert (found["boot_value"] is None) is bool(problem)
    assert not found["drift"]
