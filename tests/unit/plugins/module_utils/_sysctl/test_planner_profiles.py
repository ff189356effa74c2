# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans on a host with other profiles: what they share, what they disagree about, and the ports they reserve."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.meminfo import HostMemory
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.write_order import Change
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import admit, planner
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.boot_programs import Programs
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.file_change import MARK
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.journal import EMPTY, Original, Profile, State
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.plan import Plan, Wish
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.request import Request
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.resolve import Target
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.situation import without_ours
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.snapshot import Host, Reading

FIN, SOMAXCONN, FASTOPEN = "net.ipv4.tcp_fin_timeout", "net.core.somaxconn", "net.ipv4.tcp_fastopen_key"
RANGE, RESERVED = "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports"
RATIO, BYTES = "vm.dirty_ratio", "vm.dirty_bytes"
KEYS = ("00000001-00000002-00000003-00000004", "00000005-00000006-00000007-00000008")
VALUES = {
    FIN: "60",
    SOMAXCONN: "4096",
    RANGE: "32768\t60999",
    RESERVED: "",
    "net.ipv4.ip_unprivileged_port_start": "1024",
    FASTOPEN: KEYS[0],
}
WIDE = "1024 65535"
LISTENERS = {RESERVED: {"include": ["listeners"]}}


def host(values: dict[str, str] | None = None, **differs: Any) -> Host:
    """Return a host with these values; an empty name has no parameter."""
    readings = {name: Reading(value) for name, value in {**VALUES, **(values or {})}.items()}
    return Host("6.12.0", readings, boot_id="now", memory=HostMemory(8 << 30))._replace(**differs)


def plan(settings: dict[str, Any], on: Host, journal: State = EMPTY, **options: Any) -> Plan:
    judged = tuple(admit.admit(settings, on))
    return planner.calculate(Wish("web", judged, **options), on, journal)


def profile(persistent: bool = True, **requests: Request) -> Profile:
    names = {"fin": FIN, "somaxconn": SOMAXCONN, "range": RANGE, "reserved": RESERVED, "fastopen": FASTOPEN}
    return Profile({names[name]: one for name, one in requests.items()}, persistent=persistent, boot_id="now")


def exact(value: str, reason: str = "") -> Request:
    return Request("value", value, reason=reason)


def ours(before: str, value: str) -> Original:
    return Original(before, (value,), (value,), value)


def test_other_profiles_are_left_alone() -> None:
    journal = State({"db": profile(fin=exact("30"))}, {FIN: ours("60", "30")})
    found = plan({SOMAXCONN: 8192}, host({FIN: "30"}), journal)
    assert list(found.outcomes) == [SOMAXCONN]
    assert found.after.profiles["db"] == journal.profiles["db"]
    assert found.after.keys[FIN] == journal.keys[FIN]


def test_requested_parameters_come_first_then_those_that_are_reverted_by_name() -> None:
    old = {"net.ipv4.tcp_sack": "0", "net.ipv4.tcp_dsack": "0", "net.core.rmem_max": "9", "net.core.wmem_max": "9"}
    journal = State(
        {"web": Profile({name: exact(value) for name, value in old.items()})},
        {name: ours("1", value) for name, value in old.items()},
    )
    found = plan({SOMAXCONN: 8192, FIN: 30, RANGE: WIDE}, host(old), journal)
    assert list(found.outcomes) == [RANGE, SOMAXCONN, FIN, *sorted(old)]
    assert {name: change.after for name, change in found.writes if name in old} == dict.fromkeys(old, "1")
    assert set(found.after.keys) == {SOMAXCONN, FIN, RANGE}


def test_parameter_that_cannot_be_read_is_not_reverted_and_keeps_its_row() -> None:
    journal = State({"web": profile(fin=exact("30"))}, {FIN: ours("60", "30")})
    readings = {**host().readings, FIN: Reading(None, unreadable="Input/output error")}
    found = planner.calculate(Wish(remove=frozenset({"web"})), host(readings=readings), journal)
    assert found.writes == ()
    assert found.outcomes[FIN].refused == f"{FIN} cannot be read: Input/output error"


def test_override_replaces_the_requests_of_other_profiles_and_keeps_their_reasons() -> None:
    others = {"db": profile(fin=exact("40", "slow peers")), "cache": profile(somaxconn=exact("4096"))}
    journal = State(others, {FIN: ours("60", "40"), SOMAXCONN: ours("128", "4096")})
    on = host({FIN: "40"})
    assert plan({FIN: 30}, on, journal).conflicts
    found = plan({FIN: 30, "net.ipv4.tcp_sack": 0}, on, journal, overrides=frozenset({FIN}))
    assert found.conflicts == ()
    assert dict(found.writes)[FIN] == Change("40", "30")
    assert found.after.profiles["db"].requests == {FIN: exact("30", "slow peers")}
    assert found.after.profiles["cache"] == others["cache"]
    assert found.after.profiles["db"].persistent


def test_profiles_that_disagree_are_listed() -> None:
    others = {
        "db": profile(fin=exact("40", "slow peers")),
        "cache": profile(persistent=False, fin=exact("40")),
    }
    journal = State(others, {FIN: ours("60", "40")})
    on = host({FIN: "40"}, boot_files={"/etc/sysctl.d/99-zz-nettune-db.conf": f"{MARK}\n{FIN} = 40\n"})
    found = plan({FIN: 30}, on, journal)
    assert found.outcomes[FIN].refused == (
        f"{FIN}: profile cache requests '40' and profile web requests '30'; use the same value in both profiles"
        " (cache: not persistent, in no file; db: /etc/sysctl.d/99-zz-nettune-db.conf;"
        " web: /etc/sysctl.d/99-zz-nettune-web.conf, not yet written)"
    )
    assert sorted(found.conflicts, key=lambda one: one["profile"]) == [
        {"key": FIN, "profile": "cache", "value": "40", "reason": None},
        {"key": FIN, "profile": "db", "value": "40", "reason": "slow peers"},
    ]
    assert found.writes == ()


def test_secret_of_another_profile_is_not_told() -> None:
    journal = State({"db": profile(fastopen=exact(KEYS[0]))}, {FASTOPEN: ours(KEYS[1], KEYS[0])})
    found = plan({FASTOPEN: KEYS[1]}, host(), journal)
    assert [one["value"] for one in found.conflicts] == [None]
    assert not any(key in found.outcomes[FASTOPEN].refused for key in KEYS)


def test_counterpart_is_displaced_only_on_a_host_that_has_it() -> None:
    found = plan({RATIO: 30}, host({RATIO: "0", BYTES: "1048576"}))
    assert found.outcomes[BYTES].target == Target("0", None, "0", "the kernel sets it to 0 with its counterpart")
    assert dict(found.writes) == {RATIO: Change("0", "30")}
    assert set(found.after.profiles["web"].requests) == {RATIO, BYTES}
    alone = plan({RATIO: 30}, host({RATIO: "20"}))
    assert set(alone.after.profiles["web"].requests) == {RATIO}


def test_listeners_stay_reserved_while_a_service_is_down() -> None:
    on = host(listeners=frozenset({22, 8080}))
    first = plan({RANGE: WIDE, **LISTENERS}, on)
    assert first.after.profiles["web"].listeners == "8080"
    later = host({RANGE: WIDE.replace(" ", "\t"), RESERVED: "8080"})
    again = plan({RANGE: WIDE, **LISTENERS}, later, first.after)
    assert again.writes == ()
    assert again.after.profiles["web"].listeners == "8080"


def test_ports_that_another_profile_reserves_for_its_services_are_those_of_listeners() -> None:
    db = profile(reserved=Request("include", "8080", listeners=True))._replace(listeners="8080")
    journal = State({"db": db}, {RESERVED: ours("", "8080")})
    found = plan({RANGE: WIDE, **LISTENERS}, host({RESERVED: "8080"}), journal)
    assert found.after.profiles["web"].listeners == "8080"


def test_listeners_are_reserved_only_if_they_are_asked_for() -> None:
    found = plan({RANGE: WIDE, RESERVED: {"include": [80]}}, host(listeners=frozenset({8080})))
    assert found.after.profiles["web"].listeners == ""
    assert found.outcomes[RESERVED].target.value == "80"


def test_listeners_are_those_in_the_range_of_another_profile() -> None:
    journal = State({"wide": profile(range=exact(WIDE))}, {RANGE: ours("32768 60999", WIDE)})
    on = host({RANGE: WIDE}, listeners=frozenset({22, 8080, 40000}))
    assert dict(plan(LISTENERS, on, journal).writes) == {RESERVED: Change("", "8080")}


def test_listeners_of_a_range_that_is_reverted_are_not_reserved() -> None:
    journal = State({"web": profile(range=exact(WIDE))}, {RANGE: ours("32768 60999", WIDE)})
    on = host({RANGE: WIDE}, listeners=frozenset({22, 8080}))
    found = plan(LISTENERS, on, journal)
    assert dict(found.writes) == {RANGE: Change(WIDE, "32768 60999")}
    assert found.after.profiles["web"].listeners == ""


def test_own_range_decides_although_another_profile_has_a_wider_one() -> None:
    # A revert of the other profile leaves what this one needs.
    journal = State({"wide": profile(range=Request("at_least", WIDE))}, {RANGE: ours("32768 60999", WIDE)})
    on = host({RANGE: WIDE}, listeners=frozenset({8080, 20000}))
    found = plan({RANGE: {"at_least": "16000 60999"}, **LISTENERS}, on, journal)
    assert found.after.profiles["web"].listeners == "20000"


def test_listeners_without_a_port_range() -> None:
    values = {name: Reading(value) for name, value in VALUES.items() if name != RANGE}
    found = plan({RESERVED: {"include": ["listeners", 80]}}, host(readings=values, listeners=frozenset({8080})))
    assert dict(found.writes) == {RESERVED: Change("", "80")}


@pytest.mark.parametrize(
    ("running", "reserved"),
    # Once the range is wide, sockets of clients have such ports too.
    [("32768\t60999", "5353"), (WIDE.replace(" ", "\t"), "")],
)
def test_udp_ports_count_only_while_the_range_widens(running: str, reserved: str) -> None:
    found = plan({RANGE: WIDE, **LISTENERS}, host({RANGE: running}, datagram_ports=frozenset({5353, 40000})))
    assert found.after.profiles["web"].listeners == reserved


@pytest.mark.parametrize(
    ("running", "refused"),
    [("32768\t60999", True), (WIDE.replace(" ", "\t"), False)],
)
def test_range_over_udp_ports_is_a_hazard_only_while_it_widens(running: str, refused: bool) -> None:
    found = plan({RANGE: WIDE}, host({RANGE: running}, datagram_ports=frozenset({5353})))
    assert bool(found.outcomes[RANGE].refused) is refused
    assert [one.hazard for one in found.hazards] == ["range_over_listeners"] * refused


def test_refused_value_is_no_hazard_as_well() -> None:
    # The kernel would refuse the range because of ip_unprivileged_port_start.
    found = plan({RANGE: "500 65535"}, host(listeners=frozenset({8080})))
    assert found.outcomes[RANGE].refused.startswith("the kernel would refuse it: ")
    assert found.hazards == ()


def test_reservation_stays_although_the_range_is_narrow_again() -> None:
    requests = {"range": exact(WIDE), "reserved": Request("include", "8080", listeners=True)}
    journal = State(
        {"web": profile(**requests)._replace(listeners="8080")},
        {RANGE: ours("32768 60999", WIDE), RESERVED: ours("", "8080")},
    )
    found = plan(LISTENERS, host({RANGE: WIDE, RESERVED: "8080"}), journal)
    assert found.after.profiles["web"].listeners == "8080"
    assert dict(found.writes) == {RANGE: Change(WIDE, "32768 60999")}


def test_request_for_the_counterpart_itself_is_no_displacement() -> None:
    found = plan({RATIO: 0, BYTES: 1048576}, host({RATIO: "20", BYTES: "0"}))
    assert found.after.profiles["web"].requests == {RATIO: exact("0"), BYTES: exact("1048576")}
    assert dict(found.writes)[BYTES] == Change("0", "1048576")


def test_undo_without_a_counterpart() -> None:
    requests = {RATIO: exact("30"), BYTES: Request("displaced", "0")}
    journal = State({"web": Profile(requests)}, {RATIO: ours("0", "30"), BYTES: ours("8192", "0")})
    found = plan({RATIO: 30}, host({RATIO: "0"}), journal)
    assert found.outcomes[BYTES].running is None
    assert found.undo(RATIO) == (RATIO, "0")


@pytest.mark.parametrize(
    ("running", "at_boot", "hazards"),
    [
        ("262144", "1000", ["tw_buckets_lowered"]),
        ("1000", "262144", ["tw_buckets_lowered"]),
        ("1000", "1000", []),
        ("262144", None, ["tw_buckets_lowered"]),
        ("1000", None, []),
    ],
)
def test_value_may_be_lowered_now_or_at_boot(running: str, at_boot: str | None, hazards: list[str]) -> None:
    name = "net.ipv4.tcp_max_tw_buckets"
    files = {"/etc/sysctl.d/a.conf": f"{name} = {at_boot}\n"} if at_boot else {}
    found = plan({name: 5000}, host({name: running}, boot_files=files))
    assert [one.hazard for one in found.hazards] == hazards
    # A floor lowers nothing.
    assert plan({name: {"at_least": 5000}}, host({name: running}, boot_files=files)).hazards == ()


@pytest.mark.parametrize("persistent", [True, False])
def test_only_persistent_profiles_take_lines_over(persistent: bool) -> None:
    found = plan({FIN: 30}, host(), take_over=True, persistent=persistent)
    assert found.after.profiles["web"].take_over is persistent


def test_memory_is_judged_without_the_parameters_that_the_host_lacks() -> None:
    on = host({"net.ipv4.tcp_rmem": "4096\t131072\t6291456"})
    assert plan({FIN: 30}, on, connections=1000).hazards == ()
    found = plan({FIN: 30}, on, connections=100_000_000)
    assert [one.hazard for one in found.hazards] == ["memory"]
    assert [name for name, _reason in found.refused] == ["connections"]


def test_floor_is_written_if_the_value_at_boot_is_not_known() -> None:
    floor = {FIN: {"at_least": 30}}
    assert plan(floor, host()).outcomes[FIN].target.line is None
    unread = Programs(unread={"/etc/sysctl.d": "Permission denied"})
    assert plan(floor, host(programs=unread)).outcomes[FIN].target.line == "60"


def test_value_that_process_1_seems_to_have_set_may_be_ours() -> None:
    name = "fs.nr_open"
    on = host({name: "2000000"}, programs=Programs(process_1={name: "2000000"}))
    assert without_ours(on, EMPTY) == on
    journal = State({}, {name: ours("1048576", "2000000")})
    assert without_ours(on, journal).programs.process_1 == {name: "1048576"}
