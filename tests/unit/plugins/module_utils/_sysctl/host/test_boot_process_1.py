# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that systemd as process 1 sets before it starts systemd-sysctl."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.facts import gather
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import VALUES, FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import WEB, absent, changed, present, reasons

NR_OPEN, QUEUE = "fs.nr_open", "net.unix.max_dgram_qlen"
FLOOR = {NR_OPEN: {"at_least": 2000500}}


def debian(path: Path, nr_open: str) -> FakeHost:
    host = FakeHost(path, {**VALUES, NR_OPEN: nr_open, QUEUE: "512"})
    (path / "run/systemd/system").mkdir(parents=True)
    return host


@pytest.fixture
def debian_13(tmp_path: Path) -> FakeHost:
    return debian(tmp_path, "1073741816")


@pytest.fixture
def debian_12(tmp_path: Path) -> FakeHost:
    """Its systemd is built with -Dbump-proc-sys-fs-nr-open=false."""
    return debian(tmp_path, "1048576")


def fact(host: FakeHost, name: str) -> dict[str, Any]:
    return gather(host, [name])["keys"][name]


def test_floor_below_the_value_of_process_1_writes_nothing(debian_13: FakeHost) -> None:
    row = present(debian_13, "web", FLOOR).rows[0]
    assert (row["status"], row["reason"]) == ("unchanged", "already above 2000500")
    assert row["boot_source"] == {"path": None, "line": None, "program": "systemd (process 1)"}
    assert (row["before"], row["boot_before"], row["boot_after"]) == ("1073741816",) * 3
    assert debian_13.read_text(WEB) is None
    debian_13.reboot({NR_OPEN: "1073741816"})
    assert not changed(SysctlProfiles(debian_13).again("web"))


def test_floor_that_an_earlier_release_wrote_is_undone(debian_13: FakeHost) -> None:
    """It wrote a line below the value of process 1, which the next boot applied."""
    (debian_13.root / "run/systemd/system").rmdir()
    present(debian_13, "web", FLOOR)
    assert "fs.nr_open = 2000500" in (debian_13.read_text(WEB) or "")
    debian_13.reboot({NR_OPEN: "2000500"})
    (debian_13.root / "run/systemd/system").mkdir()
    present(debian_13, "web", FLOOR)
    assert (debian_13.value(NR_OPEN), debian_13.read_text(WEB)) == ("1073741816", None)
    assert not changed(present(debian_13, "web", FLOOR))


def test_floor_is_written_if_process_1_leaves_the_default(debian_12: FakeHost) -> None:
    row = present(debian_12, "web", FLOOR).rows[0]
    assert (row["before"], row["after"], row["boot_before"], row["boot_after"]) == (
        *("1048576", "2000500"),
        *(None, "2000500"),
    )
    debian_12.reboot({NR_OPEN: "2000500"})
    assert not changed(present(debian_12, "web", FLOOR))
    absent(debian_12, "web")
    assert debian_12.value(NR_OPEN) == "1048576"


def test_exact_value_below_that_of_process_1_is_a_hazard_at_boot(debian_13: FakeHost) -> None:
    assert "floor_lowered" in reasons(debian_13, "web", {NR_OPEN: 2000500})[NR_OPEN]


def test_facts_name_process_1(debian_13: FakeHost) -> None:
    found = fact(debian_13, QUEUE)
    assert (found["boot_value"], found["boot_source"]["program"]) == ("512", "systemd (process 1)")
    assert (found["drift"], found["boot_reason"]) == (False, None)


def test_no_value_of_process_1_where_the_kernel_default_runs(debian_12: FakeHost) -> None:
    found = fact(debian_12, NR_OPEN)
    assert (found["boot_value"], found["boot_source"], found["boot_reason"]) == (None, None, None)


def test_value_set_since_boot_leaves_the_boot_value_open(debian_13: FakeHost) -> None:
    debian_13.set(NR_OPEN, "3000000")
    found = fact(debian_13, NR_OPEN)
    assert (found["boot_value"], found["drift"]) == (None, False)
    assert found["boot_reason"] == (
        "not known: systemd (process 1) may set it to 1073741816; the running value, 3000000, does not tell"
    )
    row = present(debian_13, "web", FLOOR).rows[0]
    assert (row["after"], row["boot_before"], row["boot_after"]) == ("3000000", None, "3000000")


def test_file_overrides_process_1(debian_13: FakeHost) -> None:
    debian_13.put("/etc/sysctl.d/50-x.conf", f"{QUEUE} = 1024\n")
    found = fact(debian_13, QUEUE)
    assert found["boot_source"] == {"path": "/etc/sysctl.d/50-x.conf", "line": 1}
    assert (found["boot_value"], found["shadowed"], found["drift"]) == ("1024", [], True)


def test_host_without_systemd(tmp_path: Path) -> None:
    host = FakeHost(tmp_path, {**VALUES, QUEUE: "512"})
    assert fact(host, QUEUE)["boot_value"] is None


def test_container_has_only_its_own_network(debian_13: FakeHost) -> None:
    (debian_13.root / "proc/self/ns/pid").unlink()
    debian_13.link("/proc/self/ns/pid", "pid:[4026532000]")
    assert [fact(debian_13, name)["boot_value"] for name in (NR_OPEN, QUEUE)] == [None, "512"]


def test_floor_does_not_lower_what_an_upgrade_to_debian_13_gives(debian_12: FakeHost) -> None:
    """Our line of Debian 12 would undo what the systemd of Debian 13 sets."""
    present(debian_12, "web", FLOOR)
    debian_12.put("/etc/os-release", 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nVERSION_ID="13"\nID=debian\n')
    debian_12.reboot({NR_OPEN: "2000500"})
    row = present(debian_12, "web", FLOOR).rows[0]
    assert (row["boot_before"], row["boot_after"], debian_12.read_text(WEB)) == ("2000500", "1073741816", None)
    assert row["status"] == "changed"
    assert not changed(present(debian_12, "web", FLOOR))


@pytest.mark.parametrize("text", ["ID=debian\nVERSION_ID=12\n", "ID=ubuntu\nVERSION_ID=24.04\n", "ID=debian\n", "=\n"])
def test_releases_that_do_not_tell(debian_12: FakeHost, text: str) -> None:
    debian_12.put("/etc/os-release", text)
    assert fact(debian_12, NR_OPEN)["boot_value"] is None
