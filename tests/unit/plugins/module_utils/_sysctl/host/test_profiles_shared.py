# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several profiles on one host, and the ports they reserve."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import report
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import (
    ALIVE,
    BUCKETS,
    FIN,
    MAIL,
    RANGE,
    RESERVED,
    SOMAXCONN,
    WEB,
    absent,
    changed,
    present,
)


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    return FakeHost(tmp_path)


def test_profiles_share_a_parameter(host: FakeHost) -> None:
    before = host.tree()
    present(host, "web", {FIN: 30, ALIVE: 600})
    present(host, "mail", {FIN: 30})
    absent(host, "web")
    assert (host.value(FIN), host.value(ALIVE)) == ("30", "7200")
    assert not changed(present(host, "mail", {FIN: 30}))
    absent(host, "mail")
    assert host.tree() == before


def test_conflict_names_both_profiles_and_writes_nothing(host: FakeHost) -> None:
    present(host, "mail", {FIN: 30, ALIVE: 300})
    before = host.tree()
    planned = SysctlProfiles(host).present("web", {FIN: 15, ALIVE: 300})
    assert [(row["key"], row["status"]) for row in planned.rows] == [(FIN, "refused"), (ALIVE, "unchanged")]
    assert "profile mail" in planned.rows[0]["reason"]
    assert "profile web" in planned.rows[0]["reason"]
    assert f"(mail: {MAIL}; web: {WEB}, not yet written)" in planned.rows[0]["reason"]
    assert planned.plan.conflicts == ({"key": FIN, "profile": "mail", "value": "30", "reason": None},)
    assert host.tree() == before


def test_conflicting_profile_without_a_drop_in(host: FakeHost) -> None:
    present(host, "mail", {FIN: 30}, persistent=False)
    planned = SysctlProfiles(host).present("web", {FIN: 15})
    assert f"(mail: not persistent, in no file; web: {WEB}, not yet written)" in planned.rows[0]["reason"]


def test_refused_run_reports_no_other_change(host: FakeHost) -> None:
    present(host, "mail", {FIN: 30})
    planned = SysctlProfiles(host).present("web", {FIN: 15, ALIVE: 300, SOMAXCONN: {"at_least": 8192}})
    others = [row for row in planned.rows if row["key"] != FIN]
    assert [(row["status"], row["before"] == row["after"], row["boot_after"]) for row in others] == [
        ("unchanged", True, None),
        ("unchanged", True, None),
    ]
    table = report.text_lines(planned.plan, planned.rows)
    assert [line.split()[0] for line in table] == ["PARAMETER", FIN, "unchanged:"]


def test_joined_floors_are_in_both_drop_ins(host: FakeHost) -> None:
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


def test_ports_of_profiles_are_joined(host: FakeHost) -> None:
    present(host, "web", {RESERVED: {"include": [80, 443]}})
    present(host, "mail", {RESERVED: {"include": [25, 443]}})
    assert host.value(RESERVED) == "25,80,443"
    absent(host, "web")
    assert host.value(RESERVED) == "25,443"
    absent(host, "mail")
    assert host.value(RESERVED) == ""


def test_drop_in_of_another_profile_is_left_alone(host: FakeHost) -> None:
    present(host, "mail", {ALIVE: 300})
    host.put(MAIL, "# edited by hand\n")
    present(host, "web", {FIN: 30})
    assert host.read_text(MAIL) == "# edited by hand\n"
    absent(host, "web")
    assert host.read_text(MAIL) == "# edited by hand\n"


def test_all_profiles_are_reverted(host: FakeHost) -> None:
    before = host.tree()
    present(host, "web", {FIN: 30, SOMAXCONN: {"at_least": 8192}})
    present(host, "mail", {ALIVE: 300, SOMAXCONN: {"at_least": 16384}})
    present(host, "attempt", {"net.ipv4.tcp_syncookies": 2}, persistent=False)
    absent(host)
    assert host.tree() == before


def test_internal_profiles_are_not_reverted(host: FakeHost) -> None:
    present(host, "nofile-web", {FIN: 30})
    assert not changed(absent(host))
    assert host.value(FIN) == "30"
    absent(host, "nofile-web")
    assert host.value(FIN) == "60"


def test_absent_parameter_stays_in_the_profile_that_sets_it(host: FakeHost) -> None:
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


def test_reserved_listeners_stay_reserved(host: FakeHost) -> None:
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


def test_datagram_ports_are_not_reserved_in_a_wide_range(host: FakeHost) -> None:
    host.listen(5353, udp=True)
    settings = {RANGE: "1024 65535", RESERVED: {"include": ["listeners"]}}
    present(host, "web", settings)
    assert host.value(RESERVED) == "5353"
    host.listen(5353, 12345, udp=True)
    assert not changed(present(host, "web", settings))


def test_existing_reservations_are_kept_apart(host: FakeHost) -> None:
    host.set(RESERVED, "7005,9000")
    present(host, "web", {RESERVED: {"include": [8080, 9000]}})
    assert host.value(RESERVED) == "7005,8080,9000"
    host.set(RESERVED, "7005,8080,9000,50000")
    assert not changed(present(host, "web", {RESERVED: {"include": [8080, 9000]}}))
    present(host, "web", {RESERVED: {"include": [9000]}})
    assert host.value(RESERVED) == "7005,9000,50000"
    absent(host, "web")
    assert host.value(RESERVED) == "7005,9000,50000"


def test_reservations_in_other_files_are_kept_at_boot(host: FakeHost) -> None:
    host.put("/etc/sysctl.d/10-other.conf", f"{RESERVED} = 7005,8001-8100\n")
    host.set(RESERVED, "50000")
    present(host, "web", {RESERVED: {"include": [8080, 9000]}})
    assert host.value(RESERVED) == "7005,8001-8100,9000,50000"
    assert f"{RESERVED} = 7005,8001-8100,9000\n" in (host.read_text(WEB) or "")


def test_invalid_reservation_in_another_file_is_ignored(host: FakeHost) -> None:
    host.put("/etc/sysctl.d/10-other.conf", f"{RESERVED} = 80,http\n")
    present(host, "web", {RESERVED: {"include": [8080]}})
    assert host.value(RESERVED) == "8080"


def test_ports_are_reserved_before_and_released_after_the_range(host: FakeHost) -> None:
    settings = {RANGE: "1024 65535", RESERVED: {"include": [8080]}}
    assert [name for name, _change in present(host, "web", settings).plan.writes] == [RESERVED, RANGE]
    assert [name for name, _change in absent(host, "web").plan.writes] == [RANGE, RESERVED]
