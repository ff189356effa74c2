# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What plans refuse: parameters that cannot be read or written, broken bounds, and hazards until they are accepted."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.meminfo import HostMemory
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.write_order import Change
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import admit, planner
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.connection_memory import OBJECTS
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.journal import EMPTY, Original, Profile, State
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.plan import Plan, Wish
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.request import Request
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.snapshot import Host, Reading

FIN, SOMAXCONN = "net.ipv4.tcp_fin_timeout", "net.core.somaxconn"
TW_BUCKETS, RMEM = "net.ipv4.tcp_max_tw_buckets", "net.ipv4.tcp_rmem"
RANGE, RESERVED, START = (
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
)
WIDE = "1024 65535"
VALUES = {FIN: "60", SOMAXCONN: "4096", RANGE: "32768\t60999", RESERVED: "", START: "1024"}
MEMORY = 8 << 30


def host(values: dict[str, str | Reading] | None = None, **differs: Any) -> Host:
    given = {**VALUES, **(values or {})}
    readings = {name: one if isinstance(one, Reading) else Reading(one) for name, one in given.items()}
    return Host("6.12.0", readings, boot_id="now", memory=HostMemory(MEMORY))._replace(**differs)


def plan(settings: dict[str, Any], on: Host, journal: State = EMPTY, **options: Any) -> Plan:
    judged = tuple(admit.admit(settings, on))
    return planner.calculate(Wish("web", judged, **options), on, journal)


def hazards(found: Plan) -> list[str]:
    return [one.hazard for one in found.hazards]


def test_parameter_that_cannot_be_written_is_refused_unless_it_has_the_value() -> None:
    on = host({FIN: Reading("60", locked="Read-only file system")})
    refused = plan({FIN: 30}, on)
    assert refused.outcomes[FIN].refused == f"{FIN} cannot be written: Read-only file system"
    assert refused.writes == ()
    assert plan({FIN: 60}, on).outcomes[FIN].refused == ""


def test_first_reason_is_told() -> None:
    on = host({RANGE: Reading("32768\t60999", locked="Read-only file system")})
    assert plan({RANGE: "500 60999"}, on).outcomes[RANGE].refused.endswith("Read-only file system")


def test_range_of_the_journal_that_cannot_be_read() -> None:
    requests = {RANGE: Request("value", WIDE), RESERVED: Request("include", "80", listeners=True)}
    on = host({RANGE: Reading(None, unreadable="Input/output error")}, listeners=frozenset({8080}))
    found = planner.calculate(Wish("web", tuple(admit.recall(requests, on))), on, EMPTY)
    assert found.outcomes[RANGE].refused == f"{RANGE} cannot be read: Input/output error"
    assert found.outcomes[RANGE].target is None
    assert dict(found.writes) == {RESERVED: Change("", "80")}


@pytest.mark.parametrize("accepted", [True, False])
def test_accepted_hazards_are_told_and_not_refused(accepted: bool) -> None:
    named = frozenset({"floor_lowered", "memory"} if accepted else ())
    found = plan({SOMAXCONN: 1024}, host(), accept_hazards=named, connections=100_000_000)
    assert hazards(found) == ["floor_lowered", "memory"]
    assert found.outcomes[SOMAXCONN].refused.startswith("hazard floor_lowered: ") is not accepted
    assert bool(found.writes) is accepted
    assert [option for option, _reason in found.refused] == ["connections"] * (not accepted)


def test_floor_that_replaces_a_higher_one_is_no_hazard() -> None:
    journal = State(
        {"web": Profile({SOMAXCONN: Request("at_least", "8192")})},
        {SOMAXCONN: Original("4096", ("8192",), ("8192",), "8192")},
    )
    found = plan({SOMAXCONN: {"at_least": 6000}}, host({SOMAXCONN: "8192"}), journal)
    assert dict(found.writes) == {SOMAXCONN: Change("8192", "6000")}
    assert hazards(found) == []


def test_ports_that_are_reserved_already_are_no_hazard() -> None:
    on = host({RESERVED: "8080"}, listeners=frozenset({8080}))
    assert hazards(plan({RANGE: WIDE}, on)) == []
    assert hazards(plan({RANGE: WIDE}, host(listeners=frozenset({8080})))) == ["range_over_listeners"]


def test_range_is_no_hazard_at_boot_alone() -> None:
    files = {"/etc/sysctl.d/a.conf": f"{RANGE} = 32768 60999\n"}
    on = host({RANGE: WIDE.replace(" ", "\t")}, boot_files=files, listeners=frozenset({8080}))
    assert hazards(plan({RANGE: WIDE}, on)) == []


def test_value_without_a_line_is_no_hazard_at_boot() -> None:
    files = {"/etc/sysctl.d/a.conf": f"{TW_BUCKETS} = 262144\n"}
    on = host({TW_BUCKETS: "1000"}, boot_files=files)
    assert hazards(plan({TW_BUCKETS: 5000}, on, persistent=False)) == []
    assert hazards(plan({TW_BUCKETS: 5000}, on)) == ["tw_buckets_lowered"]


@pytest.mark.parametrize(
    ("settings", "values", "each"),
    [
        ({}, {RMEM: "4096\t131072\t6291456"}, OBJECTS + 4096),
        ({RMEM: "8192 131072 6291456"}, {RMEM: "4096\t131072\t6291456"}, OBJECTS + 8192),
        # Conntrack is loaded, so each connection has an entry.
        ({}, {RMEM: "4096\t131072\t6291456", "net.netfilter.nf_conntrack_max": "262144"}, OBJECTS + 4096 + 384),
    ],
)
def test_memory_is_that_of_the_values_as_they_will_be(
    settings: dict[str, Any], values: dict[str, str | Reading], each: int
) -> None:
    most = MEMORY // each
    assert hazards(plan(settings, host(values), connections=most)) == []
    assert hazards(plan(settings, host(values), connections=most + 1)) == ["memory"]
