# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ansible-test in virtual environments, without containers and without downloading pip's installer.

    python -m tests.gate.ansible_test sanity            further words go to ansible-test
    python -m tests.gate.ansible_test units             on every Python that managed nodes may have

With --ends, the tests that depend on Python run on the oldest and the newest of them only: `import` and `compile` of
sanity, and the unit tests of module_utils and modules, without the long ones. The unit tests of the checkout are not
repeated on the Python that runs this. With --pylint-plugins, pylint reads the plugins only, because it takes as long
for the tests as for everything else; ruff has its rules for errors.

It works on a copy of the checkout, whose tests/output, with the environments of ansible-test, stays between runs. Each
command has a copy of its own, for they may run at the same time; a second run of one waits for the first.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .places import CACHE, HOME
from .pythons import find_python
from .run import copy_checkout

_COPIES = CACHE / "ansible-test"
# Managed nodes need Python 3.8. The target Pythons of each ansible-core, from its constants.py.
_OLDER = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13")
_NEWER = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
_PYTHONS = {"2.18": _OLDER, "2.19": _OLDER, "2.20": _NEWER, "2.21": _NEWER}
_ON_EACH_PYTHON = ("compile", "import")
_ENDS, _PLUGINS = "--ends", "--pylint-plugins"
# The other unit tests run in the checkout.
_ON_HOSTS = ("tests/unit/plugins/module_utils/", "tests/unit/plugins/modules/")
# ansible-test looks for the installer in its cache: ansible-core 2.18 and 2.19 under the first name, 2.20 the second.
_GET_PIP_NAMES = ("get_pip_24_2.py", "get_pip_25_2.py")
_GET_PIP = """\
import subprocess, sys
subprocess.run([sys.executable, "-m", "ensurepip"], check=True)
packages = [word for word in sys.argv[1:] if word not in ("--no-setuptools", "--no-wheel")]
subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *packages], check=True)
"""


def _renew_copy(copies: Path) -> Path:
    """Return the renewed copy of the checkout below `copies`."""
    copy = copies / "ansible_collections" / "nettune" / "tcp"
    output, kept = copy / "tests" / "output", copies / "output"
    if output.exists():
        # A run that was killed while it made the copy left both.
        shutil.rmtree(kept, ignore_errors=True)
        output.rename(kept)
    copy_checkout(copy)
    if kept.exists():
        kept.rename(output)
    return copy


def _environment(pythons: list[str]) -> dict[str, str]:
    """Return an environment with a home directory of its own and with `pythons` in PATH."""
    cache = HOME / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for name in _GET_PIP_NAMES:
        (cache / name).write_text(_GET_PIP)
    tools, *others = os.environ["PATH"].split(os.pathsep)
    path = dict.fromkeys([tools, *map(os.path.dirname, pythons), *others])
    env = {**os.environ, "HOME": str(HOME), "PATH": os.pathsep.join(path)}
    pip_settings = Path.home() / ".config" / "pip" / "pip.conf"
    if pip_settings.exists():
        env.setdefault("PIP_CONFIG_FILE", str(pip_settings))
    return env


def _at_the_ends(command: str, versions: list[str], *, pylint_plugins: bool) -> list[list[str]]:
    """Return the arguments of the runs of `ansible-test sanity` or `units` for the oldest and the newest Python."""
    ends = list(dict.fromkeys([versions[0], versions[-1]]))
    if command == "sanity":
        apart = [*_ON_EACH_PYTHON, "pylint"] if pylint_plugins else _ON_EACH_PYTHON
        rest = [word for test in apart for word in ("--skip-test", test)]
        chosen = [word for test in _ON_EACH_PYTHON for word in ("--test", test)]
        pylint = [["--test", "pylint", "plugins/"]] if pylint_plugins else []
        return [rest, *pylint, *(["--python", version, *chosen] for version in ends)]
    here = ".".join(map(str, sys.version_info[:2]))
    return [["--python", version, *_ON_HOSTS] for version in ends if version != here or len(ends) == 1]


def main() -> int:
    """Run the given command; name the Pythons used and the missing ones."""
    words = [word for word in sys.argv[1:] if word not in (_ENDS, _PLUGINS)]
    copies = _COPIES / words[0]
    copies.mkdir(parents=True, exist_ok=True)
    with (copies / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _run(words, _renew_copy(copies))


def _run(words: list[str], copy: Path) -> int:
    # "ansible-test version 2.19.14"
    core = subprocess.run(["ansible-test", "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
    pythons = _PYTHONS[core.rpartition(".")[0]]
    found = {version: path for version in pythons if (path := find_python(version))}
    missing = [version for version in pythons if version not in found]
    runs: list[list[str]] = [[]]
    if _ENDS in sys.argv:
        runs = _at_the_ends(words[0], list(found), pylint_plugins=_PLUGINS in sys.argv)
        (copy / "tests" / "unit" / "without_long").touch()
    note = f" (not on this machine: {' '.join(missing)})" if missing else ""
    print(f"gate: Python {' '.join(found)}{note}", flush=True)
    env = _environment(list(found.values()))
    command = ["ansible-test", *words, "--venv", "--color", "no"]
    return max(subprocess.run([*command, *run], cwd=copy, env=env, check=False).returncode for run in runs)


if __name__ == "__main__":
    sys.exit(main())
