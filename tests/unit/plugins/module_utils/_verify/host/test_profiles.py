# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drift of profiles after changes on the host."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host.waiting import PendingChange
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import Limit
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._host.journal import Journal
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host.profiles import NofileProfiles
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.plugins.module_utils._verify.host.profiles import ProfileDrift
from ansible_collections.nettune.tcp.tests.unit.support import nofile_host
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import (
    ALIVE,
    BUCKETS,
    FIN,
    JOURNAL,
    RESERVED,
    SETTINGS,
    SOMAXCONN,
    WEB,
    absent,
    present,
)


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeHost:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    found = FakeHost(tmp_path)
    found.listen(8080)
    present(found, "web", SETTINGS)
    return found


def of(host: HostFiles, nofile: NofileProfiles | None = None, **more: Any) -> dict[str, Any]:
    return ProfileDrift(SysctlProfiles(host), nofile or NofileProfiles(host), PendingChange(host)).gather(**more)


def rows(found: dict[str, Any]) -> list[tuple[str, ...]]:
    return [tuple(row[field] for field in ("what", "running", "boot")) for row in found["drift"]]


def test_no_drift(host: FakeHost) -> None:
    present(host, "mail", {SOMAXCONN: {"at_least": 16384}, ALIVE: 300}, persistent=False)
    before = host.tree()
    found = of(host)
    assert found["drift"] == []
    assert [(one["name"], one["persistent"], one["drifted"]) for one in found["profiles"]] == [
        ("mail", False, False),
        ("web", True, False),
    ]
    assert host.tree() == before


def edit(host: FakeHost) -> None:
    host.put(WEB, (host.read_text(WEB) or "") + "# mine\n")


@pytest.mark.parametrize(
    ("happens", "expected"),
    [
        (lambda host: host.set(FIN, "15"), [(FIN, "15", "30")]),
        (lambda host: host.set(SOMAXCONN, "128"), [(SOMAXCONN, "128", "8192")]),
        (lambda host: host.set(SOMAXCONN, "9000"), []),
        (lambda host: host.put("/etc/sysctl.d/99-zzz.conf", f"{FIN}=20"), [(FIN, "30", "20")]),
        (lambda host: host.put("/etc/sysctl.d/99-a.conf", f"{FIN}=20"), []),
        (lambda host: host.forget(BUCKETS), [(BUCKETS, "-", "65537")]),
        (edit, [(WEB, "-", "edited")]),
        (lambda host: host.listen(8080, 9090), [(RESERVED, "7005,8080", "7005,8080")]),
    ],
)
def test_changes_on_the_host_are_drift(
    host: FakeHost, happens: Callable[[FakeHost], object], expected: list[tuple[str, ...]]
) -> None:
    happens(host)
    found = of(host)
    assert rows(found) == expected
    assert found["profiles"][0]["drifted"] is bool(expected)


def test_line_that_overrides_ours_is_named(host: FakeHost) -> None:
    host.put("/etc/sysctl.d/99-zzz.conf", f"# x\n{FIN}=20")
    assert "/etc/sysctl.d/99-zzz.conf:2 sets 20" in of(host)["drift"][0]["reason"]


def test_removed_drop_in_is_listed_with_its_values(host: FakeHost) -> None:
    host.put("/etc/sysctl.d/50-a.conf", f"{FIN}=20")
    HostFiles(str(host.root)).remove(WEB)
    found = of(host)["drift"]
    assert found[0]["reason"] == "not set at the next boot: /etc/sysctl.d/50-a.conf:1 wins"
    assert (found[-1]["what"], found[-1]["boot"]) == (WEB, "gone")


def test_drop_ins_without_a_journal_are_listed(host: FakeHost) -> None:
    HostFiles(str(host.root)).remove(JOURNAL)
    found = of(host)
    assert found["profiles"] == []
    assert rows(found) == [(WEB, "-", "read")]
    assert found["drift"][0]["profile"] == "web"


def test_profile_that_ended_with_a_reboot_is_forgotten(host: FakeHost) -> None:
    absent(host)
    present(host, "attempt", {FIN: 30}, persistent=False)
    host.reboot()
    assert of(host) == {"profiles": [], "drift": []}


def test_expected_profiles(host: FakeHost) -> None:
    (row,) = of(host, expected=["web", "mail"])["drift"]
    assert (row["profile"], row["expected"]) == ("mail", "applied")
    assert of(host, only="web")["drift"] == []
    assert rows(of(host, only="mail")) == [("-", "-", "-")]


def test_only_one_profile(host: FakeHost) -> None:
    present(host, "mail", {ALIVE: 300})
    host.set(FIN, "15")
    assert of(host, only="mail")["drift"] == []
    assert [one["name"] for one in of(host, only="mail")["profiles"]] == ["mail"]


def test_accepted_hazard_is_not_drift(host: FakeHost) -> None:
    buckets = "net.ipv4.tcp_max_tw_buckets"
    present(host, "squid", {buckets: 5000}, accept_hazards=frozenset({"tw_buckets_lowered"}))
    assert of(host)["drift"] == []
    host.set(buckets, "131072")
    assert rows(of(host)) == [(buckets, "131072", "5000")]


def test_drift_of_limits(tmp_path: Path) -> None:
    host = nofile_host.web_host(tmp_path)
    nofile_host.apply(host, nofile_host.request(Limit(65536, 2000000)))

    def found() -> list[tuple[str, ...]]:
        return rows(of(host.files, host.profiles()))

    assert found() == []
    assert of(host.files, host.profiles())["profiles"][0]["nofile"] == "65536:2000000"
    host.process(813, "nginx", unit="nginx.service", uid=33)
    host.locate(nofile_host.LIMITS).unlink()
    host.write(nofile_host.NGINX, (host.text(nofile_host.NGINX) or "").replace("LimitNOFILE=65536", "LimitNOFILE=9"))
    host.write("/proc/sys/fs/nr_open", "1048576\n")
    assert {what for what, _running, _boot in found()} == {
        "fs.nr_open",
        "nginx of nginx.service",
        "nginx.service",
        "root",
        nofile_host.LIMITS,
        nofile_host.NGINX,
    }
    host.locate(nofile_host.JOURNAL).unlink()
    unknown = [row["what"] for row in of(host.files, host.profiles())["drift"] if row["boot"] == "read"]
    assert unknown == [nofile_host.NGINX]


def test_best_effort_ignores_refused_limits(tmp_path: Path) -> None:
    host = nofile_host.FakeHost(tmp_path, capabilities=nofile_host.NO_SYS_RESOURCE)
    host.unit("nginx.service")
    host.process(813, "nginx", unit="nginx.service", uid=33)
    nofile_host.apply(host, nofile_host.request(users=()))
    sysctl = SysctlProfiles(host.files)
    strict, lenient = (
        ProfileDrift(sysctl, host.profiles(), PendingChange(host.files), best_effort=best_effort).gather()["drift"]
        for best_effort in (False, True)
    )
    assert [row["what"] for row in strict] == ["nginx of nginx.service"]
    assert lenient == []


def test_line_that_was_taken_over_and_restored(host: FakeHost) -> None:
    host.put("/etc/sysctl.d/zz.conf", f"{ALIVE} = 20\n")
    present(host, "mail", {ALIVE: 300}, take_over=True)
    assert of(host)["drift"] == []
    host.put("/etc/sysctl.d/zz.conf", f"{ALIVE} = 21\n")
    (row,) = of(host)["drift"]
    assert (row["what"], row["boot"]) == (ALIVE, "21")
    assert "/etc/sysctl.d/zz.conf:1" in row["reason"]


def test_removed_modules_load_file(host: FakeHost) -> None:
    path = "/etc/modules-load.d/99-zz-nettune-web.conf"
    host.put("/proc/modules", "nf_conntrack 176128 1 - Live 0x0\n")
    present(host, "web", SETTINGS)
    assert host.exists(path)
    assert of(host)["drift"] == []
    HostFiles(str(host.root)).remove(path)
    drift = of(host)["drift"]
    assert [(row["what"], row["when"]) for row in drift] == [(BUCKETS, "next boot"), (path, "next boot")]
    assert drift[0]["reason"].endswith(
        "not known: it is skipped unless nf_conntrack is loaded by then, which no file in /etc/modules-load.d does"
    )


def test_change_that_was_not_confirmed_is_listed(host: FakeHost) -> None:
    lost = {"sysctl": {"web": {"at": "12:01", "deadline": "12:00", "why": "expired"}}}
    Journal(host).save("confirm", {"version": 1, "pending": None, "taken_back": lost})
    (row,) = of(host)["drift"]
    assert (row["profile"], row["what"], row["expected"]) == ("web", "-", "confirmed")
    assert "12:00" in row["reason"]
