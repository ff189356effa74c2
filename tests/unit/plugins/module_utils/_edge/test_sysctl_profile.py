# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles on a host of files, with a kernel that judges what is written: see fake_host."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._core.errors import (
    ApplyFailed,
    ForeignFile,
    JournalError,
    NettuneError,
)
from ansible_collections.nettune.tcp.plugins.module_utils._edge.sysctl_profile import Planned, SysctlProfiles

from .fake_host import FakeHost, Killed

WEB = "/etc/sysctl.d/99-zz-nettune-web.conf"
MAIL = "/etc/sysctl.d/99-zz-nettune-mail.conf"
JOURNAL = "/var/lib/nettune/tcp/sysctl.json"
FIN, ALIVE, SOMAXCONN = "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_time", "net.core.somaxconn"
RANGE, RESERVED = "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports"
START, BUCKETS = "net.ipv4.ip_unprivileged_port_start", "net.netfilter.nf_conntrack_buckets"
SETTINGS = {
    FIN: 30,
    SOMAXCONN: {"at_least": 8192},
    RANGE: "1024 65535",
    RESERVED: {"include": ["listeners", 7005]},
    "net.ipv4.tcp_rmem": [4096, 87380, 16777216],
    BUCKETS: {"at_least": 65537},
    "net/ipv4/conf/eth0.100/rp_filter": 1,
}


@pytest.fixture(autouse=True)
def no_waiting_for_disks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    return FakeHost(tmp_path)


def present(host: FakeHost, name: str, settings: dict[str, Any], **options: Any) -> Planned:
    profiles = SysctlProfiles(host)
    with profiles.lock():
        return profiles.carry_out(refuse_none(profiles.present(name, settings, **options)))


def absent(host: FakeHost, name: str | None = None) -> Planned:
    profiles = SysctlProfiles(host)
    with profiles.lock():
        return profiles.carry_out(profiles.absent(name))


def refuse_none(planned: Planned) -> Planned:
    refused = [row["reason"] for row in planned.rows if row["status"] == "refused"]
    assert not refused, refused
    return planned


def changed(planned: Planned) -> bool:
    return planned.plan.changes_anything


def reasons(host: FakeHost, name: str, settings: dict[str, Any], **options: Any) -> dict[str, str]:
    """What is refused and why; nothing is carried out."""
    rows = SysctlProfiles(host).present(name, settings, **options).rows
    return {row["key"]: row["reason"] for row in rows if row["status"] == "refused"}


def left_alone(planned: Planned) -> list[str]:
    return [name for name, one in planned.plan.outcomes.items() if one.target is None]


# --- there and back ---


def test_there_and_back_leaves_the_host_as_it_was(host: FakeHost) -> None:
    host.listen(22, 8080, 9000)
    before = host.tree()
    assert changed(present(host, "web", SETTINGS))
    assert {name: host.value(name) for name in (FIN, SOMAXCONN, RANGE, RESERVED, BUCKETS)} == {
        FIN: "30",
        SOMAXCONN: "8192",
        RANGE: "1024 65535",
        RESERVED: "7005,8080,9000",
        BUCKETS: "65792",
    }
    assert host.value("net.ipv4.conf.eth0/100.rp_filter") == "1"
    tuned = host.tree()
    again = present(host, "web", SETTINGS)
    assert not changed(again)
    assert [row["status"] for row in again.rows] == ["unchanged"] * len(SETTINGS)
    assert host.tree() == tuned
    assert changed(absent(host, "web"))
    assert host.tree() == before
    assert not changed(absent(host, "web"))
    assert not changed(absent(host))
    assert host.tree() == before


def test_the_drop_in_says_what_is_held_and_why(host: FakeHost) -> None:
    present(host, "web", {FIN: {"value": 30, "reason": "short", "source": "tcp(7)"}, RESERVED: "8080,8081"})
    text = host.read_text(WEB) or ""
    assert text.startswith("# Managed by Ansible (nettune.tcp.sysctl_profile): profile web\n")
    assert "\n# short (tcp(7))\nnet.ipv4.tcp_fin_timeout = 30\n" in text
    assert text.endswith("\nnet.ipv4.ip_local_reserved_ports = 8080-8081\n")
    assert (host.root / WEB.lstrip("/")).stat().st_mode & 0o777 == 0o644


def test_a_directory_that_is_missing_is_made(host: FakeHost) -> None:
    (host.root / "etc/sysctl.d").rmdir()
    present(host, "web", {FIN: 30})
    assert (host.root / "etc/sysctl.d").stat().st_mode & 0o777 == 0o755


def test_a_parameter_removed_from_the_settings_is_taken_back(host: FakeHost) -> None:
    present(host, "web", {FIN: 30, ALIVE: 600})
    planned = present(host, "web", {ALIVE: 600})
    assert host.value(FIN) == "60"
    assert FIN not in (host.read_text(WEB) or "")
    assert [(row["key"], row["before"], row["after"], row["requested"]) for row in planned.rows] == [
        (ALIVE, "600", "600", "600"),
        (FIN, "30", "60", None),
    ]


@pytest.mark.parametrize("settings", [{}, {FIN: None}, {"net.ipv4.tcp_tw_recycle": 0}])
def test_settings_of_nothing_take_all_back(host: FakeHost, settings: dict[str, Any]) -> None:
    before = host.tree()
    present(host, "web", {FIN: 30})
    assert changed(present(host, "web", settings))
    assert host.tree() == before


def test_a_reason_alone_changes_the_file_only(host: FakeHost) -> None:
    present(host, "web", {FIN: 30})
    planned = present(host, "web", {FIN: {"value": 30, "reason": "because"}})
    assert changed(planned)
    assert planned.plan.writes == ()
    assert "# because" in (host.read_text(WEB) or "")
    assert not changed(present(host, "web", {FIN: {"value": 30, "reason": "because"}}))


def test_what_somebody_else_changed_since_is_left_alone(host: FakeHost) -> None:
    present(host, "web", {FIN: 30, ALIVE: 600})
    host.set(FIN, "20")
    planned = absent(host, "web")
    assert (host.value(FIN), host.value(ALIVE)) == ("20", "7200")
    assert left_alone(planned) == [FIN]
    assert host.read_text(JOURNAL) is None


def test_what_drifted_is_set_again_and_its_first_value_kept(host: FakeHost) -> None:
    present(host, "web", {FIN: 30})
    host.set(FIN, "20")
    assert changed(present(host, "web", {FIN: 30}))
    assert host.value(FIN) == "30"
    absent(host, "web")
    assert host.value(FIN) == "60"


def test_what_was_so_before_is_held_and_stays(host: FakeHost) -> None:
    present(host, "web", {FIN: 60})
    assert f"{FIN} = 60" in (host.read_text(WEB) or "")
    absent(host, "web")
    assert host.value(FIN) == "60"
    assert host.read_text(WEB) is None


def test_a_parameter_that_is_gone_is_forgotten(host: FakeHost) -> None:
    present(host, "web", {BUCKETS: {"at_least": 131072}, FIN: 30})
    host.forget(BUCKETS)
    planned = absent(host, "web")
    row = next(row for row in planned.rows if row["key"] == BUCKETS)
    assert (row["before"], row["after"], row["status"]) == (None, None, "unchanged")
    assert "gone since" in row["reason"]
    assert host.read_text(JOURNAL) is None


# --- persistence and reboots ---


def test_until_reboot_only(host: FakeHost) -> None:
    before = host.tree()
    present(host, "web", {FIN: 30}, persistent=False)
    assert host.value(FIN) == "30"
    assert host.read_text(WEB) is None
    absent(host, "web")
    assert host.tree() == before


def test_tried_then_persisted_then_tried(host: FakeHost) -> None:
    present(host, "web", {FIN: 30}, persistent=False)
    planned = present(host, "web", {FIN: 30})
    assert changed(planned)
    assert (planned.plan.writes, host.value(FIN)) == ((), "30")
    assert host.read_text(WEB)
    planned = present(host, "web", {FIN: 30}, persistent=False)
    assert changed(planned)
    assert (host.read_text(WEB), host.value(FIN)) == (None, "30")
    absent(host, "web")
    assert host.value(FIN) == "60"


def test_a_reboot_takes_back_what_was_tried(host: FakeHost) -> None:
    present(host, "web", {FIN: 30, ALIVE: 600}, persistent=False)
    host.reboot({FIN: "45"})
    planned = absent(host, "web")
    assert not changed(planned)
    assert (host.value(FIN), host.read_text(JOURNAL)) == ("45", None)


def test_a_trial_begun_anew_after_a_reboot_knows_the_new_value(host: FakeHost) -> None:
    present(host, "web", {FIN: 30}, persistent=False)
    host.reboot({FIN: "45"})
    present(host, "web", {FIN: 30}, persistent=False)
    absent(host, "web")
    assert host.value(FIN) == "45"


def test_what_is_persistent_outlives_a_reboot_with_its_first_value(host: FakeHost) -> None:
    present(host, "web", {FIN: 30})
    host.reboot({FIN: "30"})
    assert not changed(present(host, "web", {FIN: 30}))
    absent(host, "web")
    assert host.value(FIN) == "60"


def test_what_another_tries_is_not_persisted_by_a_shared_parameter(host: FakeHost) -> None:
    present(host, "web", {SOMAXCONN: {"at_least": 8192}})
    present(host, "attempt", {SOMAXCONN: {"at_least": 16384}}, persistent=False)
    assert host.value(SOMAXCONN) == "16384"
    assert f"{SOMAXCONN} = 8192" in (host.read_text(WEB) or "")
    present(host, "web", {SOMAXCONN: {"at_least": 8192}})
    assert f"{SOMAXCONN} = 8192" in (host.read_text(WEB) or "")
    host.reboot({SOMAXCONN: "8192"})
    assert not changed(present(host, "web", {SOMAXCONN: {"at_least": 8192}}))
    absent(host, "web")
    assert host.value(SOMAXCONN) == "4096"


# --- floors, ceilings, rounding ---


@pytest.mark.parametrize(
    ("request_", "running", "boot", "value", "line"),
    [
        ({"at_least": 8192}, "4096", None, "8192", "8192"),
        ({"at_least": 8192}, "16384", None, "16384", None),
        ({"at_least": 8192}, "4096", "16384", "8192", None),
        ({"at_least": 8192}, "16384", "100", "16384", "8192"),
        ({"at_least": 8192}, "8192", "8192", "8192", None),
        ({"at_least": 8192}, "4096", "nonsense", "8192", "8192"),
        ({"at_most": 1000}, "4096", None, "1000", "1000"),
        ({"at_most": 1000}, "500", None, "500", None),
        ({"at_most": 1000}, "500", "4096", "500", "1000"),
        ({"at_most": 1000}, "4096", "500", "1000", None),
    ],
)
def test_a_bound_is_held_now_and_at_boot(
    host: FakeHost, request_: dict[str, int], running: str, boot: str | None, value: str, line: str | None
) -> None:
    host.set(SOMAXCONN, running)
    if boot is not None:
        host.put("/etc/sysctl.d/10-other.conf", f"{SOMAXCONN} = {boot}\n")
    before = host.tree()
    present(host, "web", {SOMAXCONN: request_}, accept_hazards=frozenset({"floor_lowered"}))
    assert host.value(SOMAXCONN) == value
    text = host.read_text(WEB)
    assert (f"{SOMAXCONN} = {line}" in (text or "")) is (line is not None)
    assert (text is None) is (line is None)
    assert not changed(present(host, "web", {SOMAXCONN: request_}, accept_hazards=frozenset({"floor_lowered"})))
    absent(host, "web")
    assert host.tree() == before


def test_a_default_that_is_known_counts_as_what_boot_gives(host: FakeHost) -> None:
    """Raised by hand and not in any file: without a line of ours the floor would be gone after a reboot."""
    host.set(ALIVE, "9000")
    present(host, "web", {ALIVE: {"at_least": 8000}})
    assert f"{ALIVE} = 8000" in (host.read_text(WEB) or "")


def test_a_floor_of_ours_can_be_taken_lower_again(host: FakeHost) -> None:
    present(host, "web", {SOMAXCONN: {"at_least": 16384}})
    present(host, "web", {SOMAXCONN: {"at_least": 8192}})
    assert host.value(SOMAXCONN) == "8192"
    present(host, "web", {SOMAXCONN: {"at_least": 1024}})
    assert host.value(SOMAXCONN) == "4096"


def test_what_somebody_else_raised_above_our_floor_is_never_lowered(host: FakeHost) -> None:
    present(host, "web", {SOMAXCONN: {"at_least": 8192}})
    host.set(SOMAXCONN, "9000")
    for _run in range(3):
        assert not changed(present(host, "web", {SOMAXCONN: {"at_least": 8192}}))
    assert left_alone(absent(host, "web")) == [SOMAXCONN]
    assert host.value(SOMAXCONN) == "9000"


def test_each_number_of_a_vector_has_its_floor(host: FakeHost) -> None:
    present(host, "web", {"net.ipv4.tcp_rmem": {"at_least": "8192 1 16777216"}})
    assert host.value("net.ipv4.tcp_rmem") == "8192 131072 16777216"


def test_a_number_that_the_kernel_rounds(host: FakeHost) -> None:
    before = host.tree()
    planned = present(host, "web", {"net.ipv4.icmp_ratelimit": 1001})
    assert host.value("net.ipv4.icmp_ratelimit") == "1004"
    row = planned.rows[0]
    assert (row["after"], row["boot_after"], row["status"]) == ("1004", "1001", "changed")
    assert row["reason"] == "the kernel makes 1004 of 1001"
    again = present(host, "web", {"net.ipv4.icmp_ratelimit": 1001})
    assert not changed(again)
    assert (again.rows[0]["before"], again.rows[0]["after"]) == ("1004", "1004")
    present(host, "web", {"net.ipv4.icmp_ratelimit": 1006})
    assert host.value("net.ipv4.icmp_ratelimit") == "1008"
    absent(host, "web")
    assert host.tree() == before


# --- several profiles ---


def test_profiles_that_agree_share_a_parameter(host: FakeHost) -> None:
    before = host.tree()
    present(host, "web", {FIN: 30, ALIVE: 600})
    present(host, "mail", {FIN: 30})
    absent(host, "web")
    assert (host.value(FIN), host.value(ALIVE)) == ("30", "7200")
    assert not changed(present(host, "mail", {FIN: 30}))
    absent(host, "mail")
    assert host.tree() == before


def test_profiles_that_disagree_are_both_named_and_nothing_is_written(host: FakeHost) -> None:
    present(host, "mail", {FIN: 30, ALIVE: 300})
    before = host.tree()
    planned = SysctlProfiles(host).present("web", {FIN: 15, ALIVE: 300})
    assert [(row["key"], row["status"]) for row in planned.rows] == [(FIN, "refused"), (ALIVE, "unchanged")]
    assert "profile mail" in planned.rows[0]["reason"]
    assert "profile web" in planned.rows[0]["reason"]
    assert planned.plan.conflicts == ({"key": FIN, "profile": "mail", "value": "30"},)
    assert host.tree() == before


def test_floors_of_profiles_join_and_the_files_say_the_same(host: FakeHost) -> None:
    present(host, "web", {SOMAXCONN: {"at_least": 8192}})
    present(host, "mail", {SOMAXCONN: {"at_least": 16384}})
    assert host.value(SOMAXCONN) == "16384"
    assert all(f"{SOMAXCONN} = 16384" in (host.read_text(path) or "") for path in (WEB, MAIL))
    assert not changed(present(host, "web", {SOMAXCONN: {"at_least": 8192}}))
    absent(host, "mail")
    assert host.value(SOMAXCONN) == "8192"
    assert f"{SOMAXCONN} = 8192" in (host.read_text(WEB) or "")
    absent(host, "web")
    assert host.value(SOMAXCONN) == "4096"


def test_ports_of_profiles_join(host: FakeHost) -> None:
    present(host, "web", {RESERVED: {"include": [80, 443]}})
    present(host, "mail", {RESERVED: {"include": [25, 443]}})
    assert host.value(RESERVED) == "25,80,443"
    absent(host, "web")
    assert host.value(RESERVED) == "25,443"
    absent(host, "mail")
    assert host.value(RESERVED) == ""


def test_a_run_for_one_profile_leaves_the_file_of_another_alone(host: FakeHost) -> None:
    present(host, "mail", {ALIVE: 300})
    host.put(MAIL, "# edited by hand\n")
    present(host, "web", {FIN: 30})
    assert host.read_text(MAIL) == "# edited by hand\n"
    absent(host, "web")
    assert host.read_text(MAIL) == "# edited by hand\n"


def test_all_profiles_at_once(host: FakeHost) -> None:
    before = host.tree()
    present(host, "web", {FIN: 30, SOMAXCONN: {"at_least": 8192}})
    present(host, "mail", {ALIVE: 300, SOMAXCONN: {"at_least": 16384}})
    present(host, "attempt", {"net.ipv4.tcp_syncookies": 2}, persistent=False)
    absent(host)
    assert host.tree() == before


def test_profiles_that_modules_keep_for_themselves_stay(host: FakeHost) -> None:
    present(host, "nofile-web", {FIN: 30})
    assert not changed(absent(host))
    assert host.value(FIN) == "30"
    absent(host, "nofile-web")
    assert host.value(FIN) == "60"


def test_a_parameter_gone_since_stays_with_the_profile_that_still_asks_for_it(host: FakeHost) -> None:
    present(host, "web", {BUCKETS: {"at_least": 131072}})
    present(host, "mail", {BUCKETS: {"at_least": 131072}, FIN: 30})
    text = host.read_text(MAIL)
    host.forget(BUCKETS)
    absent(host, "web")
    assert host.read_text(MAIL) == text
    host.set(BUCKETS, "65536")
    present(host, "mail", {BUCKETS: {"at_least": 131072}, FIN: 30})
    assert host.value(BUCKETS) == "131072"
    absent(host, "mail")
    assert host.value(BUCKETS) == "65536"


# --- listeners and reservations ---


def test_listeners_are_reserved_for_good(host: FakeHost) -> None:
    host.listen(22, 8080, 61000)
    settings = {RESERVED: {"include": ["listeners"]}, RANGE: "1024 65535"}
    present(host, "web", settings)
    assert host.value(RESERVED) == "8080,61000"
    host.listen(22)
    assert not changed(present(host, "web", settings))
    host.listen(22, 9000)
    present(host, "web", settings)
    assert host.value(RESERVED) == "8080,9000,61000"
    absent(host, "web")
    assert (host.value(RESERVED), host.value(RANGE)) == ("", "32768 60999")


def test_datagram_ports_count_until_the_range_is_wide(host: FakeHost) -> None:
    host.listen(5353, udp=True)
    settings = {RANGE: "1024 65535", RESERVED: {"include": ["listeners"]}}
    present(host, "web", settings)
    assert host.value(RESERVED) == "5353"
    host.listen(5353, 12345, udp=True)
    assert not changed(present(host, "web", settings))


def test_the_operators_own_reservations_are_kept_and_told_apart(host: FakeHost) -> None:
    host.set(RESERVED, "7005,9000")
    present(host, "web", {RESERVED: {"include": [8080, 9000]}})
    assert host.value(RESERVED) == "7005,8080,9000"
    host.set(RESERVED, "7005,8080,9000,50000")
    assert not changed(present(host, "web", {RESERVED: {"include": [8080, 9000]}}))
    present(host, "web", {RESERVED: {"include": [9000]}})
    assert host.value(RESERVED) == "7005,9000,50000"
    absent(host, "web")
    assert host.value(RESERVED) == "7005,9000,50000"


def test_reservations_in_files_of_others_are_kept_at_boot(host: FakeHost) -> None:
    host.put("/etc/sysctl.d/10-other.conf", f"{RESERVED} = 7005,8001-8100\n")
    host.set(RESERVED, "50000")
    present(host, "web", {RESERVED: {"include": [8080, 9000]}})
    assert host.value(RESERVED) == "7005,8001-8100,9000,50000"
    assert f"{RESERVED} = 7005,8001-8100,9000\n" in (host.read_text(WEB) or "")


def test_a_line_of_others_that_is_no_set_of_ports_does_not_stop_us(host: FakeHost) -> None:
    host.put("/etc/sysctl.d/10-other.conf", f"{RESERVED} = 80,http\n")
    present(host, "web", {RESERVED: {"include": [8080]}})
    assert host.value(RESERVED) == "8080"


def test_ports_are_reserved_before_the_range_and_given_up_after_it(host: FakeHost) -> None:
    settings = {RANGE: "1024 65535", RESERVED: {"include": [8080]}}
    assert [name for name, _change in present(host, "web", settings).plan.writes] == [RESERVED, RANGE]
    assert [name for name, _change in absent(host, "web").plan.writes] == [RANGE, RESERVED]


# --- what goes together ---


@pytest.mark.parametrize("settings", [{RANGE: "500 60999", START: 400}, {START: 400, RANGE: "500 60999"}])
def test_a_range_and_where_it_may_begin(host: FakeHost, settings: dict[str, Any]) -> None:
    before = host.tree()
    present(host, "web", settings)
    assert (host.value(RANGE), host.value(START)) == ("500 60999", "400")
    absent(host, "web")
    assert host.tree() == before


@pytest.mark.parametrize(("low", "high"), [(5000000, 6000000), (100, 200)])
def test_thresholds_that_move_together(host: FakeHost, low: int, high: int) -> None:
    before = host.tree()
    present(host, "web", {"net.ipv4.ipfrag_low_thresh": low, "net.ipv4.ipfrag_high_thresh": high})
    assert host.value("net.ipv4.ipfrag_low_thresh") == str(low)
    absent(host, "web")
    assert host.tree() == before


@pytest.mark.parametrize(
    ("settings", "key", "said"),
    [
        ({RANGE: "500 60999"}, RANGE, f"set {START} as well"),
        ({START: 40000}, START, f"set {RANGE} as well"),
        ({RANGE: "65000 1024"}, RANGE, "the first port of 65000 1024 lies above the last"),
        ({"net.ipv4.ipfrag_high_thresh": 100}, "net.ipv4.ipfrag_high_thresh", "would stand above"),
    ],
)
def test_what_cannot_stand_beside_the_rest_is_refused(
    host: FakeHost, settings: dict[str, Any], key: str, said: str
) -> None:
    assert said in reasons(host, "web", settings)[key]


BYTES, RATIO = "vm.dirty_bytes", "vm.dirty_ratio"


def test_one_setting_in_two_units_is_taken_back_in_the_other(host: FakeHost) -> None:
    before = host.tree()
    planned = present(host, "web", {BYTES: 100000000})
    assert (host.value(BYTES), host.value(RATIO)) == ("100000000", "0")
    assert [name for name, _change in planned.plan.writes] == [BYTES]
    assert [(row["key"], row["before"], row["after"]) for row in planned.rows] == [
        (BYTES, "0", "100000000"),
        (RATIO, "20", "0"),
    ]
    assert RATIO not in (host.read_text(WEB) or "")
    assert not changed(present(host, "web", {BYTES: 100000000}))
    planned = absent(host, "web")
    assert [name for name, _change in planned.plan.writes] == [RATIO]
    assert host.tree() == before


def test_the_unit_can_change(host: FakeHost) -> None:
    before = host.tree()
    present(host, "web", {BYTES: 100000000})
    present(host, "web", {RATIO: 10})
    assert (host.value(BYTES), host.value(RATIO)) == ("0", "10")
    assert not changed(present(host, "web", {RATIO: 10}))
    present(host, "web", {BYTES: 50000000, RATIO: 0})
    assert (host.value(BYTES), host.value(RATIO)) == ("50000000", "0")
    absent(host, "web")
    assert host.tree() == before


def test_profiles_that_ask_for_both_units_disagree(host: FakeHost) -> None:
    present(host, "mail", {RATIO: 10})
    assert "profile mail asks for '10'" in reasons(host, "web", {BYTES: 100000000})[RATIO]


def test_what_was_displaced_is_put_back_when_a_later_write_fails(host: FakeHost) -> None:
    before = host.tree()
    with pytest.raises(ApplyFailed, match="everything written before it was put back"):
        present(host, "web", {BYTES: 100000000, "net.ipv4.tcp_congestion_control": "vegas"})
    assert host.tree() == before


def test_what_another_profile_stands_on_is_not_taken_from_under_it(host: FakeHost) -> None:
    present(host, "web", {"net.ipv4.ipfrag_high_thresh": 8000000})
    present(host, "mail", {"net.ipv4.ipfrag_low_thresh": 5000000})
    row = next(row for row in SysctlProfiles(host).absent("web").rows)
    assert (row["key"], row["status"]) == ("net.ipv4.ipfrag_high_thresh", "refused")
    assert "net.ipv4.ipfrag_low_thresh (5000000) would stand above" in row["reason"]
    absent(host)
    assert host.value("net.ipv4.ipfrag_high_thresh") == "4194304"


# --- hazards ---


@pytest.mark.parametrize(
    ("hazard", "settings", "key"),
    [
        ("tw_buckets_lowered", {"net.ipv4.tcp_max_tw_buckets": 5000}, "net.ipv4.tcp_max_tw_buckets"),
        ("floor_lowered", {SOMAXCONN: 128}, SOMAXCONN),
        ("floor_lowered", {SOMAXCONN: {"at_most": 128}}, SOMAXCONN),
        ("floor_lowered", {"fs.file-max": 2000500}, "fs.file-max"),
        ("range_over_listeners", {RANGE: "1024 65535"}, RANGE),
    ],
)
def test_a_hazard_is_refused_until_it_is_accepted(
    host: FakeHost, hazard: str, settings: dict[str, Any], key: str
) -> None:
    host.listen(8080)
    before = host.tree()
    assert reasons(host, "web", settings)[key].startswith(f"hazard {hazard}: {key} ")
    assert reasons(host, "web", settings, accept_hazards=frozenset({"tw_recycle"}))
    assert host.tree() == before
    planned = present(host, "web", settings, accept_hazards=frozenset({hazard}))
    assert [one.hazard for one in planned.plan.hazards] == [hazard]
    assert not changed(present(host, "web", settings, accept_hazards=frozenset({hazard})))
    absent(host, "web")
    assert host.tree() == before


@pytest.mark.parametrize("running", ["0", "1"])
def test_tw_recycle_of_an_old_kernel(host: FakeHost, running: str) -> None:
    host.set("net.ipv4.tcp_tw_recycle", running)
    settings = {"net.ipv4.tcp_tw_recycle": 1}
    assert "tw_recycle" in reasons(host, "web", settings)["net.ipv4.tcp_tw_recycle"]
    present(host, "web", settings, accept_hazards=frozenset({"tw_recycle"}))
    assert host.value("net.ipv4.tcp_tw_recycle") == "1"


def test_what_would_be_lower_at_boot_only_is_a_hazard_too(host: FakeHost) -> None:
    host.put("/etc/sysctl.d/10-other.conf", f"{SOMAXCONN} = 65535\n")
    assert "at boot lowered from 65535 to 8192" in reasons(host, "web", {SOMAXCONN: 8192})[SOMAXCONN]
    present(host, "web", {SOMAXCONN: 8192}, accept_hazards=frozenset({"floor_lowered"}))
    assert reasons(host, "web", {SOMAXCONN: 8192}) == {}


def test_listeners_that_are_reserved_in_the_same_run_are_no_hazard(host: FakeHost) -> None:
    host.listen(8080)
    assert reasons(host, "web", {RANGE: "1024 65535", RESERVED: {"include": ["listeners"]}}) == {}
    assert RANGE in reasons(host, "web", {RANGE: "1024 65535", RESERVED: {"include": [80]}})
    host.set(RESERVED, "8080")
    assert reasons(host, "web", {RANGE: "1024 65535"}) == {}


# --- files of others, and our own edited ---


@pytest.mark.parametrize("target", ["/dev/null", "../passwd", "nowhere"])
def test_a_link_in_our_place_is_refused(host: FakeHost, target: str) -> None:
    host.put("/etc/passwd", "root:x:0:0\n")
    host.link(WEB, target)
    before = host.tree()
    with pytest.raises(ForeignFile, match=f"is a symbolic link to {target}"):
        present(host, "web", {FIN: 30})
    assert host.tree() == before


def test_a_link_in_our_place_is_left_alone_when_taking_back(host: FakeHost) -> None:
    present(host, "web", {FIN: 30})
    host.put("/etc/passwd", "root:x:0:0\n")
    (host.root / WEB.lstrip("/")).unlink()
    host.link(WEB, "../passwd")
    planned = absent(host, "web")
    assert host.value(FIN) == "60"
    assert os.readlink(host.root / WEB.lstrip("/")) == "../passwd"
    assert host.read_text("/etc/passwd") == "root:x:0:0\n"
    assert [one.path for one in planned.plan.files if one.left_alone] == [WEB]


def test_a_directory_in_our_place_is_refused(host: FakeHost) -> None:
    (host.root / WEB.lstrip("/")).mkdir()
    with pytest.raises(ForeignFile, match="is not a regular file"):
        present(host, "web", {FIN: 30})


def test_a_file_of_somebody_else_in_our_place_is_refused(host: FakeHost) -> None:
    host.put(WEB, f"{FIN} = 10\n")
    before = host.tree()
    with pytest.raises(ForeignFile, match="was not written by nettune.tcp"):
        present(host, "web", {FIN: 30})
    assert host.tree() == before
    planned = present(host, "web", {FIN: 30}, persistent=False)
    assert (host.read_text(WEB), host.value(FIN)) == (f"{FIN} = 10\n", "30")
    assert planned.plan.files == ()


def test_an_edited_file_is_set_right_and_its_text_kept(host: FakeHost) -> None:
    present(host, "web", {FIN: 30})
    ours = host.read_text(WEB)
    edited = f"{ours}{FIN} = 10 # \udce9\n"
    host.put(WEB, edited)
    assert changed(present(host, "web", {FIN: 30}))
    assert host.read_text(WEB) == ours
    kept = host.listdir("/var/lib/nettune/tcp/edited")
    assert len(kept) == 1
    assert host.read_text(f"/var/lib/nettune/tcp/edited/{kept[0]}") == edited
    assert not changed(present(host, "web", {FIN: 30}))


def test_a_file_that_no_longer_says_it_is_ours_is_refused(host: FakeHost) -> None:
    present(host, "web", {FIN: 30})
    host.put(WEB, f"{FIN} = 10\n")
    with pytest.raises(ForeignFile, match="was not written by nettune.tcp"):
        present(host, "web", {FIN: 30})


def test_a_removed_file_is_written_again(host: FakeHost) -> None:
    present(host, "web", {FIN: 30})
    (host.root / WEB.lstrip("/")).unlink()
    assert changed(present(host, "web", {FIN: 30}))
    assert host.read_text(WEB)


def test_an_edited_file_is_left_alone_when_taking_back(host: FakeHost) -> None:
    present(host, "web", {FIN: 30})
    host.put(WEB, "# mine\n")
    planned = absent(host, "web")
    assert host.value(FIN) == "60"
    assert host.read_text(WEB) == "# mine\n"
    assert [one.path for one in planned.plan.files if one.left_alone] == [WEB]


def test_a_drop_in_whose_journal_is_lost(host: FakeHost) -> None:
    present(host, "web", {FIN: 30})
    (host.root / JOURNAL.lstrip("/")).unlink()
    planned = absent(host, "web")
    assert not changed(planned)
    assert [one.path for one in planned.plan.files if one.left_alone] == [WEB]
    present(host, "web", {FIN: 15})
    assert host.value(FIN) == "15"
    absent(host, "web")
    assert (host.value(FIN), host.read_text(WEB)) == ("30", None)


# --- at boot ---


def test_a_line_that_beats_ours_at_boot_is_named(host: FakeHost) -> None:
    host.put("/etc/sysctl.d/zz-last.conf", f"\n{FIN} = 99\n")
    planned = present(host, "web", {FIN: 30, ALIVE: 600})
    row = planned.rows[0]
    assert (row["status"], row["boot_before"], row["boot_after"]) == ("shadowed", "99", "99")
    assert "/etc/sysctl.d/zz-last.conf:2 sets 99" in row["reason"]
    assert planned.rows[1]["status"] == "changed"
    assert host.value(FIN) == "30"
    assert not changed(present(host, "web", {FIN: 30, ALIVE: 600}))


def test_a_line_that_says_the_same_later_is_none(host: FakeHost) -> None:
    host.put("/etc/sysctl.d/zz-last.conf", f"{FIN} = 0x1e # same\n")
    assert present(host, "web", {FIN: 30}).rows[0]["status"] == "changed"


def test_a_line_that_takes_ours_out(host: FakeHost) -> None:
    host.put("/etc/sysctl.d/zz-last.conf", f"-{FIN}\n")
    row = present(host, "web", {FIN: 30}).rows[0]
    assert (row["status"], row["boot_after"]) == ("shadowed", None)


def test_earlier_lines_and_patterns_do_not_shadow(host: FakeHost) -> None:
    host.put("/etc/sysctl.d/99-sysctl.conf", f"{FIN} = 99\n")
    host.put("/etc/sysctl.d/zz-last.conf", "net.ipv4.tcp_fin_* = 98\n")
    row = present(host, "web", {FIN: 30}).rows[0]
    assert (row["status"], row["boot_before"], row["boot_after"]) == ("changed", "99", "30")


def test_sysctl_conf_shadows_where_procps_loads(host: FakeHost) -> None:
    (host.root / "usr/lib/systemd/systemd-sysctl").unlink()
    host.put("/etc/sysctl.conf", f"{FIN} = 99\n")
    row = present(host, "web", {FIN: 30}).rows[0]
    assert (row["status"], row["boot_after"]) == ("shadowed", "99")
    assert "/etc/sysctl.conf:1" in row["reason"]


def test_an_edited_file_of_another_profile_can_shadow(host: FakeHost) -> None:
    present(host, "web", {FIN: 30})
    present(host, "zz", {ALIVE: 600})
    host.put("/etc/sysctl.d/99-zz-nettune-zz.conf", f"{FIN} = 5\n")
    row = present(host, "web", {FIN: 30}).rows[0]
    assert (row["status"], row["boot_after"]) == ("shadowed", "5")


# --- refusals ---


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"net.ipv4.tcp_tw_recyle": 1}, "did you mean net.ipv4.tcp_tw_recycle?"),
        ({"net.ipv4.somaxconn": 1}, "did you mean net.core.somaxconn?"),
        ({"net.ipv4.conf.eth0.100.rp_filter": 1}, "did you mean net.ipv4.conf.eth0/100.rp_filter?"),
        ({"net/../../etc/passwd": 1}, "'..'"),
        ({"/etc/x": 1}, "is a path"),
        ({"net.ipv4.*": 1}, "is a pattern"),
        ({FIN: "abc"}, "is not a whole number"),
        ({FIN: {"at_leest": 3}}, "did you mean at_least?"),
        ({FIN: 1, "net/ipv4/tcp_fin_timeout": 1}, "is given more than once"),
        ({"net.netfilter.nf_conntrack_max": 300000, "net.ipv4.ip_conntrack_max": 300000}, "is given more than once"),
        ({1: 2}, "one part only"),
        ({None: 2}, "one part only"),
        ({FIN: [[1, 2], 3]}, "is not one number"),
        ({FIN: {"value": {"value": 1}}}, "is neither"),
        ({"net.ipv4.x" * 60: 1}, "is no parameter of this kernel"),
        ({"net.ipv4." + "x" * 300: 1}, "is no parameter of this kernel"),
    ],
)
def test_what_is_refused_and_nothing_written(host: FakeHost, settings: dict[Any, Any], said: str) -> None:
    before = host.tree()
    planned = SysctlProfiles(host).present("web", {**settings, ALIVE: 600})
    refused = [row["reason"] for row in planned.rows if row["status"] == "refused"]
    assert refused
    assert all(said in reason for reason in refused)
    assert host.tree() == before


def test_a_locked_parameter_is_refused_only_where_it_would_change(host: FakeHost) -> None:
    (host.root / "proc/sys/net/ipv4/tcp_fin_timeout").chmod(0o444)
    assert "no write permission" in reasons(host, "web", {FIN: 30})[FIN]
    assert reasons(host, "web", {FIN: 60}) == {}


def test_what_is_locked_cannot_be_taken_back_and_that_is_said_before_anything_is_written(host: FakeHost) -> None:
    present(host, "web", {FIN: 30, ALIVE: 600})
    (host.root / "proc/sys/net/ipv4/tcp_fin_timeout").chmod(0o444)
    planned = SysctlProfiles(host).absent("web")
    assert [(row["key"], row["status"]) for row in planned.rows] == [(FIN, "refused"), (ALIVE, "changed")]


# --- faults: at every step ---


def count_steps(tmp_path: Path, scenario: Any) -> int:
    host = FakeHost(tmp_path / "counting")
    setup(host)
    begun = len(host.steps)
    scenario(host)
    return len(host.steps) - begun


def setup(host: FakeHost) -> None:
    """A host with something of ours on it, edited."""
    host.listen(8080)
    present(host, "web", {FIN: 30, ALIVE: 600, RESERVED: {"include": [80]}})
    present(host, "mail", {SOMAXCONN: {"at_least": 16384}})
    host.put(WEB, "# Managed by Ansible (nettune.tcp.sysctl_profile): edited\n")


def tune(host: FakeHost) -> None:
    present(host, "web", SETTINGS)


def take_back(host: FakeHost) -> None:
    absent(host)


SCENARIOS = [tune, take_back]
KEPT = "/var/lib/nettune/tcp/edited"


def without_kept(tree: dict[str, str]) -> dict[str, str]:
    """The copies of edited files may stay: they are made before anything is replaced."""
    return {path: held for path, held in tree.items() if not path.startswith(KEPT)}


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("after", [False, True])
def test_whatever_step_fails_everything_is_put_back(tmp_path: Path, scenario: Any, after: bool) -> None:
    steps = count_steps(tmp_path, scenario)
    assert steps > 8
    for number in range(1, steps + 1):
        host = FakeHost(tmp_path / f"{after}-{number}")
        setup(host)
        before = without_kept(host.tree())
        host.fails_at, host.after = len(host.steps) + number, after
        with pytest.raises((NettuneError, OSError), match="Input/output error|EIO"):
            scenario(host)
        last = host.steps[host.fails_at - 1]
        if number < steps - 2 or last.startswith("write"):
            assert without_kept(host.tree()) == before, f"step {number}: {last}"
        host.fails_at = 0
        scenario(host)


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOENT, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOMEM])
def test_a_refused_write_says_which_what_and_why(host: FakeHost, number: int) -> None:
    before = host.tree()

    def judge(name: str, text: str) -> str:
        if (name, text) == (ALIVE, "600"):
            raise OSError(number, os.strerror(number))
        return text

    host.judge = judge
    with pytest.raises(ApplyFailed) as failed:
        present(host, "web", {FIN: 30, ALIVE: 600, SOMAXCONN: 8192})
    said = str(failed.value)
    assert f"{ALIVE} = 600 was refused with {errno.errorcode[number]}: " in said
    assert said.endswith("; everything written before it was put back")
    assert host.tree() == before


def test_a_write_that_is_refused_halfway_is_put_back(host: FakeHost) -> None:
    """A vector is not atomic: its first numbers may be stored before EINVAL."""
    before = host.tree()

    def judge(name: str, text: str) -> str:
        if name == "net.ipv4.tcp_rmem" and "\t7" in text:
            host.set(name, "4096\t7\t6291456")
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        return text

    host.judge = judge
    with pytest.raises(ApplyFailed, match="put back"):
        present(host, "web", {FIN: 30, "net.ipv4.tcp_rmem": "4096 7 7"})
    assert host.tree() == before


def test_a_congestion_control_nobody_has(host: FakeHost) -> None:
    before = host.tree()
    with pytest.raises(ApplyFailed, match="tcp_congestion_control = vegas was refused with ENOENT"):
        present(host, "web", {FIN: 30, "net.ipv4.tcp_congestion_control": "vegas"})
    assert host.tree() == before


def test_a_value_that_does_not_stay_is_put_back(host: FakeHost) -> None:
    before = host.tree()
    host.judge = lambda name, text: "61" if (name, text) == (FIN, "30") else text
    with pytest.raises(ApplyFailed, match=f"{FIN}: 30 was written, 61 is read back"):
        present(host, "web", {ALIVE: 600, FIN: 30})
    assert host.tree() == before


def test_what_cannot_be_put_back_is_said_and_stays_in_the_journal(host: FakeHost) -> None:
    def judge(name: str, text: str) -> str:
        if (name, text) in ((FIN, "60"), (SOMAXCONN, "8192")):
            raise OSError(errno.EPERM, os.strerror(errno.EPERM))
        return text

    host.judge = judge
    with pytest.raises(ApplyFailed) as failed:
        present(host, "web", {FIN: 30, SOMAXCONN: 8192})
    assert "putting back what had been written failed too, the journal still holds it" in str(failed.value)
    assert f"{FIN} = 60 was refused with EPERM" in str(failed.value)
    assert host.value(FIN) == "30"
    host.judge = lambda _name, text: text
    absent(host, "web")
    assert host.value(FIN) == "60"
    assert host.read_text(JOURNAL) is None


def test_a_secret_is_nowhere_said(host: FakeHost) -> None:
    key = "net.ipv4.tcp_fastopen_key"
    secret = "11111111-22222222-33333333-44444444"
    planned = present(host, "web", {key: secret})
    assert secret not in repr(planned.rows)
    host.judge = lambda name, text: "0-0-0-0" if name == key else text
    with pytest.raises(ApplyFailed) as failed:
        present(host, "web", {key: secret.replace("1", "7")})
    assert "7777" not in str(failed.value)
    assert key in str(failed.value)


# --- killed at every step ---


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("after", [False, True])
def test_whatever_step_it_is_killed_at_nothing_is_lost(tmp_path: Path, scenario: Any, after: bool) -> None:
    """Killed before or after a step, it is run again after every other one; at last everything is taken back."""
    fresh = FakeHost(tmp_path / "fresh")
    fresh.listen(8080)
    untouched = without_kept(fresh.tree())
    finished = FakeHost(tmp_path / "finished")
    setup(finished)
    scenario(finished)
    for number in range(1, count_steps(tmp_path, scenario) + 1):
        host = FakeHost(tmp_path / f"{number}")
        setup(host)
        host.error, host.after = Killed(), after
        host.fails_at = len(host.steps) + number
        with pytest.raises(Killed):
            scenario(host)
        host.fails_at = 0
        if number % 2 == after:
            scenario(host)
            assert values_and_files(host) == values_and_files(finished), f"killed at step {number}"
        (host.root / WEB.lstrip("/")).unlink(missing_ok=True)  # setup() has edited it, so that it would be left alone
        absent(host)
        rest = without_kept(host.tree())
        left = {path for path in rest if path.startswith("/var/lib/nettune")}  # directories around what is kept
        assert {path: held for path, held in rest.items() if path not in left} == untouched, f"killed at {number}"


def values_and_files(host: FakeHost) -> dict[str, str]:
    return without_kept(host.tree("/proc/sys", "/etc"))


def test_a_killed_run_leaves_no_temporary_file_behind(host: FakeHost) -> None:
    for directory in ("/etc/sysctl.d", "/var/lib/nettune/tcp"):
        host.put(f"{directory}/.nettune-x.tmp", "half")
    present(host, "web", {FIN: 30})
    absent(host, "web")
    assert host.listdir("/etc/sysctl.d") == []
    assert host.listdir("/var/lib") == []


# --- the journal ---


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"version": 2}',
        '{"version": 1}',
        '{"version": 1, "profiles": [], "keys": {}}',
        '{"version": 1, "profiles": {"web": {}}, "keys": {}}',
        '{"version": 1, "profiles": {}, "keys": {"a.b": {"before": "60"}}}',
        '{"version": 1, "profiles": {}, "keys": {"a.b": {"before": 60, "ours": ["3"], "asked": "3"}}}',
        '{"version": 1, "profiles": {}, "keys": {"a.b": {"before": "60", "ours": [3], "asked": "3"}}}',
        '{"version": 1, "profiles": {}, "keys": {"a.b": {"before": "60", "ours": 3, "asked": "3"}}}',
        '{"version": 1, "profiles": {}, "keys": {"a.b": ["60"]}}',
    ],
)
def test_a_journal_that_cannot_be_read_stops_everything(host: FakeHost, text: str) -> None:
    host.put(JOURNAL, text)
    before = host.tree()
    for run in (lambda: present(host, "web", {FIN: 30}), lambda: absent(host), lambda: absent(host, "web")):
        with pytest.raises(JournalError, match="journal|damaged"):
            run()
    assert host.tree() == before
