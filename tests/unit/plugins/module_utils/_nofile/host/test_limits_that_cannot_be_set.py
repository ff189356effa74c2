# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits that setrlimit(2) refuses: those above fs.nr_open, and those above the hard limit without CAP_SYS_RESOURCE."""

from __future__ import annotations

import re

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import Limit
from ansible_collections.nettune.tcp.tests.unit.support.nofile_host import (
    ALL_CAPABILITIES,
    INITIAL_PID,
    LIMITS,
    NGINX,
    NO_SYS_RESOURCE,
    FakeHost,
    apply,
    request,
    revert,
)

MANY = Limit(2000000, 2000000)
DEBIAN = "Package: libpam-modules\nStatus: install ok installed\nVersion: 1.5.2-6\n"
DEBIAN_11 = DEBIAN.replace("1.5.2-6", "1.4.0-9+deb11u1")
OTHERS = "/etc/security/limits.d/50-app.conf"


def container(root, capabilities=ALL_CAPABILITIES, pid="pid:[1]"):
    """Return a host whose PID 1 and sshd have a hard limit of 20000."""
    host = FakeHost(root, capabilities=capabilities)
    host.namespace(pid)
    host.process(1, "systemd", parent=0, limit=Limit(1024, 20000), cgroup="/init.scope")
    host.process(50, "sshd", unit="ssh.service", limit=Limit(1024, 20000))
    host.unit("nginx.service")
    host.process(812, "nginx", unit="nginx.service")
    return host


@pytest.mark.parametrize("pid", ["pid:[1]", INITIAL_PID])
@pytest.mark.parametrize("capabilities", [ALL_CAPABILITIES, NO_SYS_RESOURCE])
@pytest.mark.parametrize("unit", ["", "LimitNOFILE=3000000", "LimitNOFILE=infinity", "LimitNOFILE=1024:5000000"])
@pytest.mark.parametrize("lines", ["", "root - nofile unlimited", "root soft nofile 3000000", "* hard nofile 4000000"])
def test_no_file_has_a_limit_above_nr_open(tmp_path, pid, capabilities, unit, lines):
    host = container(tmp_path, capabilities, pid)
    host.unit("nginx.service", f"{unit}\n")
    host.write(OTHERS, f"{lines}\n")
    before = host.tree()
    result = apply(host, request(MANY))
    ours = [line for path in (NGINX, LIMITS) for line in (host.text(path) or "").splitlines() if line[:1] != "#"]
    numbers = [int(number) for line in ours for number in re.findall(r"[0-9]+", line)]
    nr_open = int(host.text("/proc/sys/fs/nr_open") or 0)
    assert max(numbers, default=0) <= nr_open
    rows = [*result["users"], *result["services"], *result["processes"]]
    assert all(row["after"]["hard"] <= nr_open for row in rows)
    assert apply(host, request(MANY))["files"] == []
    revert(host)
    assert host.tree() == before


def test_a_service_is_shown_with_what_pid_1_can_set(tmp_path):
    (row,) = apply(container(tmp_path, NO_SYS_RESOURCE), request(Limit(65536, 65536)))["services"]
    assert (row["before"], row["after"]) == ({"soft": 1024, "hard": 20000}, {"soft": 20000, "hard": 20000})


@pytest.mark.parametrize(
    ("status", "before", "effect"),
    [
        (DEBIAN, {"soft": 1024, "hard": 20000}, "sessions keep the limit they inherit"),
        ("", {"soft": 2048, "hard": 20000}, "su and login refuse sessions"),
    ],
    ids=["debian", "others"],
)
def test_a_line_of_someone_else_that_cannot_be_set(tmp_path, status, before, effect):
    host = container(tmp_path, NO_SYS_RESOURCE)
    host.process(50, "sshd", unit="ssh.service", limit=Limit(2048, 20000))
    host.write("/var/lib/dpkg/status", status)
    host.write(OTHERS, "root hard nofile unlimited\n")
    (row,) = apply(host, request(Limit(4096, 4096), services=()))["users"]
    assert (row["status"], row["before"]) == ("shadowed", before)
    assert row["reason"] == f"{OTHERS}:1 says unlimited, more than sshd may set (20000), so {effect}"


def test_sessions_that_are_refused_are_named_although_ssh_has_the_floor(tmp_path):
    host = container(tmp_path, NO_SYS_RESOURCE)
    host.write(OTHERS, "root hard nofile 30000\n")
    (row,) = apply(host, request(Limit(1024, 1024), services=()))["users"]
    assert (row["status"], row["after"]) == ("shadowed", {"soft": 1024, "hard": 20000})
    assert row["reason"].endswith("says 30000, more than sshd may set (20000), so su and login refuse sessions")


def test_unlimited_is_named_with_the_number_it_gives(tmp_path):
    host = container(tmp_path)
    host.write(OTHERS, "root - nofile infinity\n")
    (row,) = apply(host, request(Limit(4096, 4096), services=()))["users"]
    assert row["reason"] == f"already 1048576:1048576 ({OTHERS}:1 says infinity)"


def test_unlimited_where_pam_limits_cannot_set_it(tmp_path):
    host = container(tmp_path)
    host.write("/var/lib/dpkg/status", DEBIAN_11)
    host.write(OTHERS, "root - nofile unlimited\n")
    (row,) = apply(host, request(Limit(4096, 4096), services=()))["users"]
    assert (row["status"], row["before"]) == ("shadowed", {"soft": 1024, "hard": 20000})
    effect = "more than sshd may set (1048576), so sessions keep the limit they inherit"
    assert row["reason"] == f"{OTHERS}:1 says unlimited, {effect}"


def test_a_soft_unlimited_ends_at_the_hard_limit_everywhere(tmp_path):
    host = container(tmp_path)
    host.write("/var/lib/dpkg/status", DEBIAN_11)
    host.write("/etc/security/limits.conf", "")
    host.write(OTHERS, "root soft nofile unlimited\n")
    (row,) = apply(host, request(Limit(4096, 4096), services=()))["users"]
    assert row["before"] == {"soft": 20000, "hard": 20000}
