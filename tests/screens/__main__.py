# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Record what each playbook prints into docs/screens, so that a changed screen is a difference in review.

    python -m tests.screens                 all screens
    python -m tests.screens facts tune-web  those whose names begin so

The hosts are local test hosts; this machine is not changed. Times, addresses and numbers that differ from run to run
are replaced by constant ones. Ends with 1 if a playbook has ended with another exit code than expected.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(_ROOT / "tests" / "lab"))

from ansible_run import collections_path  # noqa: E402  # the lab's files import each other without a package
from hosts import Lab  # noqa: E402  # as above

from tests.screens.scenarios import LINTED, Screen, screens  # noqa: E402  # as above

_SCREENS = _ROOT / "docs" / "screens"
_HOSTS = [f"web{number}" for number in range(1, 21)]
_WIDTH = "80"
_SETTINGS = {
    "ANSIBLE_STDOUT_CALLBACK": "default",
    "ANSIBLE_NOCOLOR": "true",
    "ANSIBLE_FORKS": "20",
    "ANSIBLE_DEPRECATION_WARNINGS": "true",
    "ANSIBLE_HOST_KEY_CHECKING": "false",
    "COLUMNS": _WIDTH,
}
_DEAD = "\ndead:\n  hosts:\n    dead1:\n      ansible_host: 127.0.0.1\n      ansible_port: 1\n"
_STATUS = re.compile(r"^(?:ok|changed|skipping|included): \[([\w-]+)\]$")
_REPLACED = [
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "2026-01-31T12:00:00Z"),
    (re.compile(r"\d{8}T\d{6}"), "20260131T120000"),
    (re.compile(r"\bpid \d+"), "pid 4711"),
]


def record(screen: Screen, lab: Lab, directory: str) -> str:
    """Run the playbook and return what it printed, with the command in front and the exit code at the end."""
    if screen.before:
        screen.before(lab)
    command = ["ansible-playbook", f"nettune.tcp.{screen.playbook}", "-i", lab.inventory, *screen.options]
    env = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    env.update(_SETTINGS, ANSIBLE_HOME=f"{lab.state}/ansible", ANSIBLE_COLLECTIONS_PATH=collections_path(lab.state))
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
    places = {directory: "/home/admin", lab.inventory: "hosts.yml", lab.state: "/run/lab"}
    return _stable(f"$ {shown}\n{done.stdout}\nexit code: {done.returncode}", places)


def _stable(text: str, places: dict[str, str]) -> str:
    """Return the text without what differs from run to run; the hosts of a task are in natural order."""
    for place, name in {**places, str(_ROOT): "/usr/share/ansible/collections/ansible_collections/nettune/tcp"}.items():
        text = text.replace(place, name)
    for pattern, constant in _REPLACED:
        text = pattern.sub(constant, text)
    lines: list[str] = []
    hosts: list[str] = []
    for line in [*text.splitlines(), ""]:
        if _STATUS.match(line):
            hosts.append(line)
            continue
        lines += sorted(hosts, key=lambda found: [int(part) for part in re.findall(r"\d+", found)])
        hosts = []
        lines.append(line.rstrip())
    return "\n".join(lines).rstrip() + "\n"


def main(chosen: list[str]) -> int:
    """Record the screens; return 1 if one has another exit code than expected."""
    os.chdir(_ROOT)
    _SCREENS.mkdir(exist_ok=True)
    wrong = []
    with tempfile.TemporaryDirectory(prefix="nettune-screens-") as state:
        directory = os.path.join(state, "work")
        os.mkdir(directory)
        Path(directory, "99-tuning.conf").write_text(LINTED, encoding="utf-8")
        with Lab(_HOSTS, state=os.path.join(state, "lab")) as lab:
            with open(lab.inventory, "a", encoding="utf-8") as inventory:
                inventory.write(_DEAD)
            for screen in screens(directory):
                if chosen and not screen.name.startswith(tuple(chosen)):
                    continue
                text = record(screen, lab, directory)
                (_SCREENS / f"{screen.name}.txt").write_text(text, encoding="utf-8")
                ok = text.endswith(f"exit code: {screen.code}\n")
                wrong += [] if ok else [screen.name]
                print(f"{screen.name}: {text.splitlines()[-1]}{'' if ok else f', expected {screen.code}'}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
