# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Open-file limits with a pending confirmation, alone and together with kernel parameters of the same profile."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ApplyFailed, NotConfirmed
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import Limit
from ansible_collections.nettune.tcp.tests.unit.support.confirm_runs import SCRIPT, Site
from ansible_collections.nettune.tcp.tests.unit.support.nofile_host import JOURNAL, LIMITS, NGINX, by, web_host

WANTED: dict[str, Any] = {"soft": 65536, "users": ["root"], "services": ["nginx"]}
FIN = "net.ipv4.tcp_fin_timeout"
SYSCTL = "/var/lib/nettune/tcp/sysctl.json"
NR_OPEN = "/etc/sysctl.d/99-zz-nettune-nofile-web.conf"
WEB = "/etc/sysctl.d/99-zz-nettune-web.conf"


@pytest.fixture(autouse=True)
def no_waiting_for_disks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    host = web_host(tmp_path)
    host.write("/proc/sys/net/ipv4/tcp_fin_timeout", "60\n")
    return Site(host, host.files)


def nr_open(site: Site) -> str:
    return (site.host.text("/proc/sys/fs/nr_open") or "").strip()


def fin_timeout(site: Site) -> str:
    return (site.host.text("/proc/sys/net/ipv4/tcp_fin_timeout") or "").strip()


def is_as_before(site: Site) -> bool:
    texts = [site.host.text(path) for path in (LIMITS, NGINX, NR_OPEN, WEB, JOURNAL, SYSCTL, SCRIPT)]
    limits = {site.host.limit(pid) for pid in (812, 813)}
    return (
        not any(texts) and limits == {Limit(1024, 524288)} and (nr_open(site), fin_timeout(site)) == ("1048576", "60")
    )


def test_processes_are_raised_and_files_wait(site: Site) -> None:
    result = site.nofile(**WANTED, confirm_within=60).planned.result()
    assert site.host.limit(812) == Limit(65536, 524288)
    assert (site.host.text(NGINX), site.host.text(LIMITS), site.host.reloads) == (None, None, 0)
    assert (result["changed"], result["files"]) == (True, [])
    assert by("service", result["services"])["nginx.service"]["after"] == {"soft": 1024, "hard": 524288}
    assert "65536:524288 once confirmed" in by("service", result["services"])["nginx.service"]["reason"]
    assert by("user", result["users"])["root"]["status"] == "unchanged"
    assert [row["status"] for row in result["processes"]] == ["changed"]
    assert site.pending("nofile")
    assert not site.pending("sysctl")


def test_confirmed_change_stays(site: Site) -> None:
    site.nofile(**WANTED, confirm_within=60)
    result = site.nofile(state="confirmed").planned.result()
    assert [row["status"] for row in result["files"]] == ["created", "created"]
    assert "LimitNOFILE=65536:524288" in (site.host.text(NGINX) or "")
    assert site.host.reloads == 1
    site.advance(1000)
    assert site.host.limit(812) == Limit(65536, 524288)
    assert not site.nofile(**WANTED).planned.changes_anything
    assert not site.nofile(state="confirmed").planned.changes_anything
    before = site.host.text(NGINX)
    site.nofile(state="absent")
    assert before
    assert is_as_before(site)


@pytest.mark.parametrize("floor", [65536, 2000000])
def test_unconfirmed_change_is_rolled_back(site: Site, floor: int) -> None:
    site.nofile(**{**WANTED, "soft": floor}, confirm_within=60)
    assert site.host.limit(813).soft == floor
    assert nr_open(site) == str(max(floor, 1048576))
    site.advance(60)
    assert is_as_before(site)
    assert "open-file limits of profile web were rolled back" in site.log[0]
    with pytest.raises(NotConfirmed, match="rolled back at"):
        site.nofile(state="confirmed")
    site.nofile(**WANTED)
    site.nofile(state="absent")
    assert is_as_before(site)


def test_rollback_skips_processes_changed_by_others(site: Site) -> None:
    """One process has ended, one pid is reused, and one has a limit that someone else has set since."""
    for pid in (814, 815, 816):
        site.host.process(pid, "nginx", unit="nginx.service")
    site.nofile(**WANTED, confirm_within=60)
    site.host.ends(812)
    site.host.process(814, "other", limit=Limit(65536, 524288), start=9999)
    site.host._set(815, Limit(4096, 524288))
    site.advance(60)
    found = {pid: site.host.limit(pid).soft for pid in (813, 814, 815, 816)}
    assert found == {813: 1024, 814: 65536, 815: 4096, 816: 1024}
    assert "left alone: pid 815 (changed by someone else since)" in site.log[0]


def test_rollback_never_lowers_a_limit_below_twice_the_descriptors_in_use(site: Site) -> None:
    for pid, held in ((812, 600), (813, 512)):
        for number in range(held):
            site.host.write(f"/proc/{pid}/fd/{number}", "")
    site.nofile(**WANTED, confirm_within=60)
    site.advance(60)
    assert (site.host.limit(812).soft, site.host.limit(813).soft) == (65536, 1024)
    assert "left alone: pid 812 (it holds 600 descriptors and keeps 65536 until it restarts)" in site.log[0]


def test_rollback_restores_the_earlier_profile(site: Site) -> None:
    site.nofile(**WANTED)
    before = site.host.tree()
    site.nofile(**{**WANTED, "soft": 100000}, confirm_within=60)
    site.nofile(**{**WANTED, "soft": 200000}, confirm_within=60)
    assert site.host.limit(812).soft == 200000
    site.advance(60)
    assert site.host.limit(812) == Limit(65536, 524288)
    after = site.host.tree()
    after.pop("/var/lib/nettune/tcp/confirm.json")
    assert after == before
    assert not site.nofile(**WANTED).planned.changes_anything


def test_absent_reverts_at_once(site: Site) -> None:
    site.nofile(**WANTED, confirm_within=60)
    site.nofile(state="absent")
    assert is_as_before(site)
    assert site.process.waiting == []


def test_a_run_without_a_change_leaves_nothing_pending(site: Site) -> None:
    site.nofile(**WANTED)
    site.nofile(**WANTED, confirm_within=60)
    assert (site.pending("nofile"), site.process.seconds) == (False, [])


def test_check_mode_changes_nothing(site: Site) -> None:
    before = site.host.tree()
    assert site.nofile(**WANTED, confirm_within=60, check=True).part is not None
    assert site.host.tree() == before


def test_both_parts_are_rolled_back_together(site: Site) -> None:
    site.sysctl(settings={FIN: 30}, confirm_within=30)
    site.clock += 20
    site.nofile(**{**WANTED, "soft": 2000000}, confirm_within=30)
    site.advance(20)
    assert (fin_timeout(site), nr_open(site)) == ("30", "2000000")
    site.advance(10)
    assert is_as_before(site)
    assert len(site.log) == 2


@pytest.mark.parametrize("first", ["sysctl", "nofile"])
def test_each_part_is_confirmed_separately(site: Site, first: str) -> None:
    floor = {**WANTED, "soft": 2000000}
    site.sysctl(settings={FIN: 30}, confirm_within=60)
    site.nofile(**floor, confirm_within=60)
    confirm = getattr(site, first)
    confirm(state="confirmed")
    assert site.process.waiting == [2]
    site.advance(60)
    if first == "sysctl":
        assert (fin_timeout(site), nr_open(site), site.host.limit(812).soft) == ("30", "1048576", 1024)
        assert site.host.text(WEB)
        assert not site.host.text(NR_OPEN)
    else:
        assert (fin_timeout(site), nr_open(site), site.host.limit(812).soft) == ("60", "2000000", 2000000)
        assert site.host.text(NR_OPEN)
        assert not site.host.text(WEB)
    site.nofile(state="absent")
    site.sysctl(state="absent")
    assert is_as_before(site)


def test_parameter_cannot_be_part_of_two_pending_changes(site: Site) -> None:
    site.sysctl(settings={"fs.nr_open": {"at_least": 1500000}}, confirm_within=60)
    site.nofile(**{**WANTED, "soft": 1400000}, confirm_within=60)
    with pytest.raises(
        NotConfirmed, match=r"fs.nr_open is part of a change of profile web that is pending .*confirm that"
    ):
        site.nofile(**{**WANTED, "soft": 2000000}, confirm_within=60)
    site.sysctl(state="confirmed")
    site.nofile(**{**WANTED, "soft": 2000000}, confirm_within=60)
    site.advance(60)
    assert (nr_open(site), site.host.limit(812).soft) == ("1500000", 1024)
    site.sysctl(state="absent")
    site.nofile(state="absent")
    assert is_as_before(site)


def test_a_run_without_a_waiting_process_changes_nothing(site: Site) -> None:
    before = site.host.tree()
    site.process.fails = True
    with pytest.raises(ApplyFailed, match="cannot start the process"):
        site.nofile(**WANTED, confirm_within=60)
    assert {path: text for path, text in site.host.tree().items() if "nettune" not in path} == before
