# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats import proc_cgroup


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
def test_service_of_a_process(text, expected):
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
def test_root_of_the_systemd_tree(first, expected):
    assert proc_cgroup.unit_root(first) == expected


def test_service_in_a_container():
    assert proc_cgroup.service("0::/docker/1/system.slice/a.service\n", root="/docker/1") == "a.service"
    assert proc_cgroup.service("0::/docker/12/system.slice/a.service\n", root="/docker/1") is None


CONTAINER_ID = "0123456789ab" + 52 * "c"


@pytest.mark.parametrize(
    ("text", "root", "expected"),
    [
        (f"0::/system.slice/docker-{CONTAINER_ID}.scope\n", "", "0123456789ab"),
        (f"0::/docker/{CONTAINER_ID}\n", "", "0123456789ab"),
        (f"0::/machine.slice/libpod-{CONTAINER_ID}.scope/container\n", "", "0123456789ab"),
        (f"0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-{CONTAINER_ID}.scope\n", "", "0123456789ab"),
        (f"1:name=systemd:/kubepods/besteffort/pod1/{CONTAINER_ID}\n", "", "0123456789ab"),
        ("0::/lxc.payload.web/system.slice/nginx.service\n", "", "web"),
        ("0::/machine.slice/machine-web.scope\n", "", "web"),
        (f"0::/docker/{CONTAINER_ID}/system.slice/nginx.service\n", f"/docker/{CONTAINER_ID}", None),
        ("0::/system.slice/nginx.service\n", "", None),
        ("0::/user.slice/user-0.slice/session-1.scope\n", "", None),
        (f"0::/x-{CONTAINER_ID[:40]}.scope\n", "", None),
        ("0::/\n", "", None),
        ("", "", None),
    ],
)
def test_containers(text, root, expected):
    assert proc_cgroup.container(text, root=root) == expected


@pytest.mark.parametrize("end", ["\x0b", "\x0c", "\r", "\x1c", "\x1e", "\x85", "\u2028"])
def test_user_cannot_pass_off_a_process_as_that_of_a_service(end: str) -> None:
    """Any user can name a cgroup like that, below those that are theirs."""
    path = f"/user.slice/user-1000.slice/user@1000.service/a{end}0::/system.slice/nginx.service"
    assert proc_cgroup.service(f"0::{path}\n") == "user@1000.service"
