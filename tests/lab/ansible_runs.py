# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible as the demo runs it: the one beside this Python, this checkout's collection, none of the user's settings."""

from __future__ import annotations

import os
import select
import shlex
import subprocess
import sys
import time
from typing import Iterator, Sequence, TextIO

from ansible_output import AnsibleFailed

_SECONDS_BETWEEN_BEATS = 0.5
_LINES_OF_A_FAILURE = 25
_SETTINGS = {
    "ANSIBLE_STDOUT_CALLBACK": "default",
    "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
    "ANSIBLE_DEPRECATION_WARNINGS": "false",
    "ANSIBLE_NOCOLOR": "true",
}


def environment(state: str) -> dict[str, str]:
    """What Ansible is run with: no ANSIBLE_* variable and no ansible.cfg of the user's, its own files under `state`."""
    config = os.path.join(state, "ansible.cfg")
    with open(config, "w", encoding="utf-8") as stream:
        stream.write("[defaults]\n")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    return {**kept, **_SETTINGS, "ANSIBLE_CONFIG": config, "ANSIBLE_HOME": os.path.join(state, "ansible")}


def program(name: str) -> str:
    """`name` beside the Python that runs this, as in a virtual environment; else the one on the PATH."""
    beside = os.path.join(os.path.dirname(sys.executable), name)
    return beside if os.path.exists(beside) else name


def run(command: Sequence[str], *, env: dict[str, str], log: TextIO) -> Iterator[str | None]:
    """Lines of the command's output as they come, and None twice a second while there is none.

    All of it goes to `log` too. Raises AnsibleFailed with the last lines where the command fails.
    """
    # What an ad-hoc command says is read by a program, what a playbook says by people.
    env = {**env, "ANSIBLE_CALLBACK_RESULT_FORMAT": "json" if command[0] == "ansible" else "yaml"}
    log.write(f"\n$ {shlex.join(command)}\n")
    last: list[str] = []
    with subprocess.Popen(
        [program(command[0]), *command[1:]],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as child:
        for line in _lines(child):
            if line is not None:
                log.write(line + "\n")
                last = [*last, line][-_LINES_OF_A_FAILURE:]
            yield line
    log.flush()
    if child.returncode != 0:
        said = "\n".join(last)
        raise AnsibleFailed(f"`{shlex.join(command)}` ended with {child.returncode} (all of it: {log.name}):\n{said}")


def _lines(child: subprocess.Popen[bytes]) -> Iterator[str | None]:
    assert child.stdout
    pending = b""
    beat = time.monotonic() + _SECONDS_BETWEEN_BEATS
    while True:
        if not select.select([child.stdout], [], [], max(0.0, beat - time.monotonic()))[0]:
            beat = time.monotonic() + _SECONDS_BETWEEN_BEATS
            yield None
            continue
        part = os.read(child.stdout.fileno(), 65536)
        *whole, pending = (pending + part).split(b"\n")
        yield from (line.decode("utf-8", "replace") for line in whole)
        if not part:
            break
    if pending:
        yield pending.decode("utf-8", "replace")
