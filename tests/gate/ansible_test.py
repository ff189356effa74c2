# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m tests.gate.ansible_test sanity`, or units: for every Python from 3.8 on that this machine has.

It works in a copy of its own, as it leaves its environments in tests/output, where they are found again by the next
run; others it keeps in the home directory, so it gets one under .cache/. It would download a script that installs pip:
it finds one there that takes the pip which comes with Python.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from .places import ANSIBLE_TEST, HOME, SOURCES
from .sources import copy

# What managed nodes may have (3.8 on), and what ansible-core 2.19 knows of.
_PYTHONS = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13")
# The name under which ansible-core 2.18 and 2.19, and 2.20 and 2.21, look for the script.
_GET_PIP_NAMES = ("get_pip_24_2.py", "get_pip_25_2.py")
_GET_PIP = """\
import subprocess, sys
subprocess.run([sys.executable, "-m", "ensurepip"], check=True)
asked = [word for word in sys.argv[1:] if word not in ("--no-setuptools", "--no-wheel")]
subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *asked], check=True)
"""


def _answers(path: str, version: str) -> bool:
    """Whether `path` is that Python: a pyenv shim may stand for one that is not chosen."""
    code = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([path, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip() == version


def find_python(version: str) -> str | None:
    """The path of an interpreter of that version that can make virtual environments."""
    path = shutil.which(f"python{version}")
    if path and _answers(path, version):
        return path
    if shutil.which("pyenv"):
        done = subprocess.run(
            ["pyenv", "whence", "--path", f"python{version}"], capture_output=True, text=True, check=False
        )
        return next((path for path in done.stdout.split() if _answers(path, version)), None)
    return None


def _renew_copy() -> None:
    output, aside = ANSIBLE_TEST / "tests" / "output", ANSIBLE_TEST.with_name("output")
    if output.exists():
        output.rename(aside)
    copy(SOURCES, ANSIBLE_TEST)
    if aside.exists():
        aside.rename(output)


def main() -> int:
    """Run the command that is named on the command line, and say which Pythons were not there."""
    _renew_copy()
    found = {version: find_python(version) for version in _PYTHONS}
    directories = [os.path.dirname(path) for path in found.values() if path]
    own, *others = os.environ["PATH"].split(os.pathsep)
    cache = HOME / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for name in _GET_PIP_NAMES:
        (cache / name).write_text(_GET_PIP)
    env = {**os.environ, "HOME": str(HOME), "PATH": os.pathsep.join(dict.fromkeys([own, *directories, *others]))}
    # The user's own pip settings stay in force though the home is another.
    settings = Path.home() / ".config" / "pip" / "pip.conf"
    if settings.exists():
        env.setdefault("PIP_CONFIG_FILE", str(settings))
    print(f"gate: Python {' '.join(version for version in _PYTHONS if found[version])}", end="")
    absent = " ".join(version for version in _PYTHONS if not found[version])
    print(f" (not on this machine: {absent})" if absent else "", flush=True)
    command = ["ansible-test", sys.argv[1], "--venv", "--color", "no"]
    return subprocess.run(command, cwd=ANSIBLE_TEST, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
