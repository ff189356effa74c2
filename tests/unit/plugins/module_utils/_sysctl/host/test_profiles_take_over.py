# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Overriding lines in other files are commented out with take_over, and restored byte for byte."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ApplyFailed, ForeignFile
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import report
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost, Killed
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import (
    ALIVE,
    FIN,
    JOURNAL,
    SOMAXCONN,
    absent,
    changed,
    present,
    reasons,
)

LATER = "/etc/sysctl.d/99-zz-zz.conf"
TEXT = f"# mine\r\nnet/ipv4/tcp_fin_timeout=99\r\n{ALIVE} = 1 \n\n-{FIN} = 98\n# gr\udcfc\n{FIN}=97"
TAKEN = "# taken over by nettune.tcp: "


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    host = FakeHost(tmp_path)
    host.put(LATER, TEXT)
    os.chmod(host.locate(LATER), 0o640)
    return host


def take(host: FakeHost, settings: dict[str, Any] | None = None, name: str = "web", **options: Any) -> Any:
    return present(host, name, settings or {FIN: 30}, take_over=True, **options)


def statuses(planned: Any) -> dict[str, tuple[str, str | None]]:
    return {row["key"]: (row["status"], row["boot_after"]) for row in planned.rows}


def test_without_take_over_other_files_are_untouched(host: FakeHost) -> None:
    planned = present(host, "web", {FIN: 30})
    assert statuses(planned) == {FIN: ("shadowed", "97")}
    assert planned.rows[0]["reason"].endswith("to comment that line out")
    assert host.read_text(LATER) == TEXT


def test_file_is_restored_byte_for_byte(host: FakeHost) -> None:
    before = host.tree()
    planned = take(host)
    assert statuses(planned) == {FIN: ("changed", "30")}
    first, second, third = f"{TAKEN}net/ipv4/tcp_fin_timeout=99", f"{TAKEN}-{FIN} = 98", f"{TAKEN}{FIN}=97"
    assert host.read_text(LATER) == f"# mine\r\n{first}\r\n{ALIVE} = 1 \n\n{second}\n# gr\udcfc\n{third}"
    assert os.stat(host.locate(LATER)).st_mode & 0o777 == 0o640
    assert not changed(take(host))
    absent(host, "web")
    assert host.tree() == before
    assert not changed(absent(host, "web"))


def test_diff_and_table_show_the_line(host: FakeHost) -> None:
    planned = SysctlProfiles(host).present("web", {FIN: 30}, take_over=True)
    drawn = {one["after_header"]: one for one in report.diff(planned.plan)}
    assert drawn[LATER]["before"] == TEXT
    assert drawn[LATER]["after"].count(TAKEN) == 3
    assert report.text_lines(planned.plan, planned.rows)[-1] == f"edits {LATER}"
    assert host.read_text(LATER) == TEXT


@pytest.mark.parametrize("settings", [{FIN: 30, ALIVE: 600}, {ALIVE: 600}])
def test_only_shadowing_lines_are_commented_out(host: FakeHost, settings: dict[str, int]) -> None:
    take(host, settings)
    text = host.read_text(LATER) or ""
    assert (f"{TAKEN}{ALIVE} = 1 " in text, text.count(TAKEN)) == (True, 4 if FIN in settings else 1)


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        (f"{FIN} = 30\n", {FIN: 30}),
        (f"{FIN} = 0x1e\n", {FIN: 30}),
        ("net.ipv4.* = 5\n", {FIN: 30}),
        (f"-{ALIVE}\n", {FIN: 30}),
        (f"{SOMAXCONN} = 10000\n", {SOMAXCONN: {"at_least": 8192}}),
        (f"{FIN} = 99\n{FIN} = 30\n", {FIN: 30}),
    ],
)
def test_irrelevant_lines_stay(host: FakeHost, text: str, settings: dict[str, Any]) -> None:
    host.put(LATER, text)
    take(host, settings)
    assert host.read_text(LATER) == text


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        (f"-{FIN}\n", f"{TAKEN}-{FIN}\n"),
        (f"{SOMAXCONN} = 100\n", f"{TAKEN}{SOMAXCONN} = 100\n"),
        (f"net.core.* = 1\n{SOMAXCONN} = 100\n", f"net.core.* = 1\n{TAKEN}{SOMAXCONN} = 100\n"),
    ],
)
def test_exclusions_and_floors(host: FakeHost, text: str, taken: str) -> None:
    host.put("/etc/sysctl.d/50-x.conf", f"{SOMAXCONN} = 16384\n")
    host.put(LATER, text)
    settings = {FIN: 30, SOMAXCONN: {"at_least": 8192}}
    take(host, settings)
    assert host.read_text(LATER) == taken
    assert not changed(take(host, settings))
    absent(host)
    assert host.read_text(LATER) == text


def test_file_that_procps_reads_last(host: FakeHost) -> None:
    (host.root / "usr/lib/systemd/systemd-sysctl").unlink()
    host.put("/etc/sysctl.conf", f"{FIN} = 99\n-{FIN}\n")
    before = host.tree()
    assert statuses(take(host)) == {FIN: ("changed", "30")}
    assert host.read_text("/etc/sysctl.conf") == f"{TAKEN}{FIN} = 99\n-{FIN}\n"
    absent(host)
    assert host.tree() == before


@pytest.mark.parametrize("folder", ["/usr/lib/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/lib/sysctl.d"])
def test_files_outside_etc_are_refused(host: FakeHost, folder: str) -> None:
    host.put(f"{folder}/zzz.conf", f"{FIN} = 99\n")
    before = host.tree()
    found = reasons(host, "web", {FIN: 30, ALIVE: 600}, take_over=True)
    assert set(found) == {FIN}
    assert f"{folder}/zzz.conf:1 sets it at boot, after our file, and take_over only changes files below" in found[FIN]
    assert host.tree() == before
    host.put("/etc/sysctl.d/zzz.conf", "")
    assert not reasons(host, "web", {FIN: 30}, take_over=True)


def test_link_is_refused(host: FakeHost) -> None:
    host.put("/etc/somewhere", f"{FIN} = 99\n")
    (host.root / LATER[1:]).unlink()
    host.link(LATER, "../somewhere")
    before = host.tree()
    with pytest.raises(ForeignFile, match="is a symbolic link to ../somewhere"):
        take(host)
    assert host.tree() == before


def test_file_changed_since_is_left_alone_and_listed(host: FakeHost) -> None:
    take(host)
    host.put(LATER, f"{host.read_text(LATER)}\n{SOMAXCONN} = 5\n")
    edited = host.read_text(LATER)
    planned = absent(host, "web")
    assert [(row["what"], row["found"]) for row in report.left_alone(planned.plan)] == [(LATER, "edited")]
    assert host.read_text(LATER) == edited
    assert host.read_text(JOURNAL) is None
    assert not report.left_alone(absent(host, "web").plan)


def test_removed_file_is_not_recreated(host: FakeHost) -> None:
    take(host)
    (host.root / LATER[1:]).unlink()
    assert not changed(take(host))
    take(host, {ALIVE: 600})
    host.put(LATER, TEXT)
    take(host)
    (host.root / LATER[1:]).unlink()
    planned = absent(host)
    assert [(one["what"], one["found"]) for one in report.left_alone(planned.plan)] == [(LATER, "gone")]
    assert host.read_text(LATER) is None


def test_second_run_takes_over_added_lines_and_restores_all(host: FakeHost) -> None:
    take(host)
    host.put(LATER, f"{FIN} = 96\n{host.read_text(LATER)}")
    assert statuses(take(host)) == {FIN: ("changed", "30")}
    absent(host)
    assert host.read_text(LATER) == f"{FIN} = 96\n{TEXT}"


@pytest.mark.parametrize(
    ("settings", "options"),
    [({ALIVE: 1}, {"take_over": True}), ({FIN: 30}, {}), ({FIN: 30}, {"take_over": True, "persistent": False})],
)
def test_lines_no_longer_needed_are_restored(
    host: FakeHost, settings: dict[str, int], options: dict[str, bool]
) -> None:
    take(host)
    present(host, "web", settings, **options)
    assert host.read_text(LATER) == TEXT


def test_two_profiles_take_over_lines_of_one_file(host: FakeHost) -> None:
    before = host.tree()
    take(host)
    take(host, {ALIVE: 600}, "mail")
    assert (host.read_text(LATER) or "").count(TAKEN) == 4
    absent(host, "web")
    assert (host.read_text(LATER) or "").count(TAKEN) == 1
    assert not changed(take(host, {ALIVE: 600}, "mail"))
    absent(host, "mail")
    assert host.tree() == before


def test_run_for_another_profile_leaves_the_line(host: FakeHost) -> None:
    take(host)
    host.put(LATER, f"{FIN} = 96\n")
    present(host, "mail", {ALIVE: 600})
    assert host.read_text(LATER) == f"{FIN} = 96\n"


def test_secret_is_not_in_the_diff(host: FakeHost) -> None:
    key = "net.ipv4.tcp_fastopen_key"
    host.put(LATER, f"{key} = 99999999-22222222-33333333-44444444\n")
    planned = take(host, {key: "11111111-22222222-33333333-44444444"})
    drawn = report.diff(planned.plan)
    assert LATER in [one["after_header"] for one in drawn]
    assert "22222222" not in str(drawn)


@pytest.mark.parametrize("after", [False, True])
def test_failed_step_rolls_everything_back(host: FakeHost, after: bool) -> None:
    before = host.tree("/etc", "/proc/sys")
    take(host)
    count = len(host.steps)
    absent(host)
    host.after = after
    for number in range(1, count + 1):
        host.steps.clear()
        host.fails_at = number
        with pytest.raises((ApplyFailed, OSError)):
            take(host)
        host.fails_at = 0
        assert host.tree("/etc", "/proc/sys") == before, number


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("reverting", [False, True])
def test_killed_run_can_be_reverted(host: FakeHost, after: bool, reverting: bool) -> None:
    before = host.tree("/etc", "/proc/sys")
    take(host)
    host.steps.clear()
    absent(host)
    if not reverting:
        host.steps.clear()
        take(host)
        count = len(host.steps)
        absent(host)
    else:
        count = len(host.steps)
    for number in range(1, count + 1):
        if reverting:
            take(host)
        host.steps.clear()
        host.error, host.after, host.fails_at = Killed(), after, number
        with pytest.raises(Killed):
            absent(host) if reverting else take(host)
        host.fails_at = 0
        planned = absent(host)
        assert host.tree("/etc", "/proc/sys") == before, number
        assert not report.left_alone(planned.plan), number


def test_line_with_the_other_name_of_the_same_value(host: FakeHost) -> None:
    forward, everywhere = "net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding"
    for name in (forward, everywhere):
        host.put(f"/proc/sys/{name.replace('.', '/')}", "0\n")
    host.put(LATER, f"{everywhere} = 0\n")
    (row,) = present(host, "web", {forward: 1}).rows
    assert (row["status"], row["boot_after"]) == ("shadowed", "0")
    assert row["reason"].startswith(f"{LATER}:1 sets 0 at boot, after our file")
    assert statuses(take(host, {forward: 1})) == {forward: ("changed", "1")}
    assert host.read_text(LATER) == f"{TAKEN}{everywhere} = 0\n"
