# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill_trials.py TIMES: kill trials at random moments, and check the value. Runs on a local test host only.

The watchdog must restore the value at once. Every third time it is killed first, and the next command must restore it.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[5]))

from plugins.module_utils._host.files import HostFiles
from plugins.module_utils._tcp.host.facts import open_host
from plugins.module_utils._trial import request
from plugins.module_utils._trial.host.trials import Trials
from plugins.module_utils._trial.saved import INTERRUPTED, Trial

KEY = Path("/proc/sys/net/ipv4/tcp_orphan_retries")
OPTIONS = {
    "name": "killed",
    "key": "net.ipv4.tcp_orphan_retries",
    "candidates": [3, 7],
    "minimise": "states.LAST_ACK",
    "maximise": None,
    "guards": [],
    "settle": 0.2,
    "window": 1.0,
    "interval": 0.2,
    "keep": "never",
}
# In seconds, on a busy machine.
LONGEST_DELAY = 20.0


def started(trials: Trials) -> Trial:
    """Start a trial, and return it once its worker is known."""
    trials.start(request.from_options(OPTIONS), accept_hazards=frozenset())
    while True:
        trial = trials.find("killed")
        assert trial is not None
        if trial.worker:
            return trial
        time.sleep(0.01)


def delay(before: str) -> float:
    """Return the seconds until the value is `before` again."""
    began = time.monotonic()
    while KEY.read_text().strip() != before:
        assert time.monotonic() - began < LONGEST_DELAY, f"{KEY} is {KEY.read_text().strip()} instead of {before}"
        time.sleep(0.002)
    return time.monotonic() - began


def find_interrupted(trials: Trials) -> None:
    """Read the trial, which restores the value, until it is interrupted."""
    began = time.monotonic()
    while time.monotonic() - began < LONGEST_DELAY:
        found = trials.find("killed")
        if found is not None and found.status == INTERRUPTED:
            return
        time.sleep(0.01)
    raise AssertionError(f"the killed trial is {found}")


def main(times: int) -> int:
    """Kill `times` trials, and check that each value is restored."""
    chance, before, changed, longest = random.Random(2), KEY.read_text().strip(), 0, 0.0
    for number in range(times):
        trials = Trials(HostFiles(), open_host(None))
        trial = started(trials)
        assert trial.worker is not None
        assert trial.watchdog is not None
        time.sleep(chance.uniform(0.0, 5.0))
        without_watchdog = number % 3 == 2
        if without_watchdog:
            os.kill(trial.watchdog, signal.SIGKILL)
        os.kill(trial.worker.pid, signal.SIGKILL)
        changed += KEY.read_text().strip() != before
        if without_watchdog:
            find_interrupted(trials)
        longest = max(longest, delay(before))
        trials.remove("killed")
        assert not Path("/var/lib/nettune").exists(), list(Path("/var/lib/nettune").rglob("*"))
    print(f"{times} trials killed, {changed} with a candidate set: restored each time within {longest:.3f} s")
    return 0


if __name__ == "__main__":
    if os.readlink("/proc/self/ns/pid") == "pid:[4026531836]":
        raise SystemExit("this changes the host: run it on a local test host only")
    sys.exit(main(int(sys.argv[1])))
