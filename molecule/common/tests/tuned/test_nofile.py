# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services and users have the open-file limit of the profile, or that of this machine if it is lower."""

from __future__ import annotations

import re
from typing import Any

import pytest
from testinfra.host import Host

CAP_SYS_RESOURCE = 24


def has_sys_resource(host: Host) -> bool:
    """Return whether root may raise hard limits, and the limits of other users' processes."""
    capabilities = host.check_output("awk '/^CapEff/ { print $2 }' /proc/1/status")
    return bool(int(capabilities, 16) >> CAP_SYS_RESOURCE & 1)


@pytest.fixture
def drop_ins(services: list[str], tuned: dict[str, Any]) -> dict[str, str]:
    """The drop-in of each service."""
    return {name: f"/etc/systemd/system/{name}.d/99-zz-nettune-{tuned['profile']}.conf" for name in services}


def test_running_processes_have_the_limit(host: Host, processes: list, granted: int) -> None:
    # Without CAP_SYS_RESOURCE, processes of other users or groups keep their limit until a restart.
    reached = [process for process in processes if process.is_roots or has_sys_resource(host)]
    assert [process for process in reached if process.soft < granted] == []


def test_new_logins_have_the_limit(host: Host, tuned: dict[str, Any], granted: int) -> None:
    limits = {user: int(host.check_output("su - %s --command 'ulimit -Sn'", user)) for user in tuned["users"]}
    assert all(limit >= granted for limit in limits.values()), limits


def test_drop_ins_are_world_readable_files(host: Host, tuned: dict[str, Any], drop_ins: dict[str, str]) -> None:
    pam = [f"/etc/security/limits.d/99-zz-nettune-{tuned['profile']}.conf"] if tuned["users"] else []
    for path in [*drop_ins.values(), *pam]:
        file = host.file(path)
        seen = (file.is_file, file.is_symlink, file.user, file.group, file.mode)
        assert seen == (True, False, "root", "root", 0o644), path


def test_units_have_an_explicit_soft_and_hard_limit(
    host: Host, tuned: dict[str, Any], drop_ins: dict[str, str]
) -> None:
    # A container cannot raise fs.nr_open, and no limit is above it.
    expected = min(tuned["nofile"], int(host.check_output("cat /proc/sys/fs/nr_open")))
    for path in drop_ins.values():
        match = re.search(r"^LimitNOFILE=(\d+):(\d+)$", host.file(path).content_string, re.MULTILINE)
        assert match is not None, path
        assert int(match[1]) == expected
        assert int(match[2]) >= expected


def test_systemd_has_read_the_drop_ins(host: Host, drop_ins: dict[str, str]) -> None:
    for service, path in drop_ins.items():
        assert path in host.check_output("systemctl show %s --property=DropInPaths --value", service).split()
        assert host.check_output("systemctl show %s --property=NeedDaemonReload --value", service) == "no"
