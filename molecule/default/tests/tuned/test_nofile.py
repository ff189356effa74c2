# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""nginx may hold as many descriptors as the profile asks for, or as many as the machine grants."""

from __future__ import annotations

import re

import pytest
from testinfra.host import Host

FLOOR = 65536
DROP_IN = "/etc/systemd/system/nginx.service.d/99-zz-nettune-web.conf"
PAM_FILE = "/etc/security/limits.d/99-zz-nettune-web.conf"


def limits(host: Host, pid: int | str) -> tuple[int, int]:
    """The soft and hard limit of open files of a process."""
    match = re.search(r"^Max open files +(\d+) +(\d+)", host.file(f"/proc/{pid}/limits").content_string, re.MULTILINE)
    assert match is not None
    return int(match[1]), int(match[2])


@pytest.fixture
def granted(host: Host) -> int:
    """A container cannot go above the hard limit that it was started with."""
    return min(FLOOR, limits(host, 1)[1])


def test_every_running_nginx_has_the_limit(host: Host, granted: int) -> None:
    processes = host.process.filter(comm="nginx")
    assert len(processes) > 1
    for process in processes:
        soft, hard = limits(host, process.pid)
        assert soft >= granted, f"{process.args}: soft {soft}, hard {hard}"
        assert hard >= granted, f"{process.args}: soft {soft}, hard {hard}"


@pytest.mark.parametrize("path", [DROP_IN, PAM_FILE])
def test_drop_in_is_a_plain_file_that_all_may_read(host: Host, path: str) -> None:
    file = host.file(path)
    assert (file.is_file, file.is_symlink, file.user, file.group, file.mode) == (True, False, "root", "root", 0o644)


def test_unit_has_an_explicit_soft_and_hard_limit(host: Host) -> None:
    match = re.search(r"^LimitNOFILE=(\d+):(\d+)$", host.file(DROP_IN).content_string, re.MULTILINE)
    assert match is not None
    assert int(match[1]) == FLOOR
    assert int(match[2]) >= FLOOR


def test_systemd_has_read_the_drop_in(host: Host) -> None:
    assert DROP_IN in host.check_output("systemctl show nginx --property=DropInPaths --value").split()
    assert host.check_output("systemctl show nginx --property=NeedDaemonReload --value") == "no"
