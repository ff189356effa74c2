# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for the open-file limits of the tuned services."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from testinfra.host import Host

# Prints a line for each process of a service: name, user and group ids, soft limit; less if it has just ended.
_PROCESSES = """
for cgroup in $(grep --files-with-matches --no-messages '/%s$' /proc/[0-9]*/cgroup); do
    cd "${cgroup%%/*}" || continue
    echo $(cat comm; awk '/^[UG]id:/ { print $2, $3, $4 }' status; awk '/^Max open files/ { print $4 }' limits)
done 2>/dev/null
"""


class Process(NamedTuple):
    """A process of a tuned service; `is_roots`: whether its user and group are root; `soft`: its open-file limit."""

    name: str
    is_roots: bool
    soft: int


@pytest.fixture
def services(host: Host, tuned: dict[str, Any]) -> list[str]:
    """The tuned services of this host; a name may differ between suites."""
    suite = host.backend.hostname
    return [service if isinstance(service, str) else service[suite] for service in tuned["services"]]


@pytest.fixture
def processes(host: Host, services: list[str]) -> list[Process]:
    """The running processes of these services."""
    lines = [line.split() for name in services for line in host.run(_PROCESSES % name).stdout.splitlines()]
    found = [Process(name, {*ids} == {"0"}, int(soft)) for name, *ids, soft in lines if len(ids) == 6]
    assert found, f"no process of {services} is running"
    return found
