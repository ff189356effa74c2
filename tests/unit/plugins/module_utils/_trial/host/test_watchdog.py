# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ApplyFailed
from ansible_collections.nettune.tcp.plugins.module_utils._host.trial_lock import TRIALS
from ansible_collections.nettune.tcp.plugins.module_utils._trial.host import watchdog
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost

PID_FILE = f"{TRIALS}/watchdog.pid"


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeHost:
    """A host with systemd, on which PID 1 shares the namespaces of this process."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    host = FakeHost(tmp_path)
    (tmp_path / TRIALS.lstrip("/")).mkdir(parents=True)
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    for process in ("1", "self"):
        host.link(f"/proc/{process}/ns/mnt", "mnt:[1]")
    return host


def start(host: FakeHost) -> int:
    return watchdog.start(host, name="busy_hour", token="t0", expected_seconds=90.4)


def test_with_systemd_the_watchdog_runs_in_a_unit(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []

    def run(command: list[str], **_options: Any) -> SimpleNamespace:
        ran.append(command)
        host.put(PID_FILE, "77")
        return SimpleNamespace(returncode=0, stdout="", stderr="")

    monkeypatch.setattr(subprocess, "run", run)
    assert start(host) == 77
    (command,) = ran
    assert command[0] == "systemd-run"
    assert {"--collect", "--property=Restart=on-failure", "--unit=nettune-trial-busy-hour-t0"} < set(command)
    assert command[-5:] == ["-I", host.locate(f"{TRIALS}/watchdog.py"), host.locate(TRIALS), "t0", "301"]
    assert "def put_back(" in (host.read_text(f"{TRIALS}/watchdog.py") or "")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (
            SimpleNamespace(returncode=1, stdout="", stderr="Failed to connect to bus\n"),
            "systemd-run: Failed to connect",
        ),
        (OSError(errno.ENOENT, "No such file or directory", "systemd-run"), "No such file or directory: 'systemd-run'"),
    ],
)
def test_an_error_of_systemd_is_reported(
    host: FakeHost, monkeypatch: pytest.MonkeyPatch, answer: Any, message: str
) -> None:
    def run(*_command: Any, **_options: Any) -> Any:
        if isinstance(answer, OSError):
            raise answer
        return answer

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(ApplyFailed) as caught:
        start(host)
    assert str(caught.value).startswith("the watchdog could not be started, so nothing was changed: ")
    assert message in str(caught.value)


def test_in_another_namespace_the_watchdog_is_a_child_process(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    (host.root / "proc/self/ns/net").unlink()
    host.link("/proc/self/ns/net", "net:[2]")
    started = []

    def popen(command: list[str], **options: Any) -> SimpleNamespace:
        started.append((command, options["start_new_session"]))
        host.put(PID_FILE, "78")
        return SimpleNamespace(poll=lambda: None)

    monkeypatch.setattr(subprocess, "Popen", popen)
    assert start(host) == 78
    assert started[0][0][1] == "-I"
    assert started[0][1] is True
