# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The load of load.py, run in private hosts."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Callable, NamedTuple, TextIO

from inventory import Host
from namespaces import LabError

# In a session of its own: Ctrl-C ends the demo, and the host's end ends this.
_APART = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "start_new_session": True}
_SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "load.py")


class Load(NamedTuple):
    """How a load went, or goes: requests answered, failed ones by reason, seconds since it began."""

    answered: int
    failures: dict[str, int]
    seconds: float

    @property
    def failed(self) -> int:
        """Failed requests, whatever the reason."""
        return sum(self.failures.values())

    def __str__(self) -> str:
        reasons = f" ({', '.join(self.failures)})" if self.failures else ""
        return f"{self.answered} requests answered, {self.failed or 'none'} failed{reasons}"


def load(line: str) -> Load:
    """One line of the client's output."""
    document = json.loads(line)
    return Load(document["answered"], document["failures"], document["seconds"])


def serve(host: Host, *arguments: str, log: TextIO) -> None:
    """Start a server of load.py in `host` and wait until it listens; it ends with the host. Complaints go to `log`."""
    server = host.popen(host.python, _SCRIPT, *arguments, stderr=log, **_APART)
    assert server.stdout
    if server.stdout.readline() != "listening\n":
        raise LabError(f"{host.name}: load.py {' '.join(arguments)} did not begin to listen")


def put_load(host: Host, *arguments: str, watch: Callable[[Load], None], log: TextIO) -> Load:
    """Run load.py in `host` as `client` or `earlier`; `watch` is told how it goes, the end is returned."""
    last = None
    command = (host.python, _SCRIPT, *arguments)
    with host.popen(*command, stderr=log, **_APART) as client:
        assert client.stdout
        for line in client.stdout:
            last = load(line)
            watch(last)
    if client.returncode != 0 or last is None:
        raise LabError(f"{host.name}: load.py {' '.join(arguments)} ended with {client.returncode}")
    return last
