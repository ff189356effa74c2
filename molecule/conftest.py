# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of all scenarios: the hosts, by ssh and as root by sudo, and their recorded state."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import testinfra
import yaml
from testinfra.host import Host

_SNAPSHOT = Path(__file__).parent / "common" / "snapshot.py"


def _recorded(name: str) -> Path:
    """Return the path of a file that `create` or `prepare` wrote."""
    return Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"]) / name


def _hosts() -> list[str]:
    inventory = yaml.safe_load(Path(os.environ["MOLECULE_INVENTORY_FILE"]).read_text())
    return sorted(inventory["containers"]["hosts"])


def _snapshot(*arguments: str | Path, given: str = "") -> str:
    command = [sys.executable, _SNAPSHOT, *arguments]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    # The exit code says whether there are differences; errors are on stderr.
    assert not done.stderr, done.stderr
    return done.stdout


def _reach(name: str) -> Host:
    return testinfra.get_host(f"ssh://{name}", ssh_config=str(_recorded("ssh_config")), sudo=True)


@pytest.fixture(scope="session", params=_hosts())
def host(request: pytest.FixtureRequest) -> Host:
    """Each host in turn."""
    return _reach(request.param)


@pytest.fixture(scope="session")
def hosts() -> list[Host]:
    """All hosts."""
    return [_reach(name) for name in _hosts()]


@pytest.fixture(scope="session")
def tuned() -> dict[str, Any]:
    """The expected state of a tuned host: vars/tuned.yml of the scenario."""
    return yaml.safe_load((Path(os.environ["MOLECULE_SCENARIO_DIRECTORY"]) / "vars/tuned.yml").read_text())


@pytest.fixture
def ceiling(host: Host) -> int:
    """The hard open-file limit that the container was started with."""
    return int(host.check_output("awk '/^Max open files/ { print $5 }' /proc/1/limits"))


@pytest.fixture
def granted(tuned: dict[str, Any], ceiling: int) -> int:
    """The open-file limit of the profile, or that of this machine if it is lower."""
    return min(tuned["nofile"], ceiling)


@pytest.fixture
def traffic(host: Host) -> list[dict[str, Any]]:
    """The results of the connections of each second so far: `second`, `done`, `failed` (see common/traffic.py)."""
    return [json.loads(line) for line in host.file("/var/log/traffic.log").content_string.splitlines()]


@pytest.fixture
def before(host: Host) -> dict[str, Any]:
    """{path: state} of /etc and /proc/sys before the converge (see common/snapshot.py)."""
    return json.loads(_recorded(f"before-{host.backend.hostname}.json").read_text())


@pytest.fixture
def host_differences(host: Host) -> list[str]:
    """What differs from the state before the converge: files under /etc, and sysctls."""
    now = host.check_output("python3 -c %s look /etc /proc/sys", _SNAPSHOT.read_text())
    return _snapshot("compare", _recorded(f"before-{host.backend.hostname}.json"), "-", given=now).splitlines()


@pytest.fixture
def machine_differences() -> list[str]:
    """The sysctls of this machine that differ from their values before the containers."""
    return _snapshot("compare", _recorded("machine.json"), "-", given=_snapshot("look", "/proc/sys")).splitlines()
