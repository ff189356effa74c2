# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run integration targets, each on its own local test hosts, with the collection of ANSIBLE_COLLECTIONS_PATH.

    python tests/integration/run.py                   all targets but those of LONG
    python tests/integration/run.py sysctl_profile    these

A target is a role under tests/integration/targets. Its hosts are web1, web2 and client, or those in its file `hosts`.
Two targets run at the same time, since each waits now and then; the output of each is printed when it ends.
NETTUNE_PYTHON is the interpreter of modules in the hosts.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent
_TARGETS = _HERE / "targets"
_LAB = _HERE.parent / "lab" / "hosts.py"
_HOSTS = "web1 web2 client"
# `make test-deep` runs these by name; the other targets and unit tests cover the same for the gate.
LONG = ("modules", "pairs")
# They start first, so that none of them runs alone at the end.
_LONGEST = ("examples", "tune_web", "confirm", "sysctl_profile", "fleet", "trial")
_AT_ONCE = 2
_PYTHON = ["--python", os.environ["NETTUNE_PYTHON"]] if "NETTUNE_PYTHON" in os.environ else []
_CANNOT = 77
_END = 25


def _all() -> list[str]:
    """Return the names of all targets but those of LONG, the longest first."""
    names = sorted({path.parent.parent.name for path in _TARGETS.glob("*/tasks/main.yml")} - {*LONG})
    return [*_LONGEST, *(name for name in names if name not in _LONGEST)]


def _why_not() -> str:
    """Return why this machine cannot make local test hosts, "" if it can."""
    command = ["unshare", "--net", "--mount", "--uts", "--ipc", "--pid", "--fork", "true"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stderr.strip()


def _run(target: str) -> tuple[bool, str]:
    """Run a target, and return whether it succeeded, and its output."""
    own = _TARGETS / target / "hosts"
    names = own.read_text().split() if own.exists() else _HOSTS.split()
    env = {**os.environ, "ANSIBLE_ROLES_PATH": str(_TARGETS), "ANSIBLE_RETRY_FILES_ENABLED": "0"}
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="nettune-hosts-") as state:
        play = [
            "ansible-playbook",
            "-i",
            f"{state}/inventory.yml",
            "-e",
            f"integration_target={target}",
            _HERE / "run.yml",
        ]
        try:
            done = _output([sys.executable, _LAB, "up", "--state", state, *_PYTHON, *names])
            done = done if done.returncode else _output(play, env)
        finally:
            _output([sys.executable, _LAB, "down", "--state", state])
    result = "FAILED" if done.returncode else "ok"
    return not done.returncode, f"{done.stdout}=== {target}: {result}, {time.monotonic() - began:.1f} s"


def _output(command: list[Any], env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return subprocess.run(command, env=env, check=False, text=True, errors="replace", **options)


def main() -> int:
    """Return 0 if every target succeeded."""
    targets = sys.argv[1:] or _all()
    unknown = [target for target in targets if not (_TARGETS / target / "tasks" / "main.yml").exists()]
    if unknown or not targets:
        print(f"unknown target: {' '.join(unknown)}" if unknown else f"no targets in {_TARGETS}")
        return 2
    why_not = _why_not()
    if why_not:
        print(f"this machine cannot make local test hosts, which needs root and namespaces: {why_not}")
        return _CANNOT
    failed: dict[str, str] = {}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        running = {pool.submit(_run, target): target for target in targets}
        for done in as_completed(running):
            succeeded, output = done.result()
            print(f"=== {running[done]}", output, sep="\n", flush=True)
            if not succeeded:
                failed[running[done]] = "\n".join(output.splitlines()[-_END:])
    # Repeat the failures at the end of the output.
    for target, end in failed.items():
        print(f"=== {target} FAILED:", *end.splitlines(), sep="\n    ")
    print(f"gate: {len(targets)} targets" + (f", failed: {' '.join(failed)}" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
