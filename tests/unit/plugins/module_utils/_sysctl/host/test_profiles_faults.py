# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that fail or are killed at any step, and journals that cannot be read."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import (
    ApplyFailed,
    JournalError,
    NettuneError,
)
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost, Killed
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import (
    ALIVE,
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
def host(tmp_path: Path) -> FakeHost:
    return FakeHost(tmp_path)


def count_steps(tmp_path: Path, scenario: Any) -> int:
    """Return the number of steps without the last ones, which only remove empty directories of the journal."""
    host = FakeHost(tmp_path / "counting")
    setup(host)
    begun = len(host.steps)
    scenario(host)
    return sum(not step.startswith("rmdir /var/lib/nettune") for step in host.steps[begun:])


def setup(host: FakeHost) -> None:
    """Apply a profile and edit its drop-in."""
    host.listen(8080)
    present(host, "web", {FIN: 30, ALIVE: 600, RESERVED: {"include": [80]}})
    present(host, "mail", {SOMAXCONN: {"at_least": 16384}})
    host.put(WEB, "# Managed by Ansible (nettune.tcp.sysctl_profile): edited\n")


def tune(host: FakeHost) -> None:
    present(host, "web", SETTINGS)


def revert(host: FakeHost) -> None:
    absent(host)


SCENARIOS = [tune, revert]
KEPT = "/var/lib/nettune/tcp/edited"


def without_saved_copies(tree: dict[str, str]) -> dict[str, str]:
    """Return the tree without saved copies of edited files, which are made before anything is replaced."""
    return {path: content for path, content in tree.items() if not path.startswith(KEPT)}


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("after", [False, True])
def test_failure_at_any_step_rolls_everything_back(tmp_path: Path, scenario: Any, after: bool) -> None:
    steps = count_steps(tmp_path, scenario)
    assert steps > 6
    for number in range(1, steps + 1):
        host = FakeHost(tmp_path / f"{after}-{number}")
        setup(host)
        before = without_saved_copies(host.tree())
        host.fails_at, host.after = len(host.steps) + number, after
        with pytest.raises((NettuneError, OSError), match="Input/output error|EIO"):
            scenario(host)
        last = host.steps[host.fails_at - 1]
        if number < steps - 2 or last.startswith("write"):
            assert without_saved_copies(host.tree()) == before, f"step {number}: {last}"
        host.fails_at = 0
        scenario(host)


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOENT, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOMEM])
def test_refused_write_names_parameter_value_and_reason(host: FakeHost, number: int) -> None:
    before = host.tree()

    def on_write(name: str, text: str) -> str:
        if (name, text) == (ALIVE, "600"):
            raise OSError(number, os.strerror(number))
        return text

    host.on_write = on_write
    with pytest.raises(ApplyFailed) as failed:
        present(host, "web", {FIN: 30, ALIVE: 600, SOMAXCONN: 8192})
    message = str(failed.value)
    assert f"{ALIVE} = 600 was refused: {errno.errorcode[number]}: " in message
    assert message.endswith("; everything written before it was restored")
    assert host.tree() == before


def test_partly_stored_vector_is_rolled_back(host: FakeHost) -> None:
    """The kernel may store the first numbers of a vector before it fails with EINVAL."""
    before = host.tree()

    def on_write(name: str, text: str) -> str:
        if name == "net.ipv4.tcp_rmem" and "\t7" in text:
            host.set(name, "4096\t7\t6291456")
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        return text

    host.on_write = on_write
    with pytest.raises(ApplyFailed, match="was restored"):
        present(host, "web", {FIN: 30, "net.ipv4.tcp_rmem": "4096 7 7"})
    assert host.tree() == before


def test_unavailable_congestion_control(host: FakeHost) -> None:
    before = host.tree()
    with pytest.raises(ApplyFailed, match="tcp_congestion_control = vegas was refused: ENOENT"):
        present(host, "web", {FIN: 30, "net.ipv4.tcp_congestion_control": "vegas"})
    assert host.tree() == before


def test_value_that_reads_back_differently_is_rolled_back(host: FakeHost) -> None:
    before = host.tree()
    host.on_write = lambda name, text: "61" if (name, text) == (FIN, "30") else text
    with pytest.raises(ApplyFailed, match=f"{FIN}: wrote 30, read back 61"):
        present(host, "web", {ALIVE: 600, FIN: 30})
    assert host.tree() == before


def test_failed_rollback_is_reported_and_stays_in_the_journal(host: FakeHost) -> None:
    def on_write(name: str, text: str) -> str:
        if (name, text) in ((FIN, "60"), (SOMAXCONN, "8192")):
            raise OSError(errno.EPERM, os.strerror(errno.EPERM))
        return text

    host.on_write = on_write
    with pytest.raises(ApplyFailed) as failed:
        present(host, "web", {FIN: 30, SOMAXCONN: 8192})
    assert "not everything written before could be restored, the journal still has it" in str(failed.value)
    assert f"{FIN} = 60 was refused: EPERM" in str(failed.value)
    assert host.value(FIN) == "30"
    host.on_write = lambda _name, text: text
    absent(host, "web")
    assert host.value(FIN) == "60"
    assert host.read_text(JOURNAL) is None


def test_secret_is_in_no_message(host: FakeHost) -> None:
    key = "net.ipv4.tcp_fastopen_key"
    secret = "11111111-22222222-33333333-44444444"
    planned = present(host, "web", {key: secret})
    assert secret not in repr(planned.rows)
    host.on_write = lambda name, text: "0-0-0-0" if name == key else text
    with pytest.raises(ApplyFailed) as failed:
        present(host, "web", {key: secret.replace("1", "7")})
    assert "7777" not in str(failed.value)
    assert key in str(failed.value)


@pytest.mark.long
@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("after", [False, True])
def test_run_killed_at_any_step_loses_nothing(tmp_path: Path, scenario: Any, after: bool) -> None:
    """After every second kill the run is repeated; in the end everything is reverted."""
    fresh = FakeHost(tmp_path / "fresh")
    fresh.listen(8080)
    untouched = without_saved_copies(fresh.tree())
    finished = FakeHost(tmp_path / "finished")
    setup(finished)
    scenario(finished)
    for number in range(1, count_steps(tmp_path, scenario) + 1):
        host = FakeHost(tmp_path / f"{number}")
        setup(host)
        host.error, host.after = Killed(), after
        host.fails_at = len(host.steps) + number
        with pytest.raises(Killed):
            scenario(host)
        host.fails_at = 0
        if number % 2 == after:
            scenario(host)
            assert values_and_files(host) == values_and_files(finished), f"killed at step {number}"
        (host.root / WEB.lstrip("/")).unlink(missing_ok=True)  # setup() edited it, so a revert would leave it
        absent(host)
        rest = without_saved_copies(host.tree())
        left = {path for path in rest if path.startswith("/var/lib/nettune")}  # directories of the saved copies
        assert {path: content for path, content in rest.items() if path not in left} == untouched, f"killed at {number}"


def values_and_files(host: FakeHost) -> dict[str, str]:
    return without_saved_copies(host.tree("/proc/sys", "/etc"))


@pytest.mark.parametrize("first", range(1, 10))
@pytest.mark.parametrize("second", range(1, 10))
def test_nonpersistent_profile_of_an_earlier_boot_and_later_killed_runs(
    host: FakeHost, first: int, second: int
) -> None:
    present(host, "mail", {FIN: 30}, persistent=False)
    host.reboot()
    host.error = Killed()
    for number, settings in ((first, {FIN: 30, ALIVE: 600}), (second, {SOMAXCONN: 8192})):
        host.fails_at = len(host.steps) + number
        with suppress(Killed):
            present(host, "web", settings, persistent=False)
        host.fails_at = 0
    absent(host)
    assert (host.value(FIN), host.value(ALIVE), host.value(SOMAXCONN)) == ("60", "7200", "4096")


def test_temporary_file_of_a_killed_run_is_removed(host: FakeHost) -> None:
    for directory in ("/etc/sysctl.d", "/var/lib/nettune/tcp"):
        host.put(f"{directory}/.nettune-x.tmp", "half")
    present(host, "web", {FIN: 30})
    absent(host, "web")
    assert host.listdir("/etc/sysctl.d") == []
    assert host.listdir("/var/lib") == []


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"version": 2}',
        '{"version": 1}',
        '{"version": 1, "profiles": [], "keys": {}}',
        '{"version": 1, "profiles": {"web": {}}, "keys": {}}',
        '{"version": 1, "profiles": {}, "keys": {"a.b": {"before": "60"}}}',
        '{"version": 1, "profiles": {}, "keys": {"a.b": {"before": 60, "ours": ["3"], "asked": "3"}}}',
        '{"version": 1, "profiles": {}, "keys": {"a.b": {"before": "60", "ours": [3], "asked": "3"}}}',
        '{"version": 1, "profiles": {}, "keys": {"a.b": {"before": "60", "ours": 3, "asked": "3"}}}',
        '{"version": 1, "profiles": {}, "keys": {"a.b": ["60"]}}',
    ],
)
def test_unreadable_journal_fails_and_changes_nothing(host: FakeHost, text: str) -> None:
    host.put(JOURNAL, text)
    before = host.tree()
    for run in (lambda: present(host, "web", {FIN: 30}), lambda: absent(host), lambda: absent(host, "web")):
        with pytest.raises(JournalError, match="journal|damaged"):
            run()
    assert host.tree() == before


@pytest.mark.parametrize("number", [errno.EIO, errno.EPERM])
def test_parameter_that_cannot_be_read_once_stays_in_the_journal(
    host: FakeHost, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    before = host.tree("/proc/sys")
    present(host, "web", {FIN: 30, ALIVE: 600})
    applied, real = host.tree(), host.read_text

    def refuse(path: str) -> str | None:
        if path.endswith("tcp_fin_timeout"):
            raise OSError(number, os.strerror(number))
        return real(path)

    monkeypatch.setattr(host, "read_text", refuse)
    reverted = SysctlProfiles(host).absent("web")
    assert [row["reason"] for row in reverted.rows if row["status"] == "refused"] == [
        f"{FIN} cannot be read: {errno.errorcode[number]}: {os.strerror(number)}"
    ]
    assert host.tree() == applied
    monkeypatch.undo()
    absent(host)
    assert host.tree("/proc/sys") == before
