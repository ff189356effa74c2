# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start and stop the process that waits for a deadline, with and without systemd."""

from __future__ import annotations

import stat
from collections.abc import Iterable
from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ApplyFailed
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host import take_back
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host.process import WaitingProcess
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles

PYTHON = "/opt/python/bin/python3"


class Machine:
    """A machine that records the commands. answer: their exit status and output."""

    def __init__(self, root: Path, *, systemd: bool) -> None:
        self.root, self.answer = root, (0, "")
        self.commands: list[list[str]] = []
        self.killed: list[int] = []
        (root / "var/lib/nettune/tcp").mkdir(parents=True)
        if systemd:
            (root / "run/systemd/system").mkdir(parents=True)
        self.network("1", 1)
        self.network("self", 1)

    def network(self, process: str, number: int) -> None:
        link = self.root / f"proc/{process}/ns/net"
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink() if link.is_symlink() else None
        link.symlink_to(f"net:[{number}]")

    def waiting(self, python: str = PYTHON) -> WaitingProcess:
        return WaitingProcess(
            HostFiles(str(self.root)),
            run=self._run,
            start=self._run,
            kill=lambda pid, _signal: self.killed.append(pid),
            python=python,
        )

    def process(self, pid: int, start: int) -> None:
        (self.root / f"proc/{pid}").mkdir(parents=True, exist_ok=True)
        (self.root / f"proc/{pid}/stat").write_text(f"{pid} (python3) S 1 " + "0 " * 17 + f"{start} 0\n")

    def _run(self, command: Iterable[str]) -> tuple[int, str]:
        self.commands.append(list(command))
        return self.answer


@pytest.fixture
def booted(tmp_path: Path) -> Machine:
    return Machine(tmp_path, systemd=True)


@pytest.fixture
def bare(tmp_path: Path) -> Machine:
    return Machine(tmp_path, systemd=False)


def test_transient_service_is_protected_and_reports_that_it_waits(booted: Machine) -> None:
    started = booted.waiting().start(1120.0004)
    assert booted.commands == [
        [
            "systemd-run",
            f"--unit={started['unit']}",
            "--collect",
            "--description=Roll back the pending change unless it is confirmed (nettune.tcp)",
            "--property=Type=notify",
            "--property=OOMScoreAdjust=-1000",
            "--property=Restart=on-failure",
            "--property=TimeoutStartSec=30",
            "--",
            PYTHON,
            "-I",
            "/var/lib/nettune/tcp/take_back.py",
            "1120.000",
            started["unit"],
        ]
    ]
    assert booted.waiting().start(1120.0) != started


def test_script_is_complete_and_only_for_root(booted: Machine) -> None:
    booted.waiting().start(120)
    script = booted.root / take_back.SCRIPT[1:]
    assert script.read_text() == Path(take_back.__file__ or "").read_text()
    assert stat.S_IMODE(script.stat().st_mode) == 0o700
    booted.waiting().clear()
    assert not script.exists()


def test_service_is_stopped_and_so_is_a_timer_of_an_earlier_release(booted: Machine) -> None:
    booted.waiting().stop({"unit": "nettune-tcp-1"})
    assert booted.commands == [["systemctl", "stop", "nettune-tcp-1.timer", "nettune-tcp-1.service"]]


@pytest.mark.parametrize("status", [0, 3])
def test_service_that_runs(booted: Machine, status: int) -> None:
    booted.answer = (status, "")
    assert booted.waiting().is_running({"unit": "nettune-tcp-1"}) == (status == 0)
    assert booted.commands == [["systemctl", "--quiet", "is-active", "nettune-tcp-1.timer", "nettune-tcp-1.service"]]


def test_services_of_another_network_namespace_are_not_used(booted: Machine) -> None:
    """They would write the parameters of the other namespace."""
    booted.network("self", 2)
    booted.process(77, 4711)
    booted.answer = (0, "77\n")
    assert booted.waiting().start(120) == {"pid": 77, "start": 4711}


def test_process_is_recorded_by_pid_and_start_time(bare: Machine) -> None:
    bare.process(77, 4711)
    bare.answer = (0, "77\n")
    assert bare.waiting().start(120) == {"pid": 77, "start": 4711}
    assert bare.commands == [[PYTHON, "-I", "/var/lib/nettune/tcp/take_back.py", "120.000"]]


@pytest.mark.parametrize(("start", "killed"), [(4711, [77]), (4712, []), (None, [])])
def test_another_process_with_the_pid_is_not_killed(bare: Machine, start: int | None, killed: list[int]) -> None:
    if start is not None:
        bare.process(77, start)
    started = {"pid": 77, "start": 4711}
    assert bare.waiting().is_running(started) == (start == 4711)
    bare.waiting().stop(started)
    assert bare.killed == killed


def test_stop_without_a_process(bare: Machine) -> None:
    bare.waiting().stop({})
    assert not bare.waiting().is_running({})
    assert (bare.killed, bare.commands) == ([], [])


def test_failure_to_start_the_service_has_a_reason(booted: Machine) -> None:
    booted.answer = (1, "Failed to start transient service unit:\n Access denied\n")
    with pytest.raises(
        ApplyFailed, match="deadline: systemd-run exited with 1: Failed to start transient service unit: Access denied"
    ):
        booted.waiting().start(120)
    assert booted.commands[-1][:2] == ["systemctl", "stop"]


@pytest.mark.parametrize("answer", [(1, "No such file"), (0, ""), (0, "77\n")])
def test_failure_to_start_the_process_has_a_reason(bare: Machine, answer: tuple[int, str]) -> None:
    bare.answer = answer
    with pytest.raises(ApplyFailed, match="cannot start the process that waits for the deadline: /opt/python"):
        bare.waiting().start(120)


def test_missing_interpreter_fails(booted: Machine) -> None:
    with pytest.raises(ApplyFailed, match="path of the Python interpreter is unknown"):
        booted.waiting(python="").start(120)
