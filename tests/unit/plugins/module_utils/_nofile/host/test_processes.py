# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import Limit
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host.processes import Processes
from ansible_collections.nettune.tcp.tests.unit.support.nofile_host import NO_SYS_RESOURCE, FakeHost


@pytest.fixture
def host(tmp_path):
    return FakeHost(tmp_path)


def of_units(host):
    processes = Processes(host.files)
    return {process.pid: process for process in processes.of_units(processes.all())}


def login_daemons(host):
    processes = Processes(host.files)
    return {(daemon.name, daemon.limit) for daemon in processes.login_daemons(processes.all())}


def test_processes_of_services(host):
    host.process(10, "nginx", unit="nginx.service", limit=Limit(1, 2), start=77)
    host.process(11, "bash", cgroup="/user.slice/user-0.slice/session-1.scope")
    host.process(12, "nginx", cgroup="/machine.slice/libpod-1.scope/system.slice/nginx.service")
    assert [(row.name, row.unit, row.limit, row.start) for row in of_units(host).values()] == [
        ("nginx", "nginx.service", Limit(1, 2), 77)
    ]


def test_processes_of_our_own_user(host):
    host.process(10, "nginx", unit="nginx.service")
    host.process(11, "nginx", unit="nginx.service", uid=33)
    assert {pid: process.ours for pid, process in of_units(host).items()} == {10: True, 11: False}


def test_process_that_ends_meanwhile_is_skipped(host):
    host.process(10, "nginx", unit="nginx.service")
    processes = Processes(host.files)
    running = processes.all()
    host.ends(10)
    assert processes.of_units(running) == ()
    assert processes.find(10) is None


def test_login_daemons_without_their_sessions(host):
    host.process(20, "sshd", limit=Limit(1, 2))
    host.process(21, "sshd", parent=20, limit=Limit(3, 4))
    host.process(22, "sshd", limit=Limit(5, 6), loginuid="1000")
    host.process(23, "cron", limit=Limit(7, 8))
    host.process(24, "bash", limit=Limit(9, 9))
    assert login_daemons(host) == {("sshd", Limit(1, 2)), ("cron", Limit(7, 8))}


def test_without_a_login_daemon_our_own_session_counts(host):
    assert login_daemons(host) == {("this session", Limit(1024, 524288))}


def test_capability(tmp_path):
    assert Processes(FakeHost(tmp_path / "a").files).may_raise()
    without = FakeHost(tmp_path / "b", capabilities=NO_SYS_RESOURCE)
    assert not Processes(without.files).may_raise()
    assert Processes(without.files).parent(1, "PID 1").ceiling(10**9) == 1048576


def test_capability_in_another_user_namespace_does_not_count(host):
    host.write("/proc/self/uid_map", "0 100000 65536\n")
    assert not Processes(host.files).may_raise()


def test_limit_is_not_set_on_a_reused_pid(host):
    host.process(10, "nginx", unit="nginx.service")
    process = of_units(host)[10]
    calls = []
    processes = Processes(host.files, prlimit=lambda *arguments: calls.append(arguments))
    host.process(10, "other", unit="nginx.service", start=5000)
    assert not processes.set(process, Limit(1, 2))
    host.ends(10)
    assert not processes.set(process, Limit(1, 2))
    assert calls == []


def test_process_that_ends_while_its_limit_is_set(host):
    host.process(10, "nginx", unit="nginx.service")

    def gone(*_arguments):
        raise ProcessLookupError

    assert not Processes(host.files, prlimit=gone).set(of_units(host)[10], Limit(1, 2))


def test_process_of_a_user_is_no_login_daemon(host):
    host.process(50, "sshd", limit=Limit(1024, 4096))
    host.process(60, "sshd", uid=1000, limit=Limit(8, 16), capabilities=NO_SYS_RESOURCE)
    processes = Processes(host.files)
    assert [one.limit for one in processes.login_daemons(processes.all())] == [Limit(1024, 4096)]
