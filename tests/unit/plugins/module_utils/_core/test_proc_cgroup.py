# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._core import proc_cgroup


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0::/system.slice/nginx.service\n", "nginx.service"),
        ("0::/system.slice/nginx.service/worker\n", "nginx.service"),
        ("0::/system.slice/system-php.slice/php@www.service\n", "php@www.service"),
        ("0::/nginx.service\n", "nginx.service"),
        ("0::/system.slice/_cpu.service\n", "cpu.service"),
        ("0::/user.slice/user-0.slice/user@0.service/app.slice/x.service\n", "user@0.service"),
        ("2:cpu,cpuacct:/\n1:name=systemd:/system.slice/nginx.service\n0::/\n", "nginx.service"),
        ("12:memory:/system.slice/no.service\n1:name=systemd:/system.slice/yes.service\n", "yes.service"),
        ("0::/user.slice/user-0.slice/session-1.scope\n", None),
        ("0::/machine.slice/libpod-1.scope/system.slice/nginx.service\n", None),
        ("0::/docker/1/system.slice/nginx.service\n", None),
        ("0::/init.scope\n", None),
        ("0::/\n", None),
        ("", None),
        ("nonsense\n", None),
    ],
)
def test_the_service_of_a_process(text, expected):
    assert proc_cgroup.service(text) == expected


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("0::/init.scope\n", ""),
        ("0::/docker/1/init.scope\n", "/docker/1"),
        ("1:name=systemd:/docker/1\n0::/\n", "/docker/1"),
        ("0::/\n", ""),
        ("", ""),
    ],
)
def test_where_systemds_tree_begins(first, expected):
    assert proc_cgroup.unit_root(first) == expected


def test_below_a_containers_own_place():
    assert proc_cgroup.service("0::/docker/1/system.slice/a.service\n", root="/docker/1") == "a.service"
    assert proc_cgroup.service("0::/docker/12/system.slice/a.service\n", root="/docker/1") is None
