# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of kernel parameters with a confirmation window: confirmed, rolled back, replaced."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption, NotConfirmed
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host.profiles import NofileProfiles
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.plugins.module_utils._verify.host.profiles import ProfileDrift
from ansible_collections.nettune.tcp.tests.unit.support.confirm_runs import (
    SCRIPT,
    Site,
    is_applied,
    site_at,
    without_rollback_record,
)
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
)

MAIL = "/etc/sysctl.d/99-zz-nettune-mail.conf"
NEW = {FIN: 20, SOMAXCONN: {"at_least": 16384}, RANGE: "2048 65535", RESERVED: {"include": [9999]}, ALIVE: 600}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return site_at(tmp_path)


def test_values_change_at_once_and_the_drop_in_stays_until_confirmed(site: Site) -> None:
    run = site.sysctl(settings=SETTINGS, confirm_within=60)
    assert (site.host.value(FIN), site.host.value(RANGE)) == ("30", "1024 65535")
    assert not site.host.exists(WEB)
    assert site.pending()
    assert (site.process.waiting, site.process.seconds) == ([1], [60])
    rows = {row["key"]: row for row in run.planned.rows}
    assert (rows[FIN]["status"], rows[FIN]["after"], rows[FIN]["boot_after"]) == ("changed", "30", None)


def test_steps_are_journal_then_process_then_values(site: Site) -> None:
    site.sysctl(settings={FIN: 30}, confirm_within=60)
    order = [step.split(" ")[0] + " " + step.split(" ")[1].rsplit("/", 1)[1] for step in site.host.steps]
    first = [order.index(f"replace {name}") for name in ("confirm.json", "take_back.py", "sysctl.json")]
    assert [*first, order.index("write tcp_fin_timeout")] == sorted([*first, order.index("write tcp_fin_timeout")])


def test_confirmed_in_time_the_change_is_kept(site: Site, tmp_path: Path) -> None:
    site.sysctl(settings=SETTINGS, confirm_within=60)
    site.advance(59)
    run = site.sysctl(state="confirmed")
    assert run.planned.plan.changes_anything
    assert is_applied(site)
    assert not site.host.exists(SCRIPT)
    assert (site.process.waiting, site.pending(), site.document()) == ([], False, {})
    at_once = site_at(tmp_path / "at once")
    at_once.sysctl(settings=SETTINGS)
    assert site.host.tree() == at_once.host.tree()
    site.advance(1000)
    site.roll_back_if_due()
    assert is_applied(site)
    assert not site.sysctl(settings=SETTINGS).planned.plan.changes_anything
    assert not site.sysctl(state="confirmed").planned.plan.changes_anything


def test_unconfirmed_change_is_rolled_back(site: Site) -> None:
    before = site.host.tree()
    site.sysctl(settings=SETTINGS, confirm_within=60)
    site.advance(60)
    assert without_rollback_record(site.host.tree()) == without_rollback_record(before)
    assert not site.host.exists(JOURNAL)
    assert not site.host.exists(SCRIPT)
    assert "not confirmed by 2027-01-15T08:17:40Z" in site.log[0]
    with pytest.raises(NotConfirmed, match=r"rolled back at .*it was not confirmed by 2027-01-15T08:17:40Z"):
        site.sysctl(state="confirmed")
    site.sysctl(settings=SETTINGS, confirm_within=60)
    site.sysctl(state="confirmed")
    assert is_applied(site)
    site.sysctl(state="absent")
    assert site.host.tree() == before


@pytest.mark.parametrize("state", ["present", "absent"])
def test_later_run_removes_the_rollback_record(site: Site, state: str) -> None:
    site.sysctl(settings=SETTINGS, confirm_within=60)
    site.advance(60)
    site.sysctl(settings=SETTINGS, state=state)
    assert site.document() == {}


@pytest.mark.parametrize("by", ["process", "run"])
def test_changed_profile_is_rolled_back_to_its_former_state(site: Site, by: str) -> None:
    site.sysctl(settings=SETTINGS)
    before, journal = site.host.tree(), json.loads(site.host.read_text(JOURNAL) or "")
    site.sysctl(settings=NEW, confirm_within=60)
    assert site.host.value(FIN) == "20"
    assert site.host.tree("/etc", "/usr") == {
        path: content for path, content in before.items() if path[:4] in ("/etc", "/usr")
    }
    if by == "process":
        site.advance(60)
    else:
        site.clock += 60
        with pytest.raises(NotConfirmed, match="rolled back at"):
            site.sysctl(state="confirmed")
    assert without_rollback_record(site.host.tree()) == without_rollback_record(before)
    assert json.loads(site.host.read_text(JOURNAL) or "") == journal
    assert not site.sysctl(settings=SETTINGS).planned.plan.changes_anything


def test_reboot_rolls_the_change_back(site: Site) -> None:
    site.sysctl(settings={FIN: 30})
    journal = site.host.read_text(JOURNAL)
    site.sysctl(settings={FIN: 20, ALIVE: 600}, confirm_within=60)
    site.process.waiting.clear()
    site.host.reboot({FIN: "30"})
    with pytest.raises(NotConfirmed, match="a reboot rolled back"):
        site.sysctl(state="confirmed", check=True)
    with pytest.raises(NotConfirmed, match="a reboot rolled back"):
        site.sysctl(state="confirmed")
    assert site.host.read_text(JOURNAL) == journal
    assert not site.sysctl(settings={FIN: 30}).planned.plan.changes_anything
    site.sysctl(state="absent")
    assert site.host.value(FIN) == "60"


def test_value_changed_by_someone_else_is_left_alone(site: Site) -> None:
    site.sysctl(settings={FIN: 30, ALIVE: 600}, confirm_within=60)
    site.host.set(FIN, "45")
    site.advance(60)
    assert (site.host.value(FIN), site.host.value(ALIVE)) == ("45", "7200")
    assert f"left alone: {FIN}" in site.log[0]
    site.sysctl(settings={ALIVE: 600})
    site.sysctl(state="absent")
    assert site.host.value(FIN) == "45"


def test_rearmed_change_is_rolled_back_to_before_the_first_run(site: Site) -> None:
    before = site.host.tree()
    site.sysctl(settings=SETTINGS, confirm_within=60)
    site.advance(50)
    site.sysctl(settings=NEW, confirm_within=100)
    assert site.process.waiting == [2]
    site.advance(50)
    assert site.host.value(FIN) == "20"
    site.advance(50)
    assert without_rollback_record(site.host.tree()) == without_rollback_record(before)


def test_rearming_with_a_shorter_window(site: Site) -> None:
    site.sysctl(settings={FIN: 30}, confirm_within=600)
    site.sysctl(settings={FIN: 30}, confirm_within=10)
    site.advance(10)
    assert site.host.value(FIN) == "60"


def test_rearmed_and_confirmed_change_keeps_the_last_values(site: Site) -> None:
    site.sysctl(settings=SETTINGS, confirm_within=60)
    site.sysctl(settings={FIN: 20}, confirm_within=60)
    site.sysctl(state="confirmed")
    assert (site.host.value(FIN), site.host.value(RANGE)) == ("20", "32768 60999")
    assert "tcp_fin_timeout = 20" in (site.host.read_text(WEB) or "")
    site.advance(1000)
    assert site.host.value(FIN) == "20"


def test_run_without_confirm_within_confirms(site: Site) -> None:
    site.sysctl(settings={FIN: 20}, confirm_within=60)
    site.sysctl(settings=SETTINGS)
    assert is_applied(site)
    assert site.process.waiting == []
    site.advance(1000)
    site.roll_back_if_due()
    assert is_applied(site)


@pytest.mark.parametrize("name", ["web", None])
def test_absent_reverts_at_once(site: Site, name: str | None) -> None:
    before = site.host.tree()
    site.sysctl(settings=SETTINGS, confirm_within=60)
    site.sysctl(state="absent", name=name)
    assert site.host.tree() == before
    assert site.process.waiting == []


def test_unchanged_run_leaves_nothing_pending(site: Site) -> None:
    site.sysctl(settings=SETTINGS)
    run = site.sysctl(settings=SETTINGS, confirm_within=60)
    assert (run.part, site.pending(), site.process.seconds) == (None, False, [])


def test_change_of_the_drop_in_alone_is_pending(site: Site) -> None:
    site.host.set(FIN, "30")
    site.sysctl(settings={FIN: 30}, confirm_within=60)
    assert site.pending()
    assert not site.host.exists(WEB)
    site.advance(60)
    assert site.host.value(FIN) == "30"
    assert not site.host.exists(JOURNAL)


def test_drift_report_names_the_pending_change(site: Site) -> None:
    site.sysctl(settings={FIN: 30}, confirm_within=60)
    profiles = ProfileDrift(SysctlProfiles(site.files), NofileProfiles(site.files), site.confirm())
    found = profiles.gather()
    assert [(row["what"], row["reason"]) for row in found["drift"]] == [
        (FIN, "pending, can be confirmed until 2027-01-15T08:17:40Z")
    ]
    site.sysctl(state="confirmed")
    assert profiles.gather()["drift"] == []


def test_modules_and_taken_over_lines_wait_with_the_drop_in(site: Site) -> None:
    site.host.put("/etc/sysctl.d/99-zzz.conf", f"{FIN}=20\n")
    before = site.host.tree()
    options = {"settings": {FIN: 30, BUCKETS: 65536}, "take_over": True}
    site.sysctl(**options, confirm_within=60)
    assert site.host.tree("/etc") == {path: content for path, content in before.items() if path.startswith("/etc")}
    site.advance(60)
    assert without_rollback_record(site.host.tree()) == without_rollback_record(before)
    site.sysctl(**options, confirm_within=60)
    site.sysctl(state="confirmed")
    assert (site.host.read_text("/etc/sysctl.d/99-zzz.conf") or "").startswith("#")
    site.sysctl(**{**options, "take_over": False}, confirm_within=60)
    site.advance(60)
    assert not site.sysctl(**options).planned.plan.changes_anything
    site.sysctl(state="absent")
    assert site.host.tree() == before


def test_run_in_another_network_namespace_is_independent(site: Site) -> None:
    site.sysctl(settings={FIN: 30}, confirm_within=60)
    with site.elsewhere():
        for options in ({"confirm_within": 60}, {"state": "confirmed"}):
            with pytest.raises(InvalidOption, match="cannot be used together with pid"):
                site.sysctl(settings={FIN: 20}, **options)
        site.sysctl(settings={FIN: 30}, name="mail")
        site.sysctl(state="absent", name="mail")
    assert site.pending()
    site.advance(60)
    assert site.host.value(FIN) == "60"


def test_confirmed_nonpersistent_change_lasts_until_reboot(site: Site) -> None:
    site.sysctl(settings={FIN: 30}, persistent=False, confirm_within=60)
    site.sysctl(settings={FIN: 30}, persistent=False, confirm_within=60)
    assert site.process.waiting == [2]
    site.sysctl(state="confirmed")
    site.advance(1000)
    assert site.host.value(FIN) == "30"
    assert not site.host.exists(WEB)


def test_unneeded_drop_in_is_removed_on_confirmation(site: Site) -> None:
    site.sysctl(settings={FIN: 30})
    site.sysctl(settings={FIN: 30}, persistent=False, confirm_within=60)
    assert site.host.exists(WEB)
    site.sysctl(state="confirmed")
    assert not site.host.exists(WEB)


def test_check_mode_reports_the_pending_change(site: Site) -> None:
    before = site.host.tree()
    run = site.sysctl(settings=SETTINGS, confirm_within=60, check=True)
    assert run.part is not None
    assert site.host.tree() == before
    site.sysctl(settings=SETTINGS, confirm_within=60)
    before = site.host.tree()
    run = site.sysctl(state="confirmed", check=True)
    assert [change.path for change in run.planned.plan.files] == [WEB]
    assert not run.planned.plan.writes
    assert site.host.tree() == before
    site.clock += 60
    with pytest.raises(NotConfirmed, match="rolled back"):
        site.sysctl(state="confirmed", check=True)
    assert site.host.tree() == before


def test_another_profile_may_not_change_anything_meanwhile(site: Site) -> None:
    site.sysctl(name="mail", settings={ALIVE: 600})
    site.sysctl(settings=SETTINGS, confirm_within=60)
    before = site.host.tree()
    site.sysctl(name="mail", settings={ALIVE: 600})
    for options in ({"settings": {ALIVE: 300}}, {"settings": {ALIVE: 600, FIN: 30}}, {"state": "absent"}):
        with pytest.raises(NotConfirmed, match=r"cannot change profile mail: a change of profile web is pending until"):
            site.sysctl(name="mail", **options)
    assert site.host.tree() == before
    site.advance(60)
    site.sysctl(name="mail", settings={ALIVE: 300})
    assert site.host.value(ALIVE) == "300"


def test_original_drop_in_of_another_profile_is_recognised(site: Site) -> None:
    site.sysctl(name="mail", settings={SOMAXCONN: {"at_least": 8192}})
    before = site.host.tree()
    site.sysctl(settings={SOMAXCONN: {"at_least": 16384}}, confirm_within=60)
    site.advance(60)
    after = site.host.tree()
    after.pop("/var/lib/nettune/tcp/confirm.json")
    assert after == before


@pytest.mark.parametrize("seconds", [0, -1, 86401, True])
def test_invalid_windows_are_refused(site: Site, seconds: Any) -> None:
    with pytest.raises(InvalidOption, match=r"whole seconds from 1 to 86400 .one day."):
        site.sysctl(settings=SETTINGS, confirm_within=seconds)
    assert site.host.steps == [] or not site.host.exists(JOURNAL)


@pytest.mark.parametrize("state", ["absent", "confirmed"])
def test_confirm_within_needs_state_present(site: Site, state: str) -> None:
    with pytest.raises(InvalidOption, match=f"not with state: {state}"):
        site.sysctl(state=state, confirm_within=60)
