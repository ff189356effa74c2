# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the programs run: the hosts of a lab, a directory for files, and an environment without the user's settings."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from ansible_run import collections_path
from hosts import Lab

_BIN = Path(sys.executable).parent


class Wrong(Exception):
    """A program did something else than a user expects; the text says what."""


class Done(NamedTuple):
    """The end of a program: exit code and output."""

    code: int
    text: str


class Place(NamedTuple):
    """lab: its hosts are web1 and web2. directory: an empty one. env: the environment of programs."""

    lab: Lab
    directory: Path
    env: dict[str, str]

    def write(self, name: str, content: Any) -> Path:
        """Write text, or anything else as JSON, to a file of the directory."""
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    def program(self, name: str) -> str:
        """Return the path of a program."""
        return shutil.which(name, path=self.env["PATH"]) or name

    def run(self, *command: str | Path, env: dict[str, str] | None = None, code: int = 0) -> Done:
        """Run a program of this environment; raise Wrong unless it ends with `code`."""
        done = subprocess.run(
            [self.program(str(command[0])), *map(str, command[1:])],
            cwd=self.directory,
            env={**self.env, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode != code:
            raise Wrong(f"{' '.join(map(str, command))}: ended with {done.returncode}, not {code}:\n{done.stdout}")
        return Done(done.returncode, done.stdout)


def place(lab: Lab, directory: Path) -> Place:
    """Return the place for a lab. Ansible finds this checkout's collection and keeps its own files in the lab."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "RUNNER_"))}
    (directory / "ansible.cfg").touch()
    return Place(
        lab,
        directory,
        {
            **env,
            "ANSIBLE_HOME": os.path.join(lab.state, "ansible"),
            "ANSIBLE_COLLECTIONS_PATH": collections_path(lab.state),
            "ANSIBLE_CONFIG": str(directory / "ansible.cfg"),
            "ANSIBLE_NOCOLOR": "1",
            "COLUMNS": "100",
            # A session of the gate may choose other programs by PATH.
            "PATH": os.pathsep.join([env.get("PATH", os.defpath), str(_BIN)]),
        },
    )


def expect(text: str, *parts: str) -> None:
    """Raise Wrong unless each of `parts` is in the text, and nothing in it looks like an error of ours."""
    missing = [part for part in parts if part not in text]
    bad = [word for word in ("Traceback (most recent call last)", "[DEPRECATION WARNING]") if word in text]
    if missing or bad:
        raise Wrong(f"not in the output: {missing}; unexpected there: {bad}\n{text}")
