# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process that waits for a deadline, run on its own as a host runs it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NotConfirmed
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host import take_back
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host.process import WaitingProcess
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host.waiting import PendingChange
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.pending import Part, Step
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._host.journal import Journal

KEY, CONFIRM = "proc/sys/net/ipv4/a", "var/lib/nettune/tcp/confirm.json"
# Reports whether the script can fork.
TRY_TO_FORK = """
def try_to_fork():
    try:
        os.fork()
        os._exit(9)
    except BlockingIOError:
        print("no fork", flush=True)
"""
STEP = {"name": "net.ipv4.a", "before": "1", "ours": ["2"], "write": "net.ipv4.a", "value": "1"}
PART = {"kind": "sysctl", "options": {}, "steps": [STEP], "limits": [], "rows": {}, "documents": {}}


class Machine:
    """A host below `root` with a pending change, whose value was set from 1 to 2."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.script = root / "copy.py"
        source = Path(take_back.__file__ or "").read_text()
        self.script.write_text(
            source.replace("Host())", f"Host({str(root)!r}, log=lambda line: print(line, flush=True)))")
        )
        self.put("proc/sys/kernel/random/boot_id", "boot\n")
        self.put(KEY, "2\n")
        self.put("var/lib/nettune/tcp/take_back.py", "")
        self.pids: list[int] = []

    def put(self, name: str, text: str) -> None:
        """Replace a file at once, as the journal is replaced."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name("new")
        new.write_text(text)
        new.rename(path)

    def insert(self, line: str, statement: str) -> None:
        """Insert a statement before a line of the script, which is inside a function."""
        text = self.script.read_text()
        before, _line, _after = text.partition(f"    {line}")
        assert text.count(f"    {line}") == 1, line
        self.script.write_text(f"{before}    {statement}\n" + text[slice(len(before), None)])

    def pend(self, seconds: float = 600.0, **timer: Any) -> float:
        """Write a pending change with a deadline in `seconds`, and return the deadline."""
        due = time.monotonic() + seconds
        parts = [{**PART, "finished": True, "confirming": False}]
        pending = {"name": "web", "boot_id": "boot", "due": due, "deadline": "noon", "parts": parts, "timer": timer}
        self.put(CONFIRM, json.dumps({"version": 2, "pending": pending, "taken_back": {}}))
        return due

    def confirm(self) -> None:
        (self.root / CONFIRM).unlink()

    def command(self, *arguments: object) -> list[str]:
        return [sys.executable, "-I", str(self.script), *map(str, arguments)]

    def detach(self, until: float, **options: Any) -> int:
        """Start the process as WaitingProcess does, and return its pid."""
        output = subprocess.run(
            self.command(until), stdout=subprocess.PIPE, start_new_session=True, check=True, cwd="/", **options
        ).stdout
        self.pids.append(int(output))
        return self.pids[-1]

    @contextmanager
    def service(self, until: float) -> Iterator[subprocess.Popen[str]]:
        """Start the process as systemd does, and run the body when it waits."""
        path = str(self.root / "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
            systemd.bind(path)
            systemd.settimeout(20)
            command, env = self.command(until, "nettune-tcp-1"), {"NOTIFY_SOCKET": path}
            with subprocess.Popen(command, stdout=subprocess.PIPE, env=env, text=True) as process:
                try:
                    assert systemd.recv(100) == b"READY=1"
                    yield process
                finally:
                    if process.poll() is None:
                        process.terminate()

    def value(self) -> str:
        return (self.root / KEY).read_text().strip()

    def journal(self) -> dict[str, Any]:
        path = self.root / CONFIRM
        return json.loads(path.read_text()) if path.exists() else {}

    def reason(self) -> str | None:
        """Return why the change was rolled back; None if it was not."""
        return self.journal().get("taken_back", {}).get("sysctl", {}).get("web", {}).get("why")


@pytest.fixture
def machine() -> Iterator[Machine]:
    root = Path(tempfile.mkdtemp())
    root.chmod(0o755)
    machine = Machine(root)
    yield machine
    for pid in machine.pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    shutil.rmtree(root)


def until(is_so: Callable[[], object], seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def has_ended(pid: int) -> bool:
    """Return whether a process has ended; it may be a zombie where nothing reaps orphans."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_deadline_that_has_passed(machine: Machine) -> None:
    """Without arguments, as a timer of an earlier release runs it."""
    machine.pend(-1)
    done = subprocess.run(machine.command(), stdout=subprocess.PIPE, text=True, timeout=20, check=True)
    assert (machine.value(), machine.reason()) == ("1", "expired")
    assert "rolled back: not confirmed by noon" in done.stdout
    assert not (machine.root / "var/lib/nettune/tcp/take_back.py").exists()


def test_without_a_journal_nothing_waits(machine: Machine) -> None:
    shutil.rmtree(machine.root / "var")
    assert subprocess.run(machine.command(), timeout=20, check=False).returncode == 0


@pytest.mark.parametrize("text", ["", "{"])
def test_damaged_journal_is_reported_and_read_again(machine: Machine, text: str) -> None:
    machine.put(CONFIRM, text)
    with machine.service(0.0) as process:
        assert process.stdout is not None
        output = process.stdout.readline()
        process.terminate()
        output += process.communicate(timeout=20)[0]
    assert "confirm.json is damaged" in output
    assert "trying again every 5 s" in output
    assert "the next run of nettune.tcp tries again" in output
    assert (process.returncode, machine.value()) == (0, "2")


@pytest.mark.long
def test_detached_process_leaves_the_session_of_the_run(machine: Machine) -> None:
    """The end of an ssh session hangs up its processes; then the connection's process group is killed."""
    due = machine.pend(4.0)
    program = (
        f"import subprocess, time; subprocess.run({machine.command(due)!r}, start_new_session=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, start_new_session=True, text=True
    ) as login:
        assert login.stdout is not None
        pid = int(login.stdout.readline())
        machine.pids.append(pid)
        assert os.getsid(pid) != os.getsid(login.pid)
        os.kill(pid, signal.SIGHUP)
        os.killpg(login.pid, signal.SIGKILL)
    assert machine.value() == "2"
    assert until(lambda: has_ended(pid))
    assert (machine.value(), machine.reason()) == ("1", "expired")


def test_detached_process_holds_nothing_of_the_run(machine: Machine) -> None:
    pid = machine.detach(machine.pend(), stderr=subprocess.STDOUT)
    assert {os.readlink(f"/proc/{pid}/fd/{number}") for number in (0, 1, 2)} == {"/dev/null"}
    assert os.readlink(f"/proc/{pid}/cwd") == "/"
    if os.geteuid() == 0:
        locked = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if "VmLck" in line)
        assert int(locked.split()[1]) > 4000


def test_service_notifies_systemd_once_it_waits(machine: Machine) -> None:
    with machine.service(machine.pend()) as process:
        assert process.poll() is None
        process.terminate()


@pytest.mark.parametrize("unit", ["nettune-tcp-1", "nettune-tcp-2"])
def test_sigterm_rolls_back_at_once_unless_another_process_waits(machine: Machine, unit: str) -> None:
    due = machine.pend(unit=unit)
    with machine.service(due) as process:
        process.terminate()
        assert process.wait(20) == 0
    assert (machine.value(), machine.reason()) == (("1", "stopped") if unit == "nettune-tcp-1" else ("2", None))


def test_sigterm_after_a_confirmation_ends_it_while_the_run_has_the_lock(machine: Machine) -> None:
    pid = machine.detach(machine.pend())
    machine.confirm()
    lock = os.open(machine.root / "var/lib/nettune/tcp", os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    os.kill(pid, signal.SIGTERM)
    assert until(lambda: has_ended(pid), 5)
    os.close(lock)
    assert machine.value() == "2"


@pytest.mark.long
def test_process_waits_for_the_lock_and_for_a_later_deadline(machine: Machine) -> None:
    lock = os.open(machine.root / "var/lib/nettune/tcp", os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    pid = machine.detach(machine.pend(0.1))
    time.sleep(0.5)
    due = machine.pend(4.0)
    os.close(lock)
    time.sleep(0.5)
    assert (machine.value(), has_ended(pid)) == ("2", False)
    assert until(lambda: has_ended(pid))
    assert machine.value() == "1"
    assert time.monotonic() >= due


def test_host_that_cannot_fork_rolls_back(machine: Machine) -> None:
    """RLIMIT_NPROC is 0, so that fork(2) fails, as it does with kernel.threads-max = 20. It does not bind root."""
    due = machine.pend(0.5)
    limit = "resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))"
    machine.insert("wait(host, until, identity)\n", f"os.geteuid() or os.setuid(65534); {limit}")
    machine.insert("at = time.strftime(", "try_to_fork()")
    machine.script.write_text(machine.script.read_text().replace("if __name__", f"{TRY_TO_FORK}if __name__"))
    if os.geteuid() == 0:
        for path in [machine.root, *machine.root.rglob("*")]:
            os.chown(path, 65534, -1)
    with subprocess.Popen(machine.command(due, "nettune-tcp-1"), stdout=subprocess.PIPE, text=True) as process:
        output = process.communicate(timeout=20)[0]
    assert "no fork" in output
    assert (process.returncode, machine.value(), machine.reason()) == (0, "1", "expired")


PIDS = Path("/sys/fs/cgroup/pids")


@pytest.mark.long
@pytest.mark.skipif(os.geteuid() != 0 or not os.access(PIDS, os.W_OK), reason="needs root and a cgroup for pids")
def test_process_in_a_full_cgroup_rolls_back(machine: Machine) -> None:
    """With pids.max of its cgroup at 1, a process cannot start another one; arming a new change fails."""
    group = PIDS / f"nettune-{os.getpid()}"
    group.mkdir()
    try:
        pid = machine.detach(machine.pend(2.0))
        (group / "cgroup.procs").write_text(str(pid))
        (group / "pids.max").write_text("1")
        assert until(lambda: has_ended(pid))
    finally:
        until(lambda: not (group / "cgroup.procs").read_text())
        group.rmdir()
    assert (machine.value(), machine.reason()) == ("1", "expired")


@pytest.mark.long
def test_confirmation_at_the_deadline_ends_in_exactly_one_state(machine: Machine) -> None:
    """Runs arm and confirm as modules do; the confirmation arrives within 25 ms of the deadline."""
    files = HostFiles(str(machine.root))

    def start(script: list[str]) -> tuple[int, str]:
        pid = machine.detach(float(script[-1]))
        machine.put(f"proc/{pid}/stat", Path(f"/proc/{pid}/stat").read_text())
        return 0, str(pid)

    process = WaitingProcess(files, start=start)
    drop_in, seen = machine.root / "drop-in", set()
    for number in range(50):
        machine.put(KEY, "1\n")
        soon = PendingChange(files, process=process, monotonic=lambda: time.monotonic() - 0.6)
        with Journal(files).lock(seconds=10), soon.arming("web", Part("sysctl", {}, (Step(**STEP),)), seconds=1):
            machine.put(KEY, "2\n")
        due = machine.journal()["pending"]["due"]
        time.sleep(max(due - time.monotonic() + (number - 25) / 1000, 0))
        change = PendingChange(files, process=process)
        with Journal(files).lock(seconds=10):
            change.settle()
            with suppress(NotConfirmed):
                assert change.waiting("sysctl", "web")
                with change.deciding("sysctl", "web", confirming=True):
                    drop_in.write_text("")
        assert until(lambda: has_ended(machine.pids[-1]))
        assert machine.journal().get("pending") is None
        seen.add((machine.value(), machine.reason(), drop_in.exists()))
        if drop_in.exists():
            drop_in.unlink()
    assert seen <= {("1", "expired", False), ("2", None, True)}
