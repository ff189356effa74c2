# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes with a confirmation window where a step fails or a run is killed."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Callable

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ApplyFailed, NettuneError
from ansible_collections.nettune.tcp.tests.unit.support.confirm_runs import (
    Site,
    is_applied,
    site_at,
    without_rollback_record,
)
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import Killed
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import (
    ALIVE,
    BUCKETS,
    FIN,
    RANGE,
    RESERVED,
    SETTINGS,
    SOMAXCONN,
    WEB,
)

NEW = {FIN: 20, SOMAXCONN: {"at_least": 16384}, RANGE: "2048 65535", RESERVED: {"include": [9999]}, ALIVE: 600}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return site_at(tmp_path)


def test_without_a_waiting_process_nothing_is_changed(site: Site) -> None:
    before = site.host.tree()
    site.process.fails = True
    with pytest.raises(ApplyFailed, match="cannot start the process"):
        site.sysctl(settings=SETTINGS, confirm_within=60)
    assert site.host.tree() == before


def test_if_the_process_ends_at_once_nothing_is_changed_and_an_earlier_one_goes_on(site: Site) -> None:
    before = site.host.tree()
    site.process.dies = True
    with pytest.raises(ApplyFailed, match="the process that waits for the deadline has ended; nothing was changed"):
        site.sysctl(settings=SETTINGS, confirm_within=60)
    assert site.host.tree() == before
    site.process.dies = False
    site.sysctl(settings={FIN: 30}, confirm_within=60)
    document = site.document()
    site.process.dies = True
    with pytest.raises(ApplyFailed, match="nothing was changed"):
        site.sysctl(settings=SETTINGS, confirm_within=600)
    assert (site.document(), site.process.waiting) == (document, [2])
    site.advance(60)
    assert without_rollback_record(site.host.tree()) == before


def test_process_that_was_killed_is_started_again_by_the_next_run(site: Site) -> None:
    before = site.host.tree()
    site.sysctl(settings=SETTINGS, confirm_within=60)
    site.process.waiting.clear()
    site.clock += 20
    site.sysctl(settings=SETTINGS, state="confirmed", check=True)
    assert site.process.waiting == []
    with pytest.raises(NettuneError, match="pending"):
        site.sysctl(name="mail", settings={ALIVE: 600})
    assert (site.process.waiting, site.process.seconds, site.document()["pending"]["timer"]) == (
        [2],
        [60, 40],
        {"number": 2},
    )
    site.advance(40)
    assert without_rollback_record(site.host.tree()) == before


def refuse_buckets(name: str, text: str) -> str:
    if name == BUCKETS:
        raise OSError(22, "no")
    return text


def test_refused_write_is_rolled_back_and_nothing_is_pending(site: Site) -> None:
    before = site.host.tree()
    site.host.on_write = refuse_buckets
    with pytest.raises(ApplyFailed, match="was restored"):
        site.sysctl(settings=SETTINGS, confirm_within=60)
    assert site.host.tree() == before
    assert site.process.waiting == []


def test_refused_write_keeps_the_earlier_pending_change(site: Site) -> None:
    site.sysctl(settings={FIN: 30}, confirm_within=60)
    site.host.on_write = refuse_buckets
    with pytest.raises(ApplyFailed, match="was restored"):
        site.sysctl(settings=SETTINGS, confirm_within=90)
    site.advance(60)
    assert (site.host.value(FIN), site.pending()) == ("30", True)
    site.sysctl(state="confirmed")
    assert "tcp_fin_timeout = 30" in (site.host.read_text(WEB) or "")


def arm(site: Site) -> None:
    site.sysctl(settings=SETTINGS, confirm_within=60)


def arm_again(site: Site) -> None:
    site.sysctl(settings=NEW, confirm_within=60)


def confirm(site: Site) -> None:
    site.sysctl(state="confirmed")


def present(site: Site) -> None:
    site.sysctl(settings=SETTINGS)


def absent(site: Site) -> None:
    site.sysctl(state="absent")


Scenario = Callable[[Site], None]


@pytest.mark.long
@pytest.mark.parametrize(
    ("before", "scenario"),
    [((), arm), ((present,), arm_again), ((arm,), arm_again), ((arm,), confirm), ((arm,), absent), ((arm,), present)],
)
def test_run_killed_at_any_step_is_completed_by_the_process_or_the_next_run(
    tmp_path: Path, before: tuple[Scenario, ...], scenario: Scenario
) -> None:
    """After the deadline the host is as before or confirmed, and a new run finds no leftovers."""
    counting = prepared(tmp_path / "counting", before)
    begun = len(counting.host.steps)
    scenario(counting)
    for number in range(1, len(counting.host.steps) - begun + 1):
        site = prepared(tmp_path / f"{number}", before)
        original = without_rollback_record(site.host.tree())
        site.host.error = Killed()
        site.host.fails_at = len(site.host.steps) + number
        with pytest.raises(Killed):
            scenario(site)
        site.host.fails_at = 0
        site.advance(60)
        if before in ((), (present,)):
            assert without_rollback_record(site.host.tree()) == original, f"step {number}"
        present(site)
        assert is_applied(site), f"step {number}"
        assert site.sysctl(settings=SETTINGS).planned.plan.changes_anything is False
        absent(site)
        assert site.host.tree() == site_at(tmp_path / f"{number}-untouched").host.tree(), f"step {number}"


def test_killed_confirmation_can_be_repeated(tmp_path: Path) -> None:
    counting = prepared(tmp_path / "counting", (arm,))
    begun = len(counting.host.steps)
    confirm(counting)
    for number in range(1, len(counting.host.steps) - begun + 1):
        site = prepared(tmp_path / f"{number}", (arm,))
        site.host.error = Killed()
        site.host.fails_at = len(site.host.steps) + number
        with pytest.raises(Killed):
            confirm(site)
        site.host.fails_at = 0
        confirm(site)
        site.advance(1000)
        site.roll_back_if_due()
        assert is_applied(site), f"step {number}"
        assert site.host.tree() == counting.host.tree()


@pytest.mark.parametrize("scenario", [confirm, absent, present])
def test_failed_step_leaves_the_change_pending(tmp_path: Path, scenario: Scenario) -> None:
    counting = prepared(tmp_path / "counting", (arm,))
    begun = len(counting.host.steps)
    scenario(counting)
    for number in range(1, len(counting.host.steps) - begun + 1):
        site = prepared(tmp_path / f"{number}", (arm,))
        site.host.fails_at = len(site.host.steps) + number
        with suppress(NettuneError, OSError):
            scenario(site)
        site.host.fails_at = 0
        if site.pending():
            site.advance(60)
            assert site.host.value(FIN) == "60", f"step {number}"
            assert not site.host.exists(WEB), f"step {number}"


def prepared(path: Path, scenarios: tuple[Scenario, ...]) -> Site:
    site = site_at(path)
    for scenario in scenarios:
        scenario(site)
    return site
