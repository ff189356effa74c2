# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Foreign and edited files in the place of the drop-in, and lines that override it at boot."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ForeignFile
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import (
    ALIVE,
    FIN,
    JOURNAL,
    WEB,
    absent,
    changed,
    present,
)


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    return FakeHost(tmp_path)


@pytest.mark.parametrize("target", ["/dev/null", "../passwd", "nowhere"])
def test_link_in_place_of_the_drop_in_is_refused(host: FakeHost, target: str) -> None:
    host.put("/etc/passwd", "root:x:0:0\n")
    host.link(WEB, target)
    before = host.tree()
    with pytest.raises(ForeignFile, match=f"is a symbolic link to {target}"):
        present(host, "web", {FIN: 30})
    assert host.tree() == before


def test_revert_leaves_a_link_in_place_of_the_drop_in(host: FakeHost) -> None:
    present(host, "web", {FIN: 30})
    host.put("/etc/passwd", "root:x:0:0\n")
    (host.root / WEB.lstrip("/")).unlink()
    host.link(WEB, "../passwd")
    planned = absent(host, "web")
    assert host.value(FIN) == "60"
    assert os.readlink(host.root / WEB.lstrip("/")) == "../passwd"
    assert host.read_text("/etc/passwd") == "root:x:0:0\n"
    assert [one.path for one in planned.plan.files if one.left_alone] == [WEB]


def test_directory_in_place_of_the_drop_in_is_refused(host: FakeHost) -> None:
    (host.root / WEB.lstrip("/")).mkdir()
    with pytest.raises(ForeignFile, match="is not a regular file"):
        present(host, "web", {FIN: 30})


def test_foreign_file_in_place_of_the_drop_in_is_refused(host: FakeHost) -> None:
    host.put(WEB, f"{FIN} = 10\n")
    before = host.tree()
    with pytest.raises(ForeignFile, match="was not written by nettune.tcp"):
        present(host, "web", {FIN: 30})
    assert host.tree() == before
    planned = present(host, "web", {FIN: 30}, persistent=False)
    assert (host.read_text(WEB), host.value(FIN)) == (f"{FIN} = 10\n", "30")
    assert planned.plan.files == ()


def test_edited_drop_in_is_replaced_and_saved(host: FakeHost) -> None:
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


def test_drop_in_without_its_header_is_refused(host: FakeHost) -> None:
    present(host, "web", {FIN: 30})
    host.put(WEB, f"{FIN} = 10\n")
    with pytest.raises(ForeignFile, match="was not written by nettune.tcp"):
        present(host, "web", {FIN: 30})


def test_removed_drop_in_is_written_again(host: FakeHost) -> None:
    present(host, "web", {FIN: 30})
    (host.root / WEB.lstrip("/")).unlink()
    assert changed(present(host, "web", {FIN: 30}))
    assert host.read_text(WEB)


def test_revert_leaves_an_edited_drop_in(host: FakeHost) -> None:
    present(host, "web", {FIN: 30})
    host.put(WEB, "# mine\n")
    planned = absent(host, "web")
    assert host.value(FIN) == "60"
    assert host.read_text(WEB) == "# mine\n"
    assert [one.path for one in planned.plan.files if one.left_alone] == [WEB]


def test_drop_in_without_a_journal(host: FakeHost) -> None:
    present(host, "web", {FIN: 30})
    (host.root / JOURNAL.lstrip("/")).unlink()
    planned = absent(host, "web")
    assert not changed(planned)
    assert [one.path for one in planned.plan.files if one.left_alone] == [WEB]
    present(host, "web", {FIN: 15})
    assert host.value(FIN) == "15"
    absent(host, "web")
    assert (host.value(FIN), host.read_text(WEB)) == ("30", None)


def test_overriding_line_is_named(host: FakeHost) -> None:
    host.put("/etc/sysctl.d/zz-last.conf", f"\n{FIN} = 99\n")
    planned = present(host, "web", {FIN: 30, ALIVE: 600})
    row = planned.rows[0]
    assert (row["status"], row["boot_before"], row["boot_after"]) == ("shadowed", "99", "99")
    assert "/etc/sysctl.d/zz-last.conf:2 sets 99" in row["reason"]
    assert planned.rows[1]["status"] == "changed"
    assert host.value(FIN) == "30"
    assert not changed(present(host, "web", {FIN: 30, ALIVE: 600}))


def test_later_line_with_the_same_value_does_not_shadow(host: FakeHost) -> None:
    host.put("/etc/sysctl.d/zz-last.conf", f"{FIN} = 0x1e # same\n")
    assert present(host, "web", {FIN: 30}).rows[0]["status"] == "changed"


def test_exclusion_shadows_the_drop_in(host: FakeHost) -> None:
    host.put("/etc/sysctl.d/zz-last.conf", f"-{FIN}\n")
    row = present(host, "web", {FIN: 30}).rows[0]
    assert (row["status"], row["boot_after"]) == ("shadowed", None)


def test_earlier_lines_and_patterns_do_not_shadow(host: FakeHost) -> None:
    host.put("/etc/sysctl.d/99-sysctl.conf", f"{FIN} = 99\n")
    host.put("/etc/sysctl.d/zz-last.conf", "net.ipv4.tcp_fin_* = 98\n")
    row = present(host, "web", {FIN: 30}).rows[0]
    assert (row["status"], row["boot_before"], row["boot_after"]) == ("changed", "99", "30")


def test_sysctl_conf_shadows_with_procps(host: FakeHost) -> None:
    (host.root / "usr/lib/systemd/systemd-sysctl").unlink()
    host.put("/etc/sysctl.conf", f"{FIN} = 99\n")
    row = present(host, "web", {FIN: 30}).rows[0]
    assert (row["status"], row["boot_after"]) == ("shadowed", "99")
    assert "/etc/sysctl.conf:1" in row["reason"]


def test_edited_drop_in_of_another_profile_can_shadow(host: FakeHost) -> None:
    present(host, "web", {FIN: 30})
    present(host, "zz", {ALIVE: 600})
    host.put("/etc/sysctl.d/99-zz-nettune-zz.conf", f"{FIN} = 5\n")
    row = present(host, "web", {FIN: 30}).rows[0]
    assert (row["status"], row["boot_after"]) == ("shadowed", "5")
