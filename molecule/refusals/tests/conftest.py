# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures that run the playbooks as an operator does, and check whether the hosts change."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest
from testinfra.host import Host

# Prints the state of directories; see there.
_SNAPSHOT = (Path(__file__).parents[2] / "common" / "snapshot.py").read_text()
_WRITTEN_TO = "/etc /proc/sys /var/lib/nettune"

Run = Callable[..., "tuple[int, str]"]


@pytest.fixture(scope="session")
def run() -> Run:
    """A function that runs a playbook on all hosts; returns its exit code and its output with single spaces."""

    def _run(playbook: str, **variables: Any) -> tuple[int, str]:
        extra = json.dumps({"target": "containers", **variables})
        command = ["ansible-playbook", "--inventory", os.environ["MOLECULE_INVENTORY_FILE"], "--extra-vars", extra]
        done = subprocess.run([*command, f"nettune.tcp.{playbook}"], capture_output=True, text=True, check=False)
        # Results are printed as YAML, where a quoted text has two quotes for one.
        return done.returncode, " ".join((done.stdout + done.stderr).split()).replace("''", "'")

    return _run


@pytest.fixture
def refused(hosts: list[Host], run: Run) -> Callable[..., str]:
    """A function that runs a playbook, which must fail on every host and change nothing; returns its output."""

    def _look() -> dict[tuple[str, str], Any]:
        seen = {host: json.loads(host.check_output(f"python3 -c %s look {_WRITTEN_TO}", _SNAPSHOT)) for host in hosts}
        return {(host.backend.hostname, path): entry for host, paths in seen.items() for path, entry in paths.items()}

    def _refused(playbook: str, **variables: Any) -> str:
        before = _look()
        status, output = run(playbook, **variables)
        assert status != 0, output
        for host in hosts:
            assert f"fatal: [{host.backend.hostname}]: FAILED!" in output
        after = _look()
        assert [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)] == []
        return output

    return _refused


@pytest.fixture
def everywhere(hosts: list[Host]) -> Callable[..., None]:
    """A function that runs a command on every host."""

    def _everywhere(command: str, *arguments: str) -> None:
        for host in hosts:
            host.check_output(command, *arguments)

    return _everywhere


@pytest.fixture
def reverted(run: Run) -> Iterator[None]:
    """Revert all profiles after the test."""
    yield
    status, output = run("revert")
    assert status == 0, output
