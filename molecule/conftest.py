# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of all scenarios look at: the hosts, over ssh and as root by sudo, and what was noted of them."""

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


def _noted(name: str) -> Path:
    """A file that `create` or `prepare` has left."""
    return Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"]) / name


def _hosts() -> list[str]:
    inventory = yaml.safe_load(Path(os.environ["MOLECULE_INVENTORY_FILE"]).read_text())
    return sorted(inventory["containers"]["hosts"])


def _snapshot(*arguments: str | Path, given: str = "") -> str:
    command = [sys.executable, _SNAPSHOT, *arguments]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    # Its status tells whether there are differences; what goes wrong is said on stderr.
    assert not done.stderr, done.stderr
    return done.stdout


def _reach(name: str) -> Host:
    return testinfra.get_host(f"ssh://{name}", ssh_config=str(_noted("ssh_config")), sudo=True)


@pytest.fixture(scope="session", params=_hosts())
def host(request: pytest.FixtureRequest) -> Host:
    return _reach(request.param)


@pytest.fixture(scope="session")
def hosts() -> list[Host]:
    """All of them at once."""
    return [_reach(name) for name in _hosts()]


@pytest.fixture(scope="session")
def tuned() -> dict[str, Any]:
    """What must hold on a tuned host: the scenario's vars/tuned.yml."""
    return yaml.safe_load((Path(os.environ["MOLECULE_SCENARIO_DIRECTORY"]) / "vars/tuned.yml").read_text())


@pytest.fixture
def ceiling(host: Host) -> int:
    """As far as this machine lets a container go: the hard limit that it was started with."""
    return int(host.check_output("awk '/^Max open files/ { print $5 }' /proc/1/limits"))


@pytest.fixture
def granted(tuned: dict[str, Any], ceiling: int) -> int:
    """What the profile asks for, as far as the machine grants it."""
    return min(tuned["nofile"], ceiling)


@pytest.fixture
def traffic(host: Host) -> list[dict[str, Any]]:
    """What became of the connections of each second, so far: `second`, `done` and `failed` (see common/traffic.py)."""
    return [json.loads(line) for line in host.file("/var/log/traffic.log").content_string.splitlines()]


@pytest.fixture
def before(host: Host) -> dict[str, Any]:
    """What stood under /etc and /proc/sys before the converge, by its path (see common/snapshot.py)."""
    return json.loads(_noted(f"before-{host.backend.hostname}.json").read_text())


@pytest.fixture
def host_differences(host: Host) -> list[str]:
    """What is not as it was before the converge: files under /etc, and sysctls."""
    now = host.check_output("python3 -c %s look /etc /proc/sys", _SNAPSHOT.read_text())
    return _snapshot("compare", _noted(f"before-{host.backend.hostname}.json"), "-", given=now).splitlines()


@pytest.fixture
def machine_differences() -> list[str]:
    """Which sysctls of the machine that carries the containers are not as they were before them."""
    return _snapshot("compare", _noted("machine.json"), "-", given=_snapshot("look", "/proc/sys")).splitlines()
