# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The limits of open files that nginx has, and those it could have here."""

from __future__ import annotations

import pytest
from testinfra.host import Host


def _limits(host: Host, pid: int | str) -> tuple[int, int]:
    """The soft and hard limit of open files of a process."""
    soft, hard = host.check_output("awk '/^Max open files/ { print $4, $5 }' /proc/%s/limits", str(pid)).split()
    return int(soft), int(hard)


@pytest.fixture
def granted(host: Host) -> int:
    """What the web profile asks for, as far as this machine lets a container go: to what it was started with."""
    return min(65536, _limits(host, 1)[1])


@pytest.fixture
def nginx_limits(host: Host) -> dict[str, list[int]]:
    """The soft limits of nginx's processes by their user: the master's and the workers'."""
    soft: dict[str, list[int]] = {}
    for process in host.process.filter(comm="nginx"):
        soft.setdefault(process.user, []).append(_limits(host, process.pid)[0])
    return soft
