# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import (
    HOST_WIDE,
    Parameter,
    has,
    lines,
    parse,
)

BYTE = Parameter("net.ipv4.tcp_sack", low=-(2**31), high=2**31 - 1, bounds_since=(("5.13", 0, 255),))
ECN = parse("net.ipv4.tcp_ecn byte 2 bounds_since=5.19:0:2;6.18:0:5")
SECONDS = parse("net.ipv4.tcp_fin_timeout seconds 60")
TABLE = """
net.a  int  1  low=0 host_wide
    since=6.15 | A note
      on two lines.
    ! ..0 hazard 1: it harms
    ! 9.. invalid 8 until=6.20: at most 8
net.b  vector  1,2  count=2 default_since=2.6:1,1;6.1:1,2
"""


def test_indented_lines_continue_a_row():
    rows = dict(lines(TABLE))
    assert list(rows) == ["net.a", "net.b"]
    assert parse(rows["net.a"]) == Parameter(
        "net.a",
        low=0,
        high=2**31 - 1,
        default="1",
        scope=HOST_WIDE,
        since="6.15",
        note="A note on two lines.",
        harmful=("..0 hazard 1: it harms", "9.. invalid 8 until=6.20: at most 8"),
    )


@pytest.mark.parametrize(
    "line",
    [
        "net.a",
        "net.a int",
        "net.a number 1",
        "net.a int 1 hostwide",
        "net.a int 1 limit=3",
        "net.a int 1 low=x",
        "net.a int 1 bounds_since=5.3:0",
        "net.a int 1 by_memory=5",
        "net.a int 1 default_since=5",
    ],
)
def test_malformed_row_is_named(line):
    with pytest.raises(MalformedInput, match=f"malformed catalogue row '{line}'"):
        parse(line)


@pytest.mark.parametrize(
    ("release", "bounds"),
    [
        ("4.18.0-553.el8_10.x86_64", (-(2**31), 2**31 - 1)),
        ("5.4.0", (-(2**31), 2**31 - 1)),
        ("5.12.19", (-(2**31), 2**31 - 1)),
        ("5.13", (0, 255)),
        ("5.13.0-rc1", (0, 255)),
        ("6.1.0-18-amd64", (0, 255)),
        ("10.0", (0, 255)),
        ("", (-(2**31), 2**31 - 1)),
        ("mainline", (-(2**31), 2**31 - 1)),
    ],
)
def test_bounds_depend_on_the_kernel(release: str, bounds: tuple[int, int]) -> None:
    row = BYTE.on(release)
    assert (row.low, row.high) == bounds
    assert row.name == BYTE.name


@pytest.mark.parametrize(
    ("release", "bounds", "sure"),
    [
        ("3.10.0-1160.el7.x86_64", (-(2**31), 2**31 - 1), None),
        ("4.18.0-553.el8_10.x86_64", (-(2**31), 2**31 - 1), (0, 2)),
        ("5.10.0-28-amd64", (-(2**31), 2**31 - 1), (0, 2)),
        ("5.14.0", (0, 255), (0, 2)),
        ("6.12.0", (0, 2), None),
        ("6.12.0-55.el10.x86_64", (0, 5), (0, 2)),
        ("6.18", (0, 5), None),
        ("mainline", (-(2**31), 2**31 - 1), None),
    ],
)
def test_stable_kernels_may_enforce_the_bounds_of_later_ones(release, bounds, sure):
    row = ECN.on(release)
    assert ((row.low, row.high), row.sure) == (bounds, sure)


def test_a_number_is_sure_to_be_accepted_within_the_narrower_bounds():
    assert [SECONDS.on("6.1").is_sure(number) for number in (-2147484, -2147483, 2147483, 2147484)] == [
        False,
        True,
        True,
        False,
    ]
    assert ECN.on("6.12").is_sure(2)


def test_bound_that_is_left_out_is_that_of_an_int():
    row = parse("net.a int - bounds_since=6.18:0:;6.19::9")
    assert row.bounds_since == (("6.18", 0, 2**31 - 1), ("6.19", -(2**31), 9))


def test_row_without_later_bounds_is_the_same_on_every_kernel() -> None:
    row = Parameter("net.ipv4.tcp_syn_retries", low=1, high=127)
    assert row.on("4.18.0") == row.on("6.18.0") == row


@pytest.mark.parametrize(
    ("release", "since", "expected"),
    [
        ("4.12", "4.12", True),
        ("4.11.12", "4.12", False),
        ("5.4", "4.12", True),
        ("2.6.35", "2.6.35", True),
        ("2.6.34-1.el6", "2.6.35", False),
        ("3.0", "2.6.35", True),
        ("6.8.0", "6.8.1", False),
        ("mainline", "4.12", False),
    ],
)
def test_versions_compare_by_number(release, since, expected):
    assert has(release, since) is expected


@pytest.mark.parametrize(
    ("release", "missing"), [("6.14.9", True), ("6.15.0-rc1", False), ("6.18", False), ("mainline", False), ("", False)]
)
def test_parameter_is_missing_on_older_kernels(release, missing):
    assert Parameter("net.ipv4.tcp_rto_max_ms", since="6.15").is_missing_on(release) is missing
    assert not Parameter("net.ipv4.tcp_sack").is_missing_on(release)


@pytest.mark.parametrize(("release", "expected"), [("5.4", False), ("5.10.0-28-amd64", True), ("mainline", False)])
def test_stable_updates_may_bring_a_parameter(release, expected):
    assert Parameter("net.ipv4.tcp_migrate_req", since="5.14", stable_since="5.10").is_in_stable(release) is expected
    assert not Parameter("net.ipv4.tcp_rto_max_ms", since="6.15").is_in_stable(release)


@pytest.mark.parametrize(
    ("release", "default"), [("3.10", "128"), ("5.3", "128"), ("5.4", "4096"), ("6.8.0-31-generic", "4096"), ("", None)]
)
def test_default_of_a_kernel(release, default):
    somaxconn = parse("net.core.somaxconn int - default_since=2.6:128;5.4:4096")
    assert somaxconn.default_on(release) == default


def test_default_of_an_unsupported_kernel_is_not_known():
    cookies = parse("net.ipv4.tcp_syncookies byte 1")
    assert [cookies.default_on(release) for release in ("2.6.18", "4.18")] == [None, "1"]
