# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Record what each playbook prints into docs/screens, so that a changed screen is a difference in review.

    python -m tests.screens                 all screens
    python -m tests.screens facts tune-web  those whose names begin so
    python -m tests.screens --check         write nothing; print how the screens differ from those in docs/screens

The hosts are local test hosts; this machine is not changed. Times and numbers that differ from run to run are replaced
by constant ones. Ends with 1 if a playbook has ended with another exit code than expected, or a screen differs.
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from types import MappingProxyType
from typing import Mapping

_ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(_ROOT / "tests" / "lab"))

from ansible_run import collections_path  # noqa: E402  # the lab's files import each other without a package
from hosts import Lab  # noqa: E402  # as above

from tests.screens.scenarios import LINTED, Screen, screens  # noqa: E402  # as above
from tests.screens.stable import stable  # noqa: E402  # as above

_SCREENS = _ROOT / "docs" / "screens"
_HOSTS = [f"web{number}" for number in range(1, 21)]
_WIDTH = "80"
_SETTINGS = {
    "ANSIBLE_NOCOLOR": "true",
    "ANSIBLE_FORKS": "20",
    "ANSIBLE_DEPRECATION_WARNINGS": "true",
    "ANSIBLE_HOST_KEY_CHECKING": "false",
    "COLUMNS": _WIDTH,
}
_DEAD = "\ndead:\n  hosts:\n    dead1:\n      ansible_host: 127.0.0.1\n      ansible_port: 1\n"


def record(screen: Screen, lab: Lab, directory: str, settings: Mapping[str, str] = MappingProxyType({})) -> str:
    """Run the playbook and return what it printed, with the command in front and the exit code at the end.

    settings: environment variables of Ansible instead of the usual ones.
    """
    if screen.before:
        screen.before(lab)
    command = ["ansible-playbook", f"nettune.tcp.{screen.playbook}", "-i", lab.inventory, *screen.options]
    env = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    env.update(_SETTINGS, ANSIBLE_HOME=f"{lab.state}/ansible", ANSIBLE_COLLECTIONS_PATH=collections_path(lab.state))
    env["ANSIBLE_STDOUT_CALLBACK"] = screen.callback
    env.update(settings)
    with screen.faults(lab) if screen.faults else contextlib.nullcontext():
        done = subprocess.run(
            [str(Path(sys.executable).with_name(command[0])), *command[1:]],
            cwd=directory,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    shown = shlex.join(["hosts.yml" if word == lab.inventory else word for word in command])
    if screen.callback != "default":
        shown = f"ANSIBLE_STDOUT_CALLBACK={screen.callback} {shown}"
    places = {
        directory: "/home/admin",
        lab.inventory: "hosts.yml",
        lab.state: "/run/lab",
        str(_ROOT): "/usr/share/ansible/collections/ansible_collections/nettune/tcp",
    }
    return stable(f"$ {shown}\n{done.stdout}\nexit code: {done.returncode}", places)


def _difference(name: str, text: str) -> str:
    """Return how the text differs from the file of docs/screens, as a unified diff."""
    path = _SCREENS / f"{name}.txt"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = difflib.unified_diff(
        before.splitlines(), text.splitlines(), str(path.relative_to(_ROOT)), "this run", lineterm=""
    )
    return "".join(f"{line}\n" for line in lines)


def _record_all(chosen: list[str], *, check: bool) -> int:
    """Record the screens; return how many have another exit code than expected or, with check, another text."""
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="nettune-screens-") as state:
        directory = os.path.join(state, "work")
        os.mkdir(directory)
        # Instead of the user's own configuration.
        Path(directory, "ansible.cfg").touch()
        Path(directory, "99-tuning.conf").write_text(LINTED, encoding="utf-8")
        with Lab(_HOSTS, state=os.path.join(state, "lab")) as lab:
            with open(lab.inventory, "a", encoding="utf-8") as inventory:
                inventory.write(_DEAD)
            for screen in screens(directory):
                shown = not chosen or screen.name.startswith(tuple(chosen))
                if not shown and not screen.changes_hosts:
                    continue
                text = record(screen, lab, directory)
                if not shown:
                    continue
                ok = text.endswith(f"exit code: {screen.code}\n")
                print(f"{screen.name}: {text.splitlines()[-1]}{'' if ok else f', expected {screen.code}'}", flush=True)
                difference = _difference(screen.name, text) if check else ""
                print(difference, end="", flush=True)
                wrong += bool(difference) or not ok
                if not check:
                    (_SCREENS / f"{screen.name}.txt").write_text(text, encoding="utf-8")
    return wrong


def main(arguments: list[str]) -> int:
    """Record or check the screens; return 1 if one is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.screens", description="Record what each playbook prints.")
    parser.add_argument("--check", action="store_true", help="write nothing; print how the screens differ")
    parser.add_argument("chosen", nargs="*", metavar="NAME", help="beginning of the names of screens")
    options = parser.parse_args(arguments)
    os.chdir(_ROOT)
    _SCREENS.mkdir(exist_ok=True)
    wrong = _record_all(options.chosen, check=options.check)
    if options.check and not options.chosen:
        known = {screen.name for screen in screens("")}
        unknown = sorted(path.name for path in _SCREENS.glob("*.txt") if path.stem not in known)
        print(*(f"docs/screens/{name}: there is no such screen; delete the file" for name in unknown), sep="\n")
        wrong += len(unknown)
    if wrong:
        print(f"{wrong} screens are wrong." + (" To accept the new ones: make screens" if options.check else ""))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
