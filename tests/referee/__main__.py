# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare our parsers with the programs that read the same files, on random files; revert random changes of a host.

    python -m tests.referee

Each run prints its random seed; NETTUNE_SEED=N repeats it. NETTUNE_ROUNDS=N makes it N times longer. This machine is
not changed: everything happens in namespaces and containers.
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
_REVERT = _TARGETS / "revert" / "files" / "random_profiles.py"
# The interpreter of the local test hosts.
_PYTHON = "/usr/bin/python3"
_IMAGES = _ROOT / "tests" / "images"
_DOCKER = os.environ.get("NETTUNE_CONTAINER_ENGINE") == "docker"
_SUITES = ("bookworm", "trixie")
_TREES, _CASES, _SESSIONS, _ROUNDS, _REVERTS = 400, 100, 12, 10, 20
# The options of molecule's containers, and a command that waits until one has booted.
_CONTAINER = (
    *("--network=none", "--cap-add=NET_ADMIN", "--cap-add=SYS_ADMIN", "--security-opt=apparmor=unconfined"),
    *(("--cgroupns=private", "--env=container=docker", "--tmpfs=/run") if _DOCKER else ("--systemd=always",)),
)
_UP = "for i in $(seq 300); do systemctl is-system-running 2>&1 | grep -Eq 'running|degraded' && exit; sleep 0.2; done"
_CANNOT = 77


def why_not() -> str:
    """Return why this machine cannot create namespaces, "" if it can."""
    done = subprocess.run(["unshare", "--mount", "--net", "true"], capture_output=True, text=True, check=False)
    return done.stderr.strip()


def revert(count: int, seed: int) -> int:
    """Apply ten random profiles and revert them, on a local test host."""
    with tempfile.TemporaryDirectory(prefix="nettune-referee-") as state:
        try:
            subprocess.run(
                [sys.executable, _LAB, "up", "--state", state, "web1"], check=True, stdout=subprocess.DEVNULL
            )
            inside = [sys.executable, _LAB, "exec", "--state", state, "web1", "--"]
            return subprocess.run([*inside, _PYTHON, _REVERT, str(count), str(seed)], check=False).returncode
        finally:
            subprocess.run([sys.executable, _LAB, "down", "--state", state], check=False)


def containers() -> bool:
    """Prepare the images; return False without a container engine."""
    return subprocess.run([_IMAGES / "prepare"], check=False).returncode == 0


def _run(suite: str, name: str, *options: str) -> list[str | Path]:
    """Return the command that runs a container with our sources in /src, without the command in it."""
    image = subprocess.run([_IMAGES / "prepare", "--name", suite], capture_output=True, text=True, check=True)
    run = [_IMAGES / "engine", "run", f"--name={name}", f"--volume={_ROOT}:/src:ro", *options, *_CONTAINER]
    return [*run, image.stdout.strip()]


def sessions(count: int, seed: int) -> int:
    """Compare sessions of su and sshd in containers, whose releases of Debian have different versions of PAM."""
    failed = 0
    for suite in _SUITES:
        print(f"{suite}:", flush=True)
        run = _run(suite, f"nettune-referee-{suite}-{os.getpid()}", "--rm")
        ask = ["python3", "-B", "/src/tests/referee/pam_sessions.py", str(count), str(seed)]
        failed |= subprocess.run([*run, *ask], check=False).returncode
    return 1 if failed else 0


def units(count: int, seed: int) -> int:
    """Compare services with random drop-ins, in a container with systemd."""
    name, boot = f"nettune-referee-{os.getpid()}", (_ROOT / "molecule" / "common" / "boot.sh").read_text()
    inside = [_IMAGES / "engine", "exec", name]
    try:
        run = _run("bookworm", name, "--detach")
        subprocess.run([*run, "sh", "-c", boot], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([*inside, "sh", "-c", _UP], check=False, stdout=subprocess.DEVNULL)
        ask = ["python3", "-B", "/src/tests/referee/unit_limits.py", str(count), str(seed)]
        return subprocess.run([*inside, *ask], check=False).returncode
    finally:
        subprocess.run([_IMAGES / "engine", "rm", "--force", name], check=False, stdout=subprocess.DEVNULL)


def in_containers(rounds: int, seed: int) -> list[int]:
    """Return the exit codes of the comparisons that need containers; without a container engine they are skipped."""
    if not containers():
        print("no containers on this machine: skipping the comparisons with sshd and systemd")
        return [_CANNOT]
    return [sessions(_SESSIONS * rounds, seed), units(_ROUNDS * rounds, seed)]


def main() -> int:
    """Return 0 if nothing differs."""
    missing = why_not()
    if missing:
        print(f"this machine cannot create namespaces: {missing}")
        return _CANNOT
    rounds = int(os.environ.get("NETTUNE_ROUNDS") or 1)
    seed = int(os.environ.get("NETTUNE_SEED") or random.SystemRandom().randrange(10**6))
    print(f"gate: NETTUNE_SEED={seed} repeats this run", flush=True)
    codes = [
        subprocess.run([_PYTHON, _COMPARE, str(_TREES * rounds), str(seed)], check=False).returncode,
        subprocess.run([_PYTHON, _PAM, str(_CASES * rounds), str(seed)], check=False).returncode,
        *in_containers(rounds, seed),
        revert(_REVERTS * rounds, seed),
    ]
    return 1 if any(code not in (0, _CANNOT) for code in codes) else 0


if __name__ == "__main__":
    sys.exit(main())
