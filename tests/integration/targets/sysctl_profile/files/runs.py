# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Test killed, concurrent and waiting runs of sysctl_profile. Runs on a local test host only.

python3 runs.py kill TIMES      kill runs at random moments, run again or revert, and check the state
python3 runs.py crowd TIMES     apply and revert in several processes at once, and check the state
python3 runs.py hold SECONDS    hold the lock
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[5]))

from plugins.module_utils._host.files import HostFiles
from plugins.module_utils._host.journal import Journal
from plugins.module_utils._sysctl.host.profiles import SysctlProfiles

WANTED = {
    "web": {
        "net.ipv4.tcp_fin_timeout": "30",
        "net.ipv4.tcp_keepalive_time": "600",
        "net.ipv4.ip_local_port_range": "1024 65535",
        "net.ipv4.ip_local_reserved_ports": {"include": ["8001-8100"]},
        "net.core.somaxconn": {"at_least": 8192},
        "net.ipv4.tcp_rmem": "4096 87380 16777216",
        "net.ipv4.icmp_ratelimit": "1001",
    },
    "mail": {
        "net.ipv4.tcp_fin_timeout": "30",
        "net.ipv4.ip_local_reserved_ports": {"include": [25]},
        "net.core.somaxconn": {"at_least": 16384},
        "net.ipv4.tcp_retries2": "8",
    },
}
KEYS = sorted({key for settings in WANTED.values() for key in settings})
HAZARDS = frozenset({"range_over_listeners"})
PLACES = (Path("/etc/sysctl.d"), Path("/var/lib/nettune"))


def run(name: str | None, *, absent: bool = False) -> bool:
    """Run the module's code once; return whether it changed anything."""
    profiles = SysctlProfiles(HostFiles())
    with profiles.lock():
        if absent or name is None:
            planned = profiles.absent(name)
        else:
            planned = profiles.present(name, WANTED[name], accept_hazards=HAZARDS)
        profiles.carry_out(planned)
        return planned.plan.changes_anything


def state() -> tuple[dict[str, str], list[str]]:
    """Return the values and the paths of files that runs may change."""
    values = {key: Path("/proc/sys", key.replace(".", "/")).read_text().strip() for key in KEYS}
    return values, sorted(str(path) for place in PLACES if place.exists() for path in place.rglob("*"))


def child(name: str, *, absent: bool) -> subprocess.Popen[str]:
    """Start a process that prints a line right before it changes the host."""
    verb = "absent" if absent else "present"
    return subprocess.Popen([sys.executable, __file__, verb, name], stdout=subprocess.PIPE, text=True)


def kill(times: int) -> int:
    """Kill runs at random moments, and check that the next run or a revert repairs the state."""
    chance, before, cut_off = random.Random(1), state(), 0
    run("web")
    tuned = state()
    run(None)
    for number in range(times):
        absent = chance.random() < 0.3
        if absent:
            run("web")
        with child("web", absent=absent) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(chance.random() * 0.03)
            process.send_signal(signal.SIGKILL)
        cut_off += process.returncode == -signal.SIGKILL
        if chance.random() < 0.5:
            run("web")
            assert state() == tuned, f"after kill {number} and another run: {state()} instead of {tuned}"
            assert not run("web"), f"a third run changed something after kill {number}"
        run(None)
        assert state() == before, f"after kill {number} and a revert: {state()} instead of {before}"
    print(f"{times} runs, {cut_off} killed before their end: state consistent")
    return 0


def crowd(times: int) -> int:
    """Run several processes at the same time, revert, and check the state."""
    before = state()
    command = [sys.executable, __file__, "work"]
    workers = [subprocess.Popen([*command, str(seed), str(times)]) for seed in range(4)]
    failed = [worker.wait() for worker in workers]
    run(None)
    assert not any(failed), failed
    assert state() == before, f"{state()} instead of {before}"
    print(f"4 processes, {times} runs each: all succeeded, nothing left")
    return 0


def work(seed: int, times: int) -> int:
    """Apply and revert at random."""
    chance = random.Random(seed)
    for _number in range(times):
        name = chance.choice(sorted(WANTED))
        run(name, absent=chance.random() < 0.4)
    return 0


def hold(seconds: float) -> int:
    """Hold the lock, and show that by a file."""
    with Journal(HostFiles()).lock(seconds=1):
        held = Path("/var/lib/nettune/tcp/held")
        held.write_text("")
        time.sleep(seconds)
        held.unlink()
    return 0


def main() -> int:
    """Run the command line."""
    verb, *rest = sys.argv[1:]
    if os.readlink("/proc/self/ns/pid") == "pid:[4026531836]":
        raise SystemExit("this changes the host: run it on a local test host only")
    if verb in ("present", "absent"):
        print("now", flush=True)
        run(rest[0], absent=verb == "absent")
        return 0
    if verb == "work":
        return work(int(rest[0]), int(rest[1]))
    if verb == "hold":
        return hold(float(rest[0]))
    return {"kill": kill, "crowd": crowd}[verb](int(rest[0]))


if __name__ == "__main__":
    sys.exit(main())
