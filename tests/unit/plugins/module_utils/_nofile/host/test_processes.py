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


def units(host):
    processes = Processes(host.files)
    return {process.pid: process for process in processes.of_units(processes.all())}


def logins(host):
    processes = Processes(host.files)
    return {(giver.name, giver.limit) for giver in processes.logins(processes.all())}


def test_only_processes_of_services(host):
    host.process(10, "nginx", unit="nginx.service", limit=Limit(1, 2), start=77)
    host.process(11, "bash", cgroup="/user.slice/user-0.slice/session-1.scope")
    host.process(12, "nginx", cgroup="/machine.slice/libpod-1.scope/system.slice/nginx.service")
    assert [(row.name, row.unit, row.limit, row.start) for row in units(host).values()] == [
        ("nginx", "nginx.service", Limit(1, 2), 77)
    ]


def test_whose_process_it_is(host):
    host.process(10, "nginx", unit="nginx.service")
    host.process(11, "nginx", unit="nginx.service", uid=33)
    assert {pid: process.ours for pid, process in units(host).items()} == {10: True, 11: False}


def test_a_process_that_ends_meanwhile_is_passed_over(host):
    host.process(10, "nginx", unit="nginx.service")
    processes = Processes(host.files)
    everything = processes.all()
    host.ends(10)
    assert processes.of_units(everything) == ()
    assert processes.running(10) is None


def test_daemons_that_open_sessions_but_not_their_sessions(host):
    host.process(20, "sshd", limit=Limit(1, 2))
    host.process(21, "sshd", parent=20, limit=Limit(3, 4))
    host.process(22, "sshd", limit=Limit(5, 6), loginuid="1000")
    host.process(23, "cron", limit=Limit(7, 8))
    host.process(24, "bash", limit=Limit(9, 9))
    assert logins(host) == {("sshd", Limit(1, 2)), ("cron", Limit(7, 8))}


def test_where_there_is_none_we_stand_for_them(host):
    assert logins(host) == {("this session", Limit(1024, 524288))}


def test_the_capability(tmp_path):
    assert Processes(FakeHost(tmp_path / "a").files).may_raise()
    without = FakeHost(tmp_path / "b", capabilities=NO_SYS_RESOURCE)
    assert not Processes(without.files).may_raise()
    assert Processes(without.files).giver(1, "PID 1").ceiling(10**9) == 1048576


def test_a_capability_of_another_user_namespace_does_not_count(host):
    host.write("/proc/self/uid_map", "0 100000 65536\n")
    assert not Processes(host.files).may_raise()


def test_a_limit_is_set_on_the_very_process_only(host):
    host.process(10, "nginx", unit="nginx.service")
    process = units(host)[10]
    calls = []
    processes = Processes(host.files, prlimit=lambda *arguments: calls.append(arguments))
    host.process(10, "other", unit="nginx.service", start=5000)
    assert not processes.set(process, Limit(1, 2))
    host.ends(10)
    assert not processes.set(process, Limit(1, 2))
    assert calls == []


def test_a_process_that_ends_just_then(host):
    host.process(10, "nginx", unit="nginx.service")

    def gone(*_arguments):
        raise ProcessLookupError

    assert not Processes(host.files, prlimit=gone).set(units(host)[10], Limit(1, 2))
