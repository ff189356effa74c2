# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.write_order import Change
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import admit, planner
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.journal import EMPTY, Original, Profile, State
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.plan import Plan, Wish
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.request import Request
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.snapshot import Host, Reading

FIN, SOMAXCONN = "net.ipv4.tcp_fin_timeout", "net.core.somaxconn"
RANGE, RESERVED, START = (
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
)
VALUES = {FIN: "60", SOMAXCONN: "4096", RANGE: "32768\t60999", RESERVED: "", START: "1024"}


def host(**differs: Any) -> Host:
    return Host("6.12.0", {name: Reading(value) for name, value in VALUES.items()}, boot_id="now")._replace(**differs)


def plan(settings: dict[str, Any], on: Host, journal: State = EMPTY, **options: Any) -> Plan:
    judged = tuple(admit.admit(settings, on))
    return planner.calculate(Wish("web", judged, **options), on, journal)


def test_plan_is_deterministic() -> None:
    settings = {RANGE: "1024 65535", RESERVED: {"include": ["listeners"]}, FIN: 30}
    on = host(listeners=frozenset({22, 8080}))
    first, second = plan(settings, on), plan(settings, on)
    assert first == second
    assert first.writes == (
        (RESERVED, Change("", "8080")),
        (RANGE, Change("32768 60999", "1024 65535")),
        (FIN, Change("60", "30")),
    )
    assert [change.path for change in first.files] == ["/etc/sysctl.d/99-zz-nettune-web.conf"]
    assert first.before == EMPTY
    assert first.after.keys[FIN] == Original("60", ("30",), ("30",), "30")
    assert first.after.profiles["web"].listeners == "8080"
    assert first.changes_anything


def test_empty_plan() -> None:
    nothing = plan({}, host())
    assert (nothing.writes, nothing.files, nothing.after, nothing.outcomes) == ((), (), EMPTY, {})
    assert not nothing.changes_anything


@pytest.mark.parametrize(
    ("names", "keys", "to_read"),
    [
        ([], [], [RANGE]),
        ([FIN], [], [FIN, RANGE]),
        ([RANGE], [], [RANGE, START, RESERVED]),
        ([], [FIN], [FIN, RANGE]),
        ([FIN], [SOMAXCONN, FIN], [FIN, SOMAXCONN, RANGE]),
        ([START], [RESERVED], [START, RESERVED, RANGE]),
    ],
)
def test_keys_to_read(names: list[str], keys: list[str], to_read: list[str]) -> None:
    journal = State({}, {name: Original("1", ("2",), ("2",)) for name in keys})
    assert planner.names_to_read(names, journal) == to_read


def test_leftovers_of_an_interrupted_run_are_reverted_by_the_next() -> None:
    journal = State({}, {FIN: Original("60", ("30",), ("30",))})
    readings = {**host().readings, FIN: Reading("30")}
    found = plan({SOMAXCONN: {"at_least": 8192}}, host(readings=readings), journal)
    assert dict(found.writes)[FIN] == Change("30", "60")
    assert FIN not in found.after.keys


def test_nonpersistent_profile_of_an_earlier_boot_is_dropped() -> None:
    trial = Profile({FIN: Request("value", "30")}, persistent=False, boot_id="then")
    journal = State({"trial": trial}, {FIN: Original("60", ("30",), ("30",))})
    found = plan({}, host(), journal)
    assert (found.writes, found.after, found.before) == ((), EMPTY, journal)
    kept = plan({}, host(boot_id="then"), journal)
    assert kept.after == journal


def test_refused_settings_are_not_written_but_all_rows_are_shown() -> None:
    found = plan({RANGE: "500 60999", FIN: 30}, host())
    assert START in found.outcomes[RANGE].refused
    assert [name for name, _change in found.writes] == [FIN]
