# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run tests on many versions.

    python -m tests.gate.versions targets        every module once, with each Python of managed hosts
    python -m tests.gate.versions controllers    the same with each ansible-core, on each Python of its controllers
    python -m tests.gate.versions sanity         ansible-test sanity with each ansible-core, on the newest of them

The first two run the integration target `modules` on a new local test host for each version. Further words choose
versions, such as 3.8, or 2.20-3.12. Pythons that this machine does not have are named.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from . import ran_on
from .places import CACHE, ROOT
from .pythons import find_python

# ansible-core 2.19 supports managed hosts with Python 3.8 to 3.13.
TARGETS = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
# The support matrix of ansible-core: the Pythons of its controllers.
CONTROLLERS = {
    "2.18": ("3.11", "3.12", "3.13"),
    "2.19": ("3.11", "3.12", "3.13"),
    "2.20": ("3.12", "3.13", "3.14"),
    "2.21": ("3.12", "3.13", "3.14"),
}
_RAN_ON = re.compile(
    r"ran on ansible-core (?P<core>\S+), controller Python (?P<controller>\S+), target Python (?P<target>[\d.]+)"
)
_RUN = (sys.executable, "tests/integration/run.py", "modules")
_CANNOT = 77


class Run(NamedTuple):
    """One run. name: of the versions. python: the interpreter to run it with."""

    name: str
    python: str


def _target(run: Run) -> bool:
    done = _output(_RUN, {**os.environ, "NETTUNE_PYTHON": run.python})
    return _judge("target", run, done)


def _controller(run: Run) -> bool:
    return _judge("controller", run, _with_core(run, _RUN))


def _sanity(run: Run) -> bool:
    done = _with_core(run, (sys.executable, "-m", "tests.gate.ansible_test", "sanity", "--ends"))
    print(done.stdout if done.returncode else f"{run.name}: sanity tests passed", flush=True)
    return not done.returncode


def _with_core(run: Run, command: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """Return the outcome of `command` with this ansible-core in PATH, which is installed if necessary."""
    core = run.name.partition("-")[0]
    made = _output(("tests/gate/venv.sh", "core", core, run.python), {**os.environ})
    if made.returncode:
        return made
    tools = CACHE / "cores" / f"{core}-{Path(run.python).name}" / "bin"
    return _output(command, {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"})


def _judge(kind: str, run: Run, done: subprocess.CompletedProcess[str]) -> bool:
    found = _RAN_ON.search(done.stdout)
    # The run itself says what it ran on.
    wanted = f"{run.name.rpartition('-')[2]}."
    if done.returncode or found is None or not found[kind].startswith(wanted):
        print(done.stdout, f"{run.name}: FAILED", sep="\n", flush=True)
        return False
    ran_on.note(kind, **found.groupdict())
    print(f"{run.name}: {found[0]}", flush=True)
    return True


def _output(command: tuple[str, ...], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return subprocess.run(command, env=env, cwd=ROOT, check=False, text=True, errors="replace", **streams)


# What runs, and how many at a time: runs of sanity work on the same copy.
_KINDS = {"targets": (_target, 2), "controllers": (_controller, 2), "sanity": (_sanity, 1)}


def main() -> int:
    """Return 0 if every run succeeded."""
    kind, *chosen = sys.argv[1:]
    if kind == "targets":
        pythons = {version: version for version in TARGETS}
    else:
        pythons = {f"{core}-{version}": version for core, versions in CONTROLLERS.items() for version in versions}
    wanted = {name: find_python(version) for name, version in pythons.items() if not chosen or name in chosen}
    if kind == "sanity":
        # One run for each ansible-core: the last of its Pythons that was found.
        wanted = {name: path for name, path in wanted.items() if path}
        wanted = {name: wanted[name] for name in {name.partition("-")[0]: name for name in wanted}.values()}
    runs = [Run(name, path) for name, path in wanted.items() if path]
    if not runs:
        print(f"this machine has no Python for {' '.join(wanted)}")
        return _CANNOT
    act, at_once = _KINDS[kind]
    with ThreadPoolExecutor(at_once) as pool:
        results = list(pool.map(act, runs))
    failed = [run.name for run, succeeded in zip(runs, results) if not succeeded]
    missing = [name for name, path in wanted.items() if not path]
    note = f" (no such Python on this machine: {' '.join(missing)})" if missing else ""
    what = "sanity tests passed with" if kind == "sanity" else "every module ran on"
    print(f"gate: {what} {' '.join(run.name for run in runs if run.name not in failed)}{note}")
    if failed:
        print(f"gate: failed: {' '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
