# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arm and disarm the timer of the host, with and without systemd."""

from __future__ import annotations

import stat
from collections.abc import Iterable
from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ApplyFailed
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host import take_back
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host.timer import Timer
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles

PYTHON = "/opt/python/bin/python3"


class Machine:
    """A machine that records the commands. answer: their exit status and output."""

    def __init__(self, root: Path, *, systemd: bool) -> None:
        self.root, self.answer, self.userspace = root, (0, ""), "25000000\n"
        self.commands: list[list[str]] = []
        self.killed: list[int] = []
        (root / "var/lib/nettune/tcp").mkdir(parents=True)
        if systemd:
            (root / "run/systemd/system").mkdir(parents=True)

    def timer(self, python: str = PYTHON) -> Timer:
        return Timer(
            HostFiles(str(self.root)),
            run=self._run,
            start=self._run,
            kill=lambda pid, _signal: self.killed.append(pid),
            monotonic=lambda: 1000.0004,
            python=python,
        )

    def process(self, pid: int, start: int) -> None:
        (self.root / f"proc/{pid}").mkdir(parents=True, exist_ok=True)
        (self.root / f"proc/{pid}/stat").write_text(f"{pid} (python3) S 1 " + "0 " * 17 + f"{start} 0\n")

    def _run(self, command: Iterable[str]) -> tuple[int, str]:
        self.commands.append(list(command))
        return (0, self.userspace) if "show" in self.commands[-1] else self.answer


@pytest.fixture
def booted(tmp_path: Path) -> Machine:
    return Machine(tmp_path, systemd=True)


@pytest.fixture
def bare(tmp_path: Path) -> Machine:
    return Machine(tmp_path, systemd=False)


def test_transient_timer_is_accurate_to_a_second(booted: Machine) -> None:
    armed = booted.timer().arm(120)
    assert booted.commands[1:] == [
        [
            "systemd-run",
            "--on-startup=1095001ms",
            "--timer-property=AccuracySec=1s",
            f"--unit={armed['unit']}",
            "--collect",
            "--description=Roll back unconfirmed changes (nettune.tcp)",
            "--",
            PYTHON,
            "-I",
            "/var/lib/nettune/tcp/take_back.py",
        ]
    ]
    assert booted.timer().arm(120) != armed


def test_transient_timer_without_a_start_time(booted: Machine) -> None:
    booted.userspace = ""
    booted.timer().arm(120)
    assert booted.commands[1][1] == "--on-active=120s"


def test_script_is_complete_and_only_for_root(booted: Machine) -> None:
    booted.timer().arm(120)
    script = booted.root / take_back.SCRIPT[1:]
    assert script.read_text() == Path(take_back.__file__ or "").read_text()
    assert stat.S_IMODE(script.stat().st_mode) == 0o700
    booted.timer().clear()
    assert not script.exists()


def test_transient_timer_is_stopped_with_its_service(booted: Machine) -> None:
    booted.timer().disarm({"unit": "nettune-tcp-1"})
    assert booted.commands == [["systemctl", "stop", "nettune-tcp-1.timer", "nettune-tcp-1.service"]]


def test_process_is_recorded_by_pid_and_start_time(bare: Machine) -> None:
    bare.process(77, 4711)
    bare.answer = (0, "77\n")
    assert bare.timer().arm(120) == {"pid": 77, "start": 4711}
    assert bare.commands == [[PYTHON, "-I", "/var/lib/nettune/tcp/take_back.py", "120"]]


@pytest.mark.parametrize(("start", "killed"), [(4711, [77]), (4712, []), (None, [])])
def test_another_process_with_the_pid_is_not_killed(bare: Machine, start: int | None, killed: list[int]) -> None:
    if start is not None:
        bare.process(77, start)
    bare.timer().disarm({"pid": 77, "start": 4711})
    assert bare.killed == killed


def test_disarm_without_a_timer(bare: Machine) -> None:
    bare.timer().disarm({})
    assert (bare.killed, bare.commands) == ([], [])


def test_failure_to_arm_has_a_reason(booted: Machine) -> None:
    booted.answer = (1, "Failed to start transient timer unit:\n Access denied\n")
    with pytest.raises(
        ApplyFailed, match="systemd-run exited with 1: Failed to start transient timer unit: Access deni"
    ):
        booted.timer().arm(120)


@pytest.mark.parametrize("answer", [(1, "No such file"), (0, ""), (0, "77\n")])
def test_failure_to_start_the_process_has_a_reason(bare: Machine, answer: tuple[int, str]) -> None:
    bare.answer = answer
    with pytest.raises(ApplyFailed, match="cannot start the timer"):
        bare.timer().arm(120)


def test_missing_interpreter_fails(booted: Machine) -> None:
    with pytest.raises(ApplyFailed, match="path of the Python interpreter is unknown"):
        booted.timer(python="").arm(120)
