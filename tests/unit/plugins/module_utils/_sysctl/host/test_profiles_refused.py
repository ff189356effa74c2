# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Related parameters, hazards, and settings that are refused before anything is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ApplyFailed
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import (
    ALIVE,
    FIN,
    RANGE,
    RESERVED,
    SOMAXCONN,
    START,
    WEB,
    absent,
    changed,
    present,
    reasons,
)


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    return FakeHost(tmp_path)


@pytest.mark.parametrize("settings", [{RANGE: "500 60999", START: 400}, {START: 400, RANGE: "500 60999"}])
def test_port_range_and_first_unprivileged_port(host: FakeHost, settings: dict[str, Any]) -> None:
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
    ("settings", "key", "message"),
    [
        ({RANGE: "500 60999"}, RANGE, f"set {START} as well"),
        ({START: 40000}, START, f"set {RANGE} as well"),
        ({RANGE: "65000 1024"}, RANGE, "the first port of 65000 1024 is above the last"),
        ({"net.ipv4.ipfrag_high_thresh": 100}, "net.ipv4.ipfrag_high_thresh", "would be above"),
    ],
)
def test_conflict_with_related_parameters_is_refused(
    host: FakeHost, settings: dict[str, Any], key: str, message: str
) -> None:
    assert message in reasons(host, "web", settings)[key]


BYTES, RATIO = "vm.dirty_bytes", "vm.dirty_ratio"


def test_parameter_in_another_unit_is_reverted_in_the_original_unit(host: FakeHost) -> None:
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


def test_unit_can_change(host: FakeHost) -> None:
    before = host.tree()
    present(host, "web", {BYTES: 100000000})
    present(host, "web", {RATIO: 10})
    assert (host.value(BYTES), host.value(RATIO)) == ("0", "10")
    assert not changed(present(host, "web", {RATIO: 10}))
    present(host, "web", {BYTES: 50000000, RATIO: 0})
    assert (host.value(BYTES), host.value(RATIO)) == ("50000000", "0")
    absent(host, "web")
    assert host.tree() == before


def test_profiles_with_different_units_conflict(host: FakeHost) -> None:
    present(host, "mail", {RATIO: 10})
    assert "profile mail requests '10'" in reasons(host, "web", {BYTES: 100000000})[RATIO]


def test_displaced_value_is_rolled_back_after_a_failed_write(host: FakeHost) -> None:
    before = host.tree()
    with pytest.raises(ApplyFailed, match="everything written before it was restored"):
        present(host, "web", {BYTES: 100000000, "net.ipv4.tcp_congestion_control": "vegas"})
    assert host.tree() == before


def test_value_that_another_profile_depends_on_is_not_reverted(host: FakeHost) -> None:
    present(host, "web", {"net.ipv4.ipfrag_high_thresh": 8000000})
    present(host, "mail", {"net.ipv4.ipfrag_low_thresh": 5000000})
    row = next(row for row in SysctlProfiles(host).absent("web").rows)
    assert (row["key"], row["status"]) == ("net.ipv4.ipfrag_high_thresh", "refused")
    assert "net.ipv4.ipfrag_low_thresh (5000000) would be above" in row["reason"]
    absent(host)
    assert host.value("net.ipv4.ipfrag_high_thresh") == "4194304"


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
def test_hazard_is_refused_unless_accepted(host: FakeHost, hazard: str, settings: dict[str, Any], key: str) -> None:
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
def test_tw_recycle_on_an_old_kernel(host: FakeHost, running: str) -> None:
    host.set("net.ipv4.tcp_tw_recycle", running)
    settings = {"net.ipv4.tcp_tw_recycle": 1}
    assert "tw_recycle" in reasons(host, "web", settings)["net.ipv4.tcp_tw_recycle"]
    present(host, "web", settings, accept_hazards=frozenset({"tw_recycle"}))
    assert host.value("net.ipv4.tcp_tw_recycle") == "1"


def test_limit_lowered_only_at_boot_is_a_hazard(host: FakeHost) -> None:
    host.put("/etc/sysctl.d/10-other.conf", f"{SOMAXCONN} = 65535\n")
    assert "at boot lowered from 65535 to 8192" in reasons(host, "web", {SOMAXCONN: 8192})[SOMAXCONN]
    present(host, "web", {SOMAXCONN: 8192}, accept_hazards=frozenset({"floor_lowered"}))
    assert reasons(host, "web", {SOMAXCONN: 8192}) == {}


def test_listeners_reserved_in_the_same_run_are_no_hazard(host: FakeHost) -> None:
    host.listen(8080)
    assert reasons(host, "web", {RANGE: "1024 65535", RESERVED: {"include": ["listeners"]}}) == {}
    assert RANGE in reasons(host, "web", {RANGE: "1024 65535", RESERVED: {"include": [80]}})
    host.set(RESERVED, "8080")
    assert reasons(host, "web", {RANGE: "1024 65535"}) == {}


@pytest.mark.parametrize(
    ("settings", "message"),
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
        ({1: 2}, "only one part"),
        ({None: 2}, "only one part"),
        ({FIN: [[1, 2], 3]}, "contains a list"),
        ({FIN: {"value": {"value": 1}}}, "is neither"),
        ({"net.ipv4.x" * 60: 1}, "unknown kernel parameter (this kernel"),
        ({"net.ipv4." + "x" * 300: 1}, "unknown kernel parameter (this kernel"),
    ],
)
def test_refused_settings_write_nothing(host: FakeHost, settings: dict[Any, Any], message: str) -> None:
    before = host.tree()
    planned = SysctlProfiles(host).present("web", {**settings, ALIVE: 600})
    refused = [row["reason"] for row in planned.rows if row["status"] == "refused"]
    assert refused
    assert all(message in reason for reason in refused)
    assert host.tree() == before


def test_locked_parameter_is_refused_only_if_it_would_change(host: FakeHost) -> None:
    (host.root / "proc/sys/net/ipv4/tcp_fin_timeout").chmod(0o444)
    assert "not writable" in reasons(host, "web", {FIN: 30})[FIN]
    assert reasons(host, "web", {FIN: 60}) == {}


def test_revert_of_a_locked_parameter_is_refused_before_any_write(host: FakeHost) -> None:
    present(host, "web", {FIN: 30, ALIVE: 600})
    (host.root / "proc/sys/net/ipv4/tcp_fin_timeout").chmod(0o444)
    planned = SysctlProfiles(host).absent("web")
    assert [(row["key"], row["status"]) for row in planned.rows] == [(FIN, "refused"), (ALIVE, "unchanged")]
