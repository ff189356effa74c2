# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import itertools

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue, write_order
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.write_order import (
    PORT_RANGE,
    RESERVED_PORTS,
    Change,
)

START = "net.ipv4.ip_unprivileged_port_start"
LOW, HIGH = "net.ipv4.ipfrag_low_thresh", "net.ipv4.ipfrag_high_thresh"
OTHER = "net.ipv4.tcp_fin_timeout"


@pytest.mark.parametrize(
    ("changes", "order"),
    [
        ({}, []),
        ({OTHER: ("60", "30")}, [OTHER]),
        # The first unprivileged port falls before the range falls, and rises after it rises.
        ({PORT_RANGE: ("32768 60999", "500 60999"), START: ("1024", "0")}, [START, PORT_RANGE]),
        ({START: ("1024", "0"), PORT_RANGE: ("32768 60999", "500 60999")}, [START, PORT_RANGE]),
        ({START: ("0", "1024"), PORT_RANGE: ("500 60999", "32768 60999")}, [PORT_RANGE, START]),
        ({PORT_RANGE: ("500 60999", "32768 60999"), START: ("0", "1024")}, [PORT_RANGE, START]),
        # An upper bound rises before the value below it, and falls after it.
        ({LOW: ("3", "5"), HIGH: ("4", "6")}, [HIGH, LOW]),
        ({HIGH: ("4", "6"), LOW: ("3", "5")}, [HIGH, LOW]),
        ({HIGH: ("6", "4"), LOW: ("5", "3")}, [LOW, HIGH]),
        ({LOW: ("5", "3"), HIGH: ("6", "4")}, [LOW, HIGH]),
        # Ports are reserved before the range includes them, and released after it has left them.
        ({PORT_RANGE: ("32768 60999", "1024 65535"), RESERVED_PORTS: ("", "8080")}, [RESERVED_PORTS, PORT_RANGE]),
        ({PORT_RANGE: ("1024 65535", "32768 60999"), RESERVED_PORTS: ("8080", "")}, [PORT_RANGE, RESERVED_PORTS]),
        ({RESERVED_PORTS: ("8080", ""), PORT_RANGE: ("1024 65535", "32768 60999")}, [PORT_RANGE, RESERVED_PORTS]),
        ({PORT_RANGE: ("32768 60999", "1024 20000"), RESERVED_PORTS: ("", "8080")}, [RESERVED_PORTS, PORT_RANGE]),
        ({PORT_RANGE: ("1024 20000", "32768 60999"), RESERVED_PORTS: ("8080", "")}, [PORT_RANGE, RESERVED_PORTS]),
        ({PORT_RANGE: ("32768 60999", "1024 65535"), RESERVED_PORTS: ("1", "8080")}, [RESERVED_PORTS, PORT_RANGE]),
        ({PORT_RANGE: ("1024 65535", "32768 60999"), RESERVED_PORTS: ("8080", "1")}, [PORT_RANGE, RESERVED_PORTS]),
        # Independent parameters stay in the given order.
        (
            {OTHER: ("1", "2"), HIGH: ("4", "6"), "net.core.somaxconn": ("1", "2"), LOW: ("3", "5")},
            [OTHER, HIGH, "net.core.somaxconn", LOW],
        ),
        (
            {LOW: ("3", "5"), OTHER: ("1", "2"), HIGH: ("4", "6")},
            [OTHER, HIGH, LOW],
        ),
    ],
)
def test_order_of_writes(changes: dict[str, tuple[str, str]], order: list[str]) -> None:
    assert write_order.ordered({name: Change(*change) for name, change in changes.items()}) == order


@pytest.mark.parametrize(("lower", "upper"), catalogue.bounded())
def test_no_step_breaks_a_bound_that_holds_before_and_after(lower: str, upper: str) -> None:
    for low, high, new_low, new_high in itertools.product(range(4), repeat=4):
        if low > high or new_low > new_high:
            continue
        changes = {lower: Change(str(low), str(new_low)), upper: Change(f"{high} 9", f"{new_high} 9")}
        values = {name: change.before for name, change in changes.items()}
        for name in write_order.ordered(changes):
            values[name] = changes[name].after
            assert write_order.broken(values, among=[name]) == []


@pytest.mark.parametrize(
    ("values", "among", "named"),
    [
        ({START: "1024", PORT_RANGE: "32768 60999"}, [START, PORT_RANGE], []),
        ({START: "1024", PORT_RANGE: "1024 60999"}, [PORT_RANGE], []),
        ({START: "1024", PORT_RANGE: "500 60999"}, [PORT_RANGE], [PORT_RANGE]),
        ({START: "1024", PORT_RANGE: "500 60999"}, [START], [START]),
        ({START: "1024", PORT_RANGE: "500 60999"}, [START, PORT_RANGE], [START]),
        ({START: "1024", PORT_RANGE: "500 60999"}, [OTHER], []),
        ({PORT_RANGE: "500 60999"}, [PORT_RANGE], []),
        ({START: "", PORT_RANGE: "500 60999"}, [PORT_RANGE], []),
        ({START: "x", PORT_RANGE: ""}, [PORT_RANGE], []),
    ],
)
def test_broken_bounds_are_named(values: dict[str, str], among: list[str], named: list[str]) -> None:
    found = write_order.broken(values, among=among)
    assert [name for name, _reason in found] == named
    for name, reason in found:
        other = PORT_RANGE if name == START else START
        assert f"{START} (1024) would be above {PORT_RANGE} (500 60999)" in reason
        assert f"set {other} as well" in reason


def test_reversed_port_range_is_refused() -> None:
    values = {START: "1024", PORT_RANGE: "65000 1024"}
    assert write_order.broken(values, among=[PORT_RANGE]) == [
        (PORT_RANGE, "the first port of 65000 1024 is above the last")
    ]
    assert write_order.broken(values, among=[START]) == []


@pytest.mark.parametrize(
    ("names", "related"),
    [
        ([], []),
        ([OTHER], []),
        ([START], [START, PORT_RANGE]),
        ([PORT_RANGE], [START, PORT_RANGE, RESERVED_PORTS]),
        ([LOW], [LOW, HIGH]),
        ([HIGH, LOW], [LOW, HIGH]),
    ],
)
def test_related_parameters(names: list[str], related: list[str]) -> None:
    assert write_order.related(names) == related


BYTES, RATIO = "vm.dirty_bytes", "vm.dirty_ratio"


@pytest.mark.parametrize(
    ("name", "other"), [(BYTES, RATIO), (RATIO, BYTES), ("vm.overcommit_ratio", "vm.overcommit_kbytes"), (OTHER, None)]
)
def test_counterparts(name: str, other: str | None) -> None:
    assert write_order.counterpart(name) == other
    assert (other in write_order.related([name])) is (other is not None)


@pytest.mark.parametrize(
    ("changes", "needed"),
    [
        ({BYTES: ("0", "5"), RATIO: ("20", "0")}, [BYTES]),
        ({BYTES: ("5", "0"), RATIO: ("0", "20")}, [RATIO]),
        ({BYTES: ("5", "0"), OTHER: ("1", "2")}, [BYTES, OTHER]),
        ({BYTES: ("5", "6")}, [BYTES]),
        ({BYTES: ("0", "5"), RATIO: ("20", "10")}, [BYTES, RATIO]),
    ],
)
def test_change_that_follows_from_the_counterpart_is_not_written(
    changes: dict[str, tuple[str, str]], needed: list[str]
) -> None:
    assert list(write_order.needed({name: Change(*change) for name, change in changes.items()})) == needed


@pytest.mark.parametrize(
    ("name", "before", "values", "undone"),
    [
        (BYTES, "0", {BYTES: "0", RATIO: "20"}, (RATIO, "20")),
        (BYTES, "5", {BYTES: "5", RATIO: "0"}, (BYTES, "5")),
        (BYTES, "0", {BYTES: "0", RATIO: "0"}, (BYTES, "0")),
        (BYTES, "0", {BYTES: "0"}, (BYTES, "0")),
        (OTHER, "0", {OTHER: "0"}, (OTHER, "0")),
    ],
)
def test_undo(name: str, before: str, values: dict[str, str], undone: tuple[str, str]) -> None:
    assert write_order.undo(name, before, values) == undone
