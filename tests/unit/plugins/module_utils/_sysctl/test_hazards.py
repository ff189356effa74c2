# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import Parameter
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.write_order import (
    PORT_RANGE,
    RESERVED_PORTS,
    Change,
)
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import hazards as sysctl_hazards
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.hazards import Case

LISTENERS = frozenset({22, 80, 8080, 33000, 61000})


def found(name: str, before: str, after: str, **values: str) -> list[tuple[str, str]]:
    parameter = catalogue.find(name)
    assert parameter is not None
    case = Case(parameter, Change(before, after), {RESERVED_PORTS: values.get("reserved", "")}, LISTENERS)
    return [(one.hazard, one.text) for one in sysctl_hazards.find(case)]


@pytest.mark.parametrize(
    ("name", "before", "after", "hazards"),
    [
        ("net.ipv4.tcp_tw_recycle", "0", "1", ["tw_recycle"]),
        ("net.ipv4.tcp_tw_recycle", "1", "2", ["tw_recycle"]),
        ("net.ipv4.tcp_tw_recycle", "1", "1", ["tw_recycle"]),
        ("net.ipv4.tcp_tw_recycle", "1", "0", []),
        ("net.ipv4.tcp_max_tw_buckets", "131072", "5000", ["tw_buckets_lowered"]),
        ("net.ipv4.tcp_max_tw_buckets", "131072", "131072", []),
        ("net.ipv4.tcp_max_tw_buckets", "131072", "262144", []),
        ("net.core.somaxconn", "4096", "128", ["floor_lowered"]),
        ("net.core.somaxconn", "4096", "4096", []),
        ("net.core.somaxconn", "4096", "8192", []),
        ("fs.file-max", "9223372036854775807", "2000500", ["floor_lowered"]),
        ("kernel.shmmax", "18446744073692774399", "134217728", ["floor_lowered"]),
        ("fs.nr_open", "1048576", "1073741816", []),
        ("fs.nr_open", "1048576", "1073741817", ["nr_open_huge"]),
        ("fs.nr_open", "1073741816", "2147483584", ["nr_open_huge"]),
        ("fs.nr_open", "2147483584", "2147483584", []),
        ("fs.nr_open", "2147483584", "2000000000", ["floor_lowered"]),
        ("net.core.somaxconn", "", "128", []),
        ("net.core.somaxconn", "odd", "128", []),
        ("net.ipv4.tcp_fin_timeout", "60", "1", []),
        (PORT_RANGE, "32768 60999", "1024 65535", ["range_over_listeners"]),
        (PORT_RANGE, "32768 60999", "32768 61000", ["range_over_listeners"]),
        (PORT_RANGE, "32768 60999", "40000 60999", []),
        (PORT_RANGE, "32768 60999", "10000 60999", []),
        (PORT_RANGE, "1024 65535", "32768 60999", []),
    ],
)
def test_hazards_of_a_change(name: str, before: str, after: str, hazards: list[str]) -> None:
    assert [hazard for hazard, _text in found(name, before, after)] == hazards


@pytest.mark.parametrize(
    ("reserved", "exposed"),
    [
        ("", "8080,61000"),
        ("8080", "61000"),
        ("8000-9000", "61000"),
        ("8080,61000", ""),
        ("1-65535", ""),
        ("22", "8080,61000"),
    ],
)
def test_reserved_listeners_are_no_hazard(reserved: str, exposed: str) -> None:
    texts = [text for _hazard, text in found(PORT_RANGE, "32768 60999", "1024 65535", reserved=reserved)]
    assert [exposed in text for text in texts] == ([True] if exposed else [])


def test_message_of_each_hazard() -> None:
    assert "NAT" in found("net.ipv4.tcp_tw_recycle", "0", "1")[0][1]
    assert "from 131072 to 5000" in found("net.ipv4.tcp_max_tw_buckets", "131072", "5000")[0][1]
    assert "use {at_least: …}" in found("net.core.somaxconn", "4096", "128")[0][1]
    assert "{include: [listeners]}" in found(PORT_RANGE, "32768 60999", "1024 65535")[0][1]


def test_names_of_hazards() -> None:
    assert sysctl_hazards.NAMES == (
        "tw_recycle",
        "tw_buckets_lowered",
        "floor_lowered",
        "range_over_listeners",
        "nr_open_huge",
        "memory",
    )


@pytest.mark.parametrize(
    ("old", "new", "ports"),
    [
        ("32768 60999", "1024 65535", {8080, 61000}),
        ("32768 60999", "32768 60999", set()),
        ("1024 65535", "32768 60999", set()),
        ("40000 50000", "33000 33000", {33000}),
        ("1 2", "22 80", {22, 80}),
    ],
)
def test_ports_added_by_a_wider_range(old: str, new: str, ports: set[int]) -> None:
    assert sysctl_hazards.newly_ephemeral(LISTENERS, old=old, new=new) == ports


def test_unknown_parameter_has_no_hazard() -> None:
    case = Case(Parameter("x.y", raise_only=True), Change("2", "1"), {}, frozenset())
    assert [one.key for one in sysctl_hazards.find(case)] == ["x.y"]
