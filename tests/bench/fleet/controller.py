# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run costs: time, processor time, memory of the controller, and bytes to and from the hosts.

The controller is a local test host, so its process namespace has the run's processes only, and its network device
carries the run's traffic only.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import NamedTuple, Sequence

from ..measure import Stopwatch
from .hosts import CONTROLLER, Fleet

_SECONDS_BETWEEN_LOOKS = 0.1
# Adding up the memory of all processes takes the kernel milliseconds, so it is done less often.
_LOOKS_BETWEEN_SUMS = 10
_TICKS_PER_SECOND = 100  # USER_HZ, the same on all architectures of Linux that Ansible runs on
_MOST_SECONDS = 3600


class Cost(NamedTuple):
    """Seconds; processor seconds of the controller and of all hosts; most KiB of the controller's main process and of
    all its processes; bytes that it sent and received."""

    seconds: float
    controller_cpu: float
    hosts_cpu: float
    main_kib: int
    sum_kib: int
    sent: int
    received: int


def run(fleet: Fleet, stopwatch: Stopwatch, command: Sequence[str]) -> tuple[Cost, str]:
    """Run a command of the fleet, and return its cost and its output. Raises measure.Failed."""
    first = Path("/proc") / str(fleet.host(CONTROLLER).process.pid)
    before, hosts_before = _traffic(first), _ticks(fleet)
    with _Observer(first / "root" / "proc") as seen:
        done = stopwatch.run(command, seconds=_MOST_SECONDS)
    received, sent = (now - then for now, then in zip(_traffic(first), before))
    fleet.end_connections()
    controller = done.cpu_seconds + sum(seen.connection_ticks.values()) / _TICKS_PER_SECOND
    hosts = (_ticks(fleet) - hosts_before) / _TICKS_PER_SECOND
    return Cost(done.seconds, controller, hosts, seen.main_kib, seen.sum_kib, sent, received), done.output


def _ticks(fleet: Fleet) -> int:
    """Return the processor time of the hosts' sshd and of all its descendants that have ended."""
    stats = (_stat(Path("/proc") / str(pid))[1] for pid in fleet.servers)
    return sum(sum(map(int, fields[11:15])) for fields in stats)


class _Observer:
    """Looks at the processes of a /proc every now and then for the length of a `with` block.

    Processes for connections outlive the run, so their processor time is not in the stopwatch's.
    """

    def __init__(self, proc: Path) -> None:
        self._proc = proc
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_on)
        self.main_kib = 0
        self.sum_kib = 0
        self.connection_ticks: dict[tuple[str, str], int] = {}

    def __enter__(self) -> _Observer:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._over.set()
        self._thread.join()
        self._add_up()

    def _look_on(self) -> None:
        looks = 0
        main: Path | None = None
        while not self._over.wait(_SECONDS_BETWEEN_LOOKS):
            main = main or next((one for one in self._processes() if _is_main(one)), None)
            if main:
                self.main_kib = max(self.main_kib, _kib(main / "status", "VmHWM:"))
            if looks % _LOOKS_BETWEEN_SUMS == 0:
                self._add_up()
            looks += 1

    def _add_up(self) -> None:
        total = 0
        for one in self._processes():
            total += _kib(one / "smaps_rollup", "Pss:")
            name, fields = _stat(one)
            if name == "ssh" and fields[1] == "1":
                self.connection_ticks[one.name, fields[19]] = int(fields[11]) + int(fields[12])
        self.sum_kib = max(self.sum_kib, total)

    def _processes(self) -> list[Path]:
        return [one for one in self._proc.iterdir() if one.name.isdigit() and one.name != "1"]


def _is_main(process: Path) -> bool:
    """Return whether a process was started from outside of its namespace."""
    fields = _stat(process)[1]
    return fields[1:2] == ["0"] and "ansible-playbook" in _text(process / "cmdline")


def _stat(process: Path) -> tuple[str, list[str]]:
    """Return the name of a process and fields 3 and on of its stat file (proc(5)), or empty ones if it has ended."""
    head, _end, fields = _text(process / "stat").rpartition(")")
    return head.partition("(")[2], fields.split() or [""] * 20


def _kib(path: Path, name: str) -> int:
    words = (line.split() for line in _text(path).splitlines() if line.startswith(name))
    return next((int(found[1]) for found in words), 0)


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


def _traffic(first: Path) -> tuple[int, int]:
    """Return the bytes that the controller's network device has received and sent."""
    line = next(one for one in (first / "net" / "dev").read_text().splitlines() if one.strip().startswith("eth0:"))
    numbers = line.split(":")[1].split()
    return int(numbers[0]), int(numbers[8])
