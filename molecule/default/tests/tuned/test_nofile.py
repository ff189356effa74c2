# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""nginx and operators may hold as many descriptors as the profile asks for, or as many as the machine grants."""

from __future__ import annotations

import re

import pytest
from testinfra.host import Host

FLOOR = 65536
DROP_IN = "/etc/systemd/system/nginx.service.d/99-zz-nettune-web.conf"
PAM_FILE = "/etc/security/limits.d/99-zz-nettune-web.conf"
CAP_SYS_RESOURCE = 24


def has_sys_resource(host: Host) -> bool:
    """Whether root may raise hard limits, and the limits of other users' processes."""
    capabilities = host.check_output("awk '/^CapEff/ { print $2 }' /proc/1/status")
    return bool(int(capabilities, 16) >> CAP_SYS_RESOURCE & 1)


def test_running_nginx_has_the_limit(host: Host, nginx_limits: dict[str, list[int]], granted: int) -> None:
    assert min(nginx_limits["root"]) >= granted
    # Where root may not, workers that ran before keep theirs until nginx is restarted.
    if has_sys_resource(host):
        assert min(nginx_limits["www-data"]) >= granted


def test_new_logins_have_the_limit(host: Host, granted: int) -> None:
    assert int(host.check_output("su - ops --command 'ulimit -Sn'")) >= granted


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
