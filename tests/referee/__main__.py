# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random trees and files, judged by the programs that read them; and random lives of a host, taken back whole.

    python -m tests.referee

Each run begins at another seed, which it prints; NETTUNE_SEED=N begins there. NETTUNE_ROUNDS=N makes it N times longer.
Nothing of the machine is changed: mounts, networks and hosts are of namespaces made for it.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_TARGETS = _ROOT / "tests" / "integration" / "targets"
_LAB = _ROOT / "tests" / "lab" / "hosts.py"
_COMPARE = _TARGETS / "sysctl_precedence" / "files" / "compare.py"
_PAM = _ROOT / "tests" / "referee" / "pam_sessions.py"
_REVERT = _TARGETS / "revert" / "files" / "ten_applies.py"
# The Python of hosts, which also is the one with the newest name service modules.
_PYTHON = "/usr/bin/python3"
_TREES, _CASES, _REVERTS = 400, 100, 20
_CANNOT = 77


def can() -> str:
    """Empty, or why this machine has no namespaces for it."""
    done = subprocess.run(["unshare", "--mount", "--net", "true"], capture_output=True, text=True, check=False)
    return done.stderr.strip()


def revert(count: int, seed: int) -> int:
    """Ten applies, taken back, on a private host."""
    with tempfile.TemporaryDirectory(prefix="nettune-referee-") as state:
        try:
            subprocess.run(
                [sys.executable, _LAB, "up", "--state", state, "web1"], check=True, stdout=subprocess.DEVNULL
            )
            inside = [sys.executable, _LAB, "exec", "--state", state, "web1", "--"]
            return subprocess.run([*inside, _PYTHON, _REVERT, str(count), str(seed)], check=False).returncode
        finally:
            subprocess.run([sys.executable, _LAB, "down", "--state", state], check=False)


def main() -> int:
    """0 where everything came out as we say."""
    why_not = can()
    if why_not:
        print(f"this machine has no namespaces to do it in: {why_not}")
        return _CANNOT
    rounds = int(os.environ.get("NETTUNE_ROUNDS") or 1)
    seed = int(os.environ.get("NETTUNE_SEED") or random.SystemRandom().randrange(10**6))
    print(f"gate: NETTUNE_SEED={seed} repeats this run", flush=True)
    codes = [
        subprocess.run([_PYTHON, _COMPARE, str(_TREES * rounds), str(seed)], check=False).returncode,
        subprocess.run([_PYTHON, _PAM, str(_CASES * rounds), str(seed)], check=False).returncode,
        revert(_REVERTS * rounds, seed),
    ]
    return 1 if any(code not in (0, _CANNOT) for code in codes) else 0


if __name__ == "__main__":
    sys.exit(main())
