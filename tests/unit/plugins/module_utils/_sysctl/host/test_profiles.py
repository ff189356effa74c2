# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Apply and revert profiles, across reboots, and with bounds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import (
    ALIVE,
    BUCKETS,
    FIN,
    JOURNAL,
    RANGE,
    RESERVED,
    SETTINGS,
    SOMAXCONN,
    WEB,
    absent,
    changed,
    left_alone,
    present,
)


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    return FakeHost(tmp_path)


def test_applied_and_reverted_the_host_is_as_before(host: FakeHost) -> None:
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


def test_drop_in_has_values_and_reasons(host: FakeHost) -> None:
    present(host, "web", {FIN: {"value": 30, "reason": "short", "source": "tcp(7)"}, RESERVED: "8080,8081"})
    text = host.read_text(WEB) or ""
    assert text.startswith("# Managed by Ansible (nettune.tcp.sysctl_profile): profile web\n")
    assert "\n# short (tcp(7))\nnet.ipv4.tcp_fin_timeout = 30\n" in text
    assert text.endswith("\nnet.ipv4.ip_local_reserved_ports = 8080-8081\n")
    assert (host.root / WEB.lstrip("/")).stat().st_mode & 0o777 == 0o644


def test_missing_directory_is_created(host: FakeHost) -> None:
    (host.root / "etc/sysctl.d").rmdir()
    present(host, "web", {FIN: 30})
    assert (host.root / "etc/sysctl.d").stat().st_mode & 0o777 == 0o755


def test_parameter_removed_from_the_settings_is_reverted(host: FakeHost) -> None:
    present(host, "web", {FIN: 30, ALIVE: 600})
    planned = present(host, "web", {ALIVE: 600})
    assert host.value(FIN) == "60"
    assert FIN not in (host.read_text(WEB) or "")
    assert [(row["key"], row["before"], row["after"], row["requested"]) for row in planned.rows] == [
        (ALIVE, "600", "600", "600"),
        (FIN, "30", "60", None),
    ]


@pytest.mark.parametrize("settings", [{}, {FIN: None}, {"net.ipv4.tcp_tw_recycle": 0}])
def test_empty_settings_revert_everything(host: FakeHost, settings: dict[str, Any]) -> None:
    before = host.tree()
    present(host, "web", {FIN: 30})
    assert changed(present(host, "web", settings))
    assert host.tree() == before


def test_changed_reason_changes_the_file_only(host: FakeHost) -> None:
    present(host, "web", {FIN: 30})
    planned = present(host, "web", {FIN: {"value": 30, "reason": "because"}})
    assert changed(planned)
    assert planned.plan.writes == ()
    assert "# because" in (host.read_text(WEB) or "")
    assert not changed(present(host, "web", {FIN: {"value": 30, "reason": "because"}}))


def test_value_changed_by_someone_else_is_left_alone(host: FakeHost) -> None:
    present(host, "web", {FIN: 30, ALIVE: 600})
    host.set(FIN, "20")
    planned = absent(host, "web")
    assert (host.value(FIN), host.value(ALIVE)) == ("20", "7200")
    assert left_alone(planned) == [FIN]
    assert host.read_text(JOURNAL) is None


def test_drifted_value_is_set_again_and_its_original_kept(host: FakeHost) -> None:
    present(host, "web", {FIN: 30})
    host.set(FIN, "20")
    assert changed(present(host, "web", {FIN: 30}))
    assert host.value(FIN) == "30"
    absent(host, "web")
    assert host.value(FIN) == "60"


def test_value_that_was_already_set_stays_after_revert(host: FakeHost) -> None:
    present(host, "web", {FIN: 60})
    assert f"{FIN} = 60" in (host.read_text(WEB) or "")
    absent(host, "web")
    assert host.value(FIN) == "60"
    assert host.read_text(WEB) is None


def test_parameter_that_no_longer_exists_is_dropped(host: FakeHost) -> None:
    present(host, "web", {BUCKETS: {"at_least": 131072}, FIN: 30})
    host.forget(BUCKETS)
    planned = absent(host, "web")
    row = next(row for row in planned.rows if row["key"] == BUCKETS)
    assert (row["before"], row["after"], row["status"]) == (None, None, "unchanged")
    assert "no longer exists" in row["reason"]
    assert host.read_text(JOURNAL) is None


def test_nonpersistent_profile_writes_no_drop_in(host: FakeHost) -> None:
    before = host.tree()
    present(host, "web", {FIN: 30}, persistent=False)
    assert host.value(FIN) == "30"
    assert host.read_text(WEB) is None
    absent(host, "web")
    assert host.tree() == before


def test_persistent_is_switched_on_and_off(host: FakeHost) -> None:
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


def test_reboot_reverts_a_nonpersistent_profile(host: FakeHost) -> None:
    present(host, "web", {FIN: 30, ALIVE: 600}, persistent=False)
    host.reboot({FIN: "45"})
    planned = absent(host, "web")
    assert not changed(planned)
    assert (host.value(FIN), host.read_text(JOURNAL)) == ("45", None)


def test_nonpersistent_profile_after_a_reboot_records_the_new_original(host: FakeHost) -> None:
    present(host, "web", {FIN: 30}, persistent=False)
    host.reboot({FIN: "45"})
    present(host, "web", {FIN: 30}, persistent=False)
    absent(host, "web")
    assert host.value(FIN) == "45"


def test_persistent_profile_keeps_its_original_after_a_reboot(host: FakeHost) -> None:
    present(host, "web", {FIN: 30})
    host.reboot({FIN: "30"})
    assert not changed(present(host, "web", {FIN: 30}))
    absent(host, "web")
    assert host.value(FIN) == "60"


def test_shared_parameter_does_not_persist_another_profiles_value(host: FakeHost) -> None:
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


@pytest.mark.parametrize(
    ("request_", "running", "boot", "value", "line"),
    [
        ({"at_least": 8192}, "4096", None, "8192", "8192"),
        ({"at_least": 8192}, "16384", None, "16384", "16384"),
        ({"at_least": 8192}, "16384", "8192", "16384", None),
        ({"at_least": 8192}, "4096", "16384", "8192", None),
        ({"at_least": 8192}, "16384", "100", "16384", "8192"),
        ({"at_least": 8192}, "8192", "8192", "8192", None),
        ({"at_least": 8192}, "4096", "nonsense", "8192", "8192"),
        ({"at_most": 1000}, "4096", None, "1000", "1000"),
        ({"at_most": 1000}, "500", None, "500", "500"),
        ({"at_most": 1000}, "500", "4096", "500", "1000"),
        ({"at_most": 1000}, "4096", "500", "1000", None),
    ],
)
def test_bound_now_and_at_boot(
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


def test_known_default_counts_as_the_boot_value(host: FakeHost) -> None:
    """The value was raised by hand and is in no file, so a reboot would lose the floor without our line."""
    host.set(ALIVE, "9000")
    present(host, "web", {ALIVE: {"at_least": 8000}})
    assert f"{ALIVE} = 8000" in (host.read_text(WEB) or "")


def test_floor_set_by_a_profile_can_be_lowered(host: FakeHost) -> None:
    present(host, "web", {SOMAXCONN: {"at_least": 16384}})
    present(host, "web", {SOMAXCONN: {"at_least": 8192}})
    assert host.value(SOMAXCONN) == "8192"
    present(host, "web", {SOMAXCONN: {"at_least": 1024}})
    assert host.value(SOMAXCONN) == "4096"


def test_value_raised_above_the_floor_by_someone_else_is_not_lowered(host: FakeHost) -> None:
    present(host, "web", {SOMAXCONN: {"at_least": 8192}})
    host.set(SOMAXCONN, "9000")
    for _run in range(3):
        assert not changed(present(host, "web", {SOMAXCONN: {"at_least": 8192}}))
    assert left_alone(absent(host, "web")) == [SOMAXCONN]
    assert host.value(SOMAXCONN) == "9000"


def test_floor_of_a_vector_is_per_number(host: FakeHost) -> None:
    present(host, "web", {"net.ipv4.tcp_rmem": {"at_least": "8192 1 16777216"}})
    assert host.value("net.ipv4.tcp_rmem") == "8192 131072 16777216"


def test_value_rounded_by_the_kernel(host: FakeHost) -> None:
    before = host.tree()
    planned = present(host, "web", {"net.ipv4.icmp_ratelimit": 1001})
    assert host.value("net.ipv4.icmp_ratelimit") == "1004"
    row = planned.rows[0]
    assert (row["after"], row["boot_after"], row["status"]) == ("1004", "1001", "changed")
    assert row["reason"] == "the kernel rounds 1001 to 1004"
    again = present(host, "web", {"net.ipv4.icmp_ratelimit": 1001})
    assert not changed(again)
    assert (again.rows[0]["before"], again.rows[0]["after"]) == ("1004", "1004")
    present(host, "web", {"net.ipv4.icmp_ratelimit": 1006})
    assert host.value("net.ipv4.icmp_ratelimit") == "1008"
    absent(host, "web")
    assert host.tree() == before
