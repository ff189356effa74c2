# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run integration targets, each on its own local test hosts, with the collection of ANSIBLE_COLLECTIONS_PATH.

    python tests/integration/run.py                   all targets but those of LONG
    python tests/integration/run.py sysctl_profile    these

A target is a role under tests/integration/targets. Its hosts are web1, web2 and client, or those in its file `hosts`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import deque
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_TARGETS = _HERE / "targets"
_LAB = _HERE.parent / "lab" / "hosts.py"
_HOSTS = "web1 web2 client"
# `make test-deep` runs these by name; unit tests cover the same for the gate.
LONG = ("pairs",)
_CANNOT = 77
_END = 25


def _why_not() -> str:
    """Return why this machine cannot make local test hosts, "" if it can."""
    command = ["unshare", "--net", "--mount", "--uts", "--ipc", "--pid", "--fork", "true"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stderr.strip()


def _run(target: str) -> list[str]:
    """Run a target, and return the end of its output if it failed."""
    own = _TARGETS / target / "hosts"
    names = own.read_text().split() if own.exists() else _HOSTS.split()
    env = {**os.environ, "ANSIBLE_ROLES_PATH": str(_TARGETS), "ANSIBLE_RETRY_FILES_ENABLED": "0"}
    with tempfile.TemporaryDirectory(prefix="nettune-hosts-") as state:
        try:
            subprocess.run([sys.executable, _LAB, "up", "--state", state, *names], check=True)
            play = ["ansible-playbook", "-i", f"{state}/inventory.yml", "-e", f"integration_target={target}"]
            return _end_if_failed([*play, str(_HERE / "run.yml")], env)
        finally:
            subprocess.run([sys.executable, _LAB, "down", "--state", state], check=False)


def _end_if_failed(command: list[str], env: dict[str, str]) -> list[str]:
    end: deque[str] = deque(maxlen=_END)
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "errors": "replace"}
    with subprocess.Popen(command, env=env, **options) as process:
        for line in process.stdout or []:
            print(line, end="", flush=True)
            end.append(line.rstrip())
    return list(end) if process.returncode else []


def main() -> int:
    """Return 0 if every target succeeded."""
    targets = sys.argv[1:] or sorted({path.parent.parent.name for path in _TARGETS.glob("*/tasks/main.yml")} - {*LONG})
    unknown = [target for target in targets if not (_TARGETS / target / "tasks" / "main.yml").exists()]
    if unknown or not targets:
        print(f"unknown target: {' '.join(unknown)}" if unknown else f"no targets in {_TARGETS}")
        return 2
    why_not = _why_not()
    if why_not:
        print(f"this machine cannot make local test hosts, which needs root and namespaces: {why_not}")
        return _CANNOT
    failed: dict[str, list[str]] = {}
    for target in targets:
        began = time.monotonic()
        print(f"=== {target}", flush=True)
        end = _run(target)
        print(f"=== {target}: {'FAILED' if end else 'ok'}, {time.monotonic() - began:.1f} s", flush=True)
        failed.update({target: end} if end else {})
    # Repeat the failures at the end of the output.
    for target, end in failed.items():
        print(f"=== {target} FAILED:", *end, sep="\n    ")
    print(f"gate: {len(targets)} targets" + (f", failed: {' '.join(failed)}" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
