# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import admit as sysctl_admit
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.admit import Setting
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.snapshot import Host, Reading

FIN, MAX = "net.ipv4.tcp_fin_timeout", "net.netfilter.nf_conntrack_max"
READINGS = {
    FIN: Reading("60"),
    "net.ipv4.tcp_rmem": Reading("4096\t131072\t6291456"),
    "net.ipv4.conf.eth0/100.rp_filter": Reading("2"),
    "net.core.somaxconn": Reading("4096"),
    "net.ipv4.tcp_sack": Reading("1", locked="EROFS: read-only"),
    "net.ipv4.route.flush": Reading(None, "it is write-only"),
    MAX: Reading("262144"),
    "fs.file-max": Reading("100000"),
    "kernel.shmmax": Reading("1"),
    "vm.secret_thing": Reading(None, "EACCES: Permission denied"),
    "net.vendor.numbers": Reading("1 2 3"),
    "net.vendor.words": Reading("one two"),
    "net.vendor.nothing": Reading(""),
}


def admit(settings: dict[Any, Any], **differs: Any) -> list[Setting]:
    host = Host("6.12.0-amd64", READINGS, frozenset(READINGS))
    return sysctl_admit.admit(settings, host._replace(**differs))


def one(given_as: Any, value: Any = 1, **differs: Any) -> Setting:
    return admit({given_as: value}, **differs)[0]


@pytest.mark.parametrize(
    ("given_as", "value", "name", "wanted"),
    [
        (FIN, 30, FIN, "30"),
        ("net/ipv4/tcp_fin_timeout", "0x1e", FIN, "30"),
        ("net/ipv4/conf/eth0.100/rp_filter", 1, "net.ipv4.conf.eth0/100.rp_filter", "1"),
        ("net.ipv4.conf.eth0/100.rp_filter", 1, "net.ipv4.conf.eth0/100.rp_filter", "1"),
        ("net.nf_conntrack_max", 5, MAX, "5"),
        ("net.ipv4.ip_conntrack_max", 5, MAX, "5"),
        ("net.ipv4.netfilter.ip_conntrack_max", 5, MAX, "5"),
        ("net.vendor.numbers", "4 5 6", "net.vendor.numbers", "4 5 6"),
        ("net.vendor.words", "three", "net.vendor.words", "three"),
        ("net.vendor.nothing", "any thing", "net.vendor.nothing", "any thing"),
    ],
)
def test_admitted_settings(given_as: str, value: Any, name: str, wanted: str) -> None:
    setting = one(given_as, value)
    assert (setting.status, setting.reason) == ("", "")
    assert (setting.given_as, setting.name, setting.requested) == (given_as, name, wanted)
    assert setting.request is not None
    assert setting.request.value == wanted


@pytest.mark.parametrize(
    ("given_as", "value", "message"),
    [
        ("net.ipv4.tcp_tw_recyle", 1, "did you mean net.ipv4.tcp_tw_recycle?"),
        ("net.ipv4.tcp_fin_timeoutt", 1, f"did you mean {FIN}?"),
        ("net.ipv4.somaxconn", 1, "did you mean net.core.somaxconn?"),
        ("net.ipv4.conf.eth0.100.rp_filter", 1, "did you mean net.ipv4.conf.eth0"),
        ("net.vendor.number", 1, "did you mean net.vendor.numbers?"),
        ("net.ipv4", 1, "unknown kernel parameter (this kernel is 6.12.0-amd64)"),
        ("test.invalid", 1, "test.invalid: unknown kernel parameter"),
        ("test.invalid", "nonsense", "test.invalid: unknown kernel parameter"),
        ("net.ipv4.tcp_user_timeout", 1, "has never been a kernel parameter"),
        ("net.ipv4.route.flush", 1, "cannot be read: it is write-only"),
        ("net/../../etc/passwd", 1, "'..'"),
        ("", 1, "name is empty"),
        (None, 1, "only one part"),
        (5, 1, "only one part"),
        (FIN, "soon", "'soon' is not a whole number"),
        (FIN, {"at_least": None}, "None is neither"),
        ("net.vendor.numbers", "1 2", "is not 3 numbers"),
        ("net.vendor.words", {"at_least": 3}, "at_least is only for numbers"),
    ],
)
def test_refused_settings(given_as: Any, value: Any, message: str) -> None:
    setting = one(given_as, value)
    assert setting.status == "refused"
    assert message in setting.reason
    assert setting.request is None


@pytest.mark.parametrize(
    ("given_as", "differs", "message"),
    [
        ("net.ipv4.tcp_tw_recycle", {}, "removed in Linux 4.12"),
        ("net.ipv4.conf.eth9.rp_filter", {}, "absent: this host has no network interface eth9"),
        ("net.ipv4.tcp_tw_reuse_delay", {"kernel": "6.1.0-18-amd64"}, "absent: needs Linux 6.14; this host runs 6.1"),
        ("net.ipv4.tcp_tw_reuse_delay", {"kernel": "6.15.2"}, "absent: this kernel (6.15.2) does not have it"),
        ("net.ipv4.tcp_tw_reuse_delay", {"kernel": "mainline"}, "absent: this kernel (mainline) does not have it"),
        (
            "net.netfilter.nf_conntrack_buckets",
            {},
            "absent: exists only while the kernel module nf_conntrack is loaded",
        ),
        ("fs.file-max", {"owns_machine": False}, "host-wide: "),
        (MAX, {"owns_machine": False}, "host-wide: "),
        ("net.ipv4.tcp_mem", {"owns_machine": False}, "host-wide: "),
        ("vm.secret_thing", {"owns_machine": False}, "host-wide: "),
        ("net.core.bypass_prot_mem", {"kernel": "6.1.0-18-amd64"}, "absent: needs Linux 6.19; this host runs 6.1"),
        ("net.ipv4.tcp_future", {"kernel": "7.4.1"}, "knows the parameters up to Linux 7.3, this host runs 7.4.1"),
        ("net.ipv4.ip_conntrack_max", {"readings": {}}, "absent: exists only while the kernel module"),
    ],
)
def test_skipped_settings(given_as: str, differs: dict[str, Any], message: str) -> None:
    setting = one(given_as, "1 2 3" if given_as.endswith("tcp_mem") else 1, **differs)
    assert setting.status == "skipped"
    assert message in setting.reason
    assert setting.request is None


@pytest.mark.parametrize(
    ("name", "kernel", "status"),
    [
        ("net.ipv4.tcp_future", "7.3.9", "refused"),
        ("net.ipv4.tcp_future", "7.4", "skipped"),
        ("net.ipv4.tcp_fin_timeoutt", "7.4", "refused"),
        ("net.ipv4.somaxconn", "7.4", "refused"),
        ("vm.future", "7.4", "refused"),
    ],
)
@pytest.mark.parametrize("value", [1, {"at_least": 3}])
def test_parameter_that_may_be_newer_than_the_catalogue_is_skipped(name, kernel, status, value) -> None:
    assert one(name, value, kernel=kernel).status == status


def test_new_parameter_does_not_break_a_group_with_an_older_host() -> None:
    settings = {"net.core.bypass_prot_mem": 1, FIN: 30}
    assert [one.status for one in admit(settings, kernel="6.1.0-18-amd64")] == ["skipped", ""]


def test_removed_parameter_is_admitted_on_an_old_kernel() -> None:
    readings = {"net.ipv4.tcp_tw_recycle": Reading("0"), "net.ipv4.ip_conntrack_max": Reading("5")}
    settings = admit({"net.ipv4.tcp_tw_recycle": 1, "net.ipv4.ip_conntrack_max": 6}, readings=readings)
    assert [(one.name, one.status) for one in settings] == [
        ("net.ipv4.tcp_tw_recycle", ""),
        ("net.ipv4.ip_conntrack_max", ""),
    ]


def test_parameter_of_an_ipc_namespace_is_admitted() -> None:
    assert one("kernel.shmmax", 5, owns_machine=False).status == ""


def test_unreadable_host_wide_parameter_is_refused() -> None:
    assert "cannot be read: EACCES" in one("vm.secret_thing").reason


@pytest.mark.parametrize(
    "settings",
    [
        {FIN: 1, "net/ipv4/tcp_fin_timeout": 1},
        {MAX: 5, "net.nf_conntrack_max": 5},
        {"net.ipv4.ip_conntrack_max": 5, "net.ipv4.netfilter.ip_conntrack_max": 5},
        {"net.ipv4.conf.eth0/100.rp_filter": 1, "net/ipv4/conf/eth0.100/rp_filter": 2},
    ],
)
def test_two_names_of_one_parameter_are_refused(settings: dict[str, Any]) -> None:
    judged = admit({**settings, "net.core.somaxconn": 1})
    assert [one.status for one in judged] == ["refused", "refused", ""]
    for setting in judged[:2]:
        assert f"given more than once, as {' and as '.join(settings)}" in setting.reason


def test_order_of_the_settings_is_kept() -> None:
    names = ["net.core.somaxconn", "/etc/x", FIN, "net.ipv4.tcp_tw_recycle"]
    assert [one.given_as for one in admit(dict.fromkeys(names, 1))] == names


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ([FIN], [FIN]),
        (["net/ipv4/tcp_fin_timeout", FIN], [FIN]),
        (["net.ipv4.ip_conntrack_max"], ["net.ipv4.ip_conntrack_max", MAX]),
        (["net.nf_conntrack_max"], ["net.nf_conntrack_max", MAX]),
        (["/etc/x", "net.*.x", "", "net"], []),
        (["net.vendor.x"], ["net.vendor.x"]),
    ],
)
def test_names_to_read(settings: list[str], names: list[str]) -> None:
    assert sysctl_admit.names_to_read(settings) == names


@pytest.mark.parametrize(("name", "unknown"), [(FIN, False), ("net.ipv4.conf.x.rp_filter", False), ("net.v.x", True)])
def test_unknown_names(name: str, unknown: bool) -> None:
    assert sysctl_admit.is_unknown(name) is unknown


@pytest.mark.parametrize(
    ("name", "reason"),
    [(FIN, ""), ("net.ipv4.tcp_sack", "EROFS: read-only"), ("fs.file-nr", "the parameter is read-only")],
)
def test_reason_why_it_cannot_be_written(name: str, reason: str) -> None:
    host = Host("6.12", READINGS)
    assert sysctl_admit.locked(sysctl_admit.describe(name, host), host) == reason


def test_bounds_depend_on_the_kernel() -> None:
    assert one("net.ipv4.tcp_sack", 256, kernel="5.4.0").status == ""
    assert "256 is out of bounds; allowed: 0 to 255" in one("net.ipv4.tcp_sack", 256, kernel="6.1.0").reason
