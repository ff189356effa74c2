# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Test killed, concurrent and waiting runs of sysctl_profile. Runs on a local test host only.

python3 runs.py kill TIMES          kill runs at random moments, run again or revert, and check the state
python3 runs.py concurrent TIMES    apply and revert in several processes at once, and check the state
python3 runs.py hold SECONDS        hold the lock; the file `held` exists meanwhile

The first two start these processes:

python3 runs.py present|absent NAME    apply or revert a profile
python3 runs.py work SEED TIMES        apply and revert random profiles
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

PROFILES = {
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
KEYS = sorted({key for settings in PROFILES.values() for key in settings})
# The inode number that the kernel gives the first PID namespace (PROC_PID_INIT_INO, include/linux/proc_ns.h).
INITIAL_PID_NAMESPACE = "pid:[4026531836]"
HAZARDS = frozenset({"range_over_listeners"})
DIRECTORIES = (Path("/etc/sysctl.d"), Path("/var/lib/nettune"))


def run(name: str | None, *, absent: bool = False) -> bool:
    """Run the module's code once; return whether it changed anything."""
    profiles = SysctlProfiles(HostFiles())
    with profiles.lock():
        if absent or name is None:
            planned = profiles.absent(name)
        else:
            planned = profiles.present(name, PROFILES[name], accept_hazards=HAZARDS)
        profiles.carry_out(planned)
        return planned.plan.changes_anything


def state() -> tuple[dict[str, str], list[str]]:
    """Return the values and the paths of files that runs may change."""
    values = {key: Path("/proc/sys", key.replace(".", "/")).read_text().strip() for key in KEYS}
    return values, sorted(str(path) for directory in DIRECTORIES if directory.exists() for path in directory.rglob("*"))


def child(name: str, *, absent: bool) -> subprocess.Popen[str]:
    """Start a process that prints a line right before it changes the host."""
    command = "absent" if absent else "present"
    return subprocess.Popen([sys.executable, __file__, command, name], stdout=subprocess.PIPE, text=True)


def kill(times: int) -> int:
    """Kill runs at random moments, and check that the next run or a revert repairs the state."""
    rng, before, cut_off = random.Random(1), state(), 0
    run("web")
    tuned = state()
    run(None)
    for number in range(times):
        absent = rng.random() < 0.3
        if absent:
            run("web")
        with child("web", absent=absent) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(rng.random() * 0.03)
            process.send_signal(signal.SIGKILL)
        cut_off += process.returncode == -signal.SIGKILL
        if rng.random() < 0.5:
            run("web")
            assert state() == tuned, f"after kill {number} and another run: {state()} instead of {tuned}"
            assert not run("web"), f"a third run changed something after kill {number}"
        run(None)
        assert state() == before, f"after kill {number} and a revert: {state()} instead of {before}"
    print(f"{times} runs, {cut_off} killed before their end: state consistent")
    return 0


def concurrent(times: int) -> int:
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
    rng = random.Random(seed)
    for _number in range(times):
        name = rng.choice(sorted(PROFILES))
        run(name, absent=rng.random() < 0.4)
    return 0


def hold(seconds: float) -> int:
    """Hold the lock; the file `held` exists while it is held."""
    with Journal(HostFiles()).lock(seconds=1):
        held = Path("/var/lib/nettune/tcp/held")
        held.write_text("")
        time.sleep(seconds)
        held.unlink()
    return 0


def main() -> int:
    """Run the command, and return the exit code."""
    command, *rest = sys.argv[1:]
    if os.readlink("/proc/self/ns/pid") == INITIAL_PID_NAMESPACE:
        raise SystemExit("this changes the host: run it on a local test host only")
    if command in ("present", "absent"):
        print("now", flush=True)
        run(rest[0], absent=command == "absent")
        return 0
    if command == "work":
        return work(int(rest[0]), int(rest[1]))
    if command == "hold":
        return hold(float(rest[0]))
    return {"kill": kill, "concurrent": concurrent}[command](int(rest[0]))


if __name__ == "__main__":
    sys.exit(main())
