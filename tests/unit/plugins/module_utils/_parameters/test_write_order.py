# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import itertools

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import write_order
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.write_order import (
    PORT_RANGE,
    RELATIONS,
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
        # Where the range may begin falls before the range does, and rises after it.
        ({PORT_RANGE: ("32768 60999", "500 60999"), START: ("1024", "0")}, [START, PORT_RANGE]),
        ({START: ("1024", "0"), PORT_RANGE: ("32768 60999", "500 60999")}, [START, PORT_RANGE]),
        ({START: ("0", "1024"), PORT_RANGE: ("500 60999", "32768 60999")}, [PORT_RANGE, START]),
        ({PORT_RANGE: ("500 60999", "32768 60999"), START: ("0", "1024")}, [PORT_RANGE, START]),
        # A ceiling that rises goes before what rises under it, one that falls after what falls.
        ({LOW: ("3", "5"), HIGH: ("4", "6")}, [HIGH, LOW]),
        ({HIGH: ("4", "6"), LOW: ("3", "5")}, [HIGH, LOW]),
        ({HIGH: ("6", "4"), LOW: ("5", "3")}, [LOW, HIGH]),
        ({LOW: ("5", "3"), HIGH: ("6", "4")}, [LOW, HIGH]),
        # Ports are reserved before the range takes them, and given up after it has left them.
        ({PORT_RANGE: ("32768 60999", "1024 65535"), RESERVED_PORTS: ("", "8080")}, [RESERVED_PORTS, PORT_RANGE]),
        ({PORT_RANGE: ("1024 65535", "32768 60999"), RESERVED_PORTS: ("8080", "")}, [PORT_RANGE, RESERVED_PORTS]),
        ({RESERVED_PORTS: ("8080", ""), PORT_RANGE: ("1024 65535", "32768 60999")}, [PORT_RANGE, RESERVED_PORTS]),
        ({PORT_RANGE: ("32768 60999", "1024 20000"), RESERVED_PORTS: ("", "8080")}, [RESERVED_PORTS, PORT_RANGE]),
        ({PORT_RANGE: ("1024 20000", "32768 60999"), RESERVED_PORTS: ("8080", "")}, [PORT_RANGE, RESERVED_PORTS]),
        ({PORT_RANGE: ("32768 60999", "1024 65535"), RESERVED_PORTS: ("1", "8080")}, [RESERVED_PORTS, PORT_RANGE]),
        ({PORT_RANGE: ("1024 65535", "32768 60999"), RESERVED_PORTS: ("8080", "1")}, [PORT_RANGE, RESERVED_PORTS]),
        # What nothing couples stays as given.
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
def test_the_order_of_writes(changes: dict[str, tuple[str, str]], order: list[str]) -> None:
    assert write_order.ordered({name: Change(*change) for name, change in changes.items()}) == order


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation[0])
def test_no_step_breaks_a_relation_that_holds_before_and_after(relation: tuple[str, int, str, int]) -> None:
    lower, lower_at, upper, upper_at = relation
    assert (lower_at, upper_at) == (0, 0)
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
def test_relations_that_would_break(values: dict[str, str], among: list[str], named: list[str]) -> None:
    found = write_order.broken(values, among=among)
    assert [name for name, _why in found] == named
    for name, why in found:
        other = PORT_RANGE if name == START else START
        assert f"{START} (1024) would stand above {PORT_RANGE} (500 60999)" in why
        assert f"set {other} as well" in why


def test_a_range_that_runs_backwards() -> None:
    values = {START: "1024", PORT_RANGE: "65000 1024"}
    assert write_order.broken(values, among=[PORT_RANGE]) == [
        (PORT_RANGE, "the first port of 65000 1024 lies above the last")
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
def test_what_has_to_be_read_beside_it(names: list[str], related: list[str]) -> None:
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
def test_what_comes_of_itself_is_not_written(changes: dict[str, tuple[str, str]], needed: list[str]) -> None:
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
def test_what_undoes_a_write(name: str, before: str, values: dict[str, str], undone: tuple[str, str]) -> None:
    assert write_order.undo(name, before, values) == undone
