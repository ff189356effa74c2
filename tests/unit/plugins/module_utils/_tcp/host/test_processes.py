# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._host.procfs import ProcFS
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.collectors import Inodes
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.host import processes as processes_module
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.host.processes import TcpProcesses

LIMITS = "Limit Soft Hard Units\nMax open files            1024                 524288               files\n"


class Ghosts:
    """Says that the given descriptors are ghosts."""

    def __init__(self, *descriptors, error=None):
        self.descriptors = descriptors
        self.error = error
        self.asked = []

    def has(self, pid, descriptor, _path):
        self.asked.append((pid, descriptor))
        if self.error:
            raise self.error
        return descriptor in self.descriptors


@pytest.fixture
def host(tmp_path):
    """Return a function that makes a process, whose descriptors are sockets (by inode) or files."""

    def make(pid, links, namespace="net:[1]", unit="web.service"):
        base = tmp_path / str(pid)
        (base / "fd").mkdir(parents=True)
        (base / "ns").mkdir()
        (base / "ns" / "net").symlink_to(namespace)
        for number, link in enumerate(links):
            (base / "fd" / str(number)).symlink_to(f"socket:[{link}]" if isinstance(link, int) else link)
        (base / "comm").write_text("server\n")
        (base / "cgroup").write_text(f"0::/system.slice/{unit}\n")
        (base / "limits").write_text(LIMITS)
        return ProcFS(str(tmp_path))

    make("self", [])
    return make


def inodes(**states):
    found = Inodes()
    found.states = {int(inode[1:]): state for inode, state in states.items()}
    return found


def described(rows):
    return [
        (row["pid"], {name: count for name, count in row["states"].items() if count}, row["ghosts"]) for row in rows
    ]


def test_sockets_by_process(host):
    host(7, [11, 12, "/dev/null", 99])
    procfs = host(8, [13])
    rows = TcpProcesses(procfs, ghosts=Ghosts()).rows(inodes(i11=1, i12=8, i13=1), top=10)
    assert described(rows) == [(7, {"ESTABLISHED": 1, "CLOSE_WAIT": 1}, 0), (8, {"ESTABLISHED": 1}, 0)]
    assert rows[0]["name"] == "server"
    assert rows[0]["unit"] == "web.service"
    assert rows[0]["descriptors"] == 4
    assert rows[0]["nofile"] == {"soft": 1024, "hard": 524288}


def test_processes_without_sockets_or_in_other_namespaces_are_left_out(host):
    host(7, ["/dev/null", 50])
    procfs = host(8, [11], namespace="net:[2]")
    assert TcpProcesses(procfs, ghosts=Ghosts()).rows(inodes(i11=1), top=10) == []


def test_only_sockets_without_a_state_may_be_ghosts(host):
    procfs = host(7, [11, 12, 13])
    ghosts = Ghosts(2)
    rows = TcpProcesses(procfs, ghosts=ghosts).rows(inodes(i11=1), top=10)
    assert described(rows) == [(7, {"ESTABLISHED": 1}, 1)]
    assert sorted(ghosts.asked) == [(7, 1), (7, 2)]


def test_a_process_with_only_ghosts_is_a_row(host):
    assert described(TcpProcesses(host(7, [11]), ghosts=Ghosts(0)).rows(inodes(), top=10)) == [(7, {}, 1)]


def test_unknown_ghosts_are_none_and_tried_once(host):
    procfs = host(7, [11, 12, 13])
    ghosts = Ghosts(error=PermissionError(1, "Operation not permitted"))
    processes = TcpProcesses(procfs, ghosts=ghosts)
    assert described(processes.rows(inodes(i11=1), top=10)) == [(7, {"ESTABLISHED": 1}, None)]
    assert processes.no_ghosts == "EPERM (Operation not permitted)"
    assert len(ghosts.asked) == 1


def test_a_sample_is_scaled_up(host):
    found = inodes(i11=1)
    found.share = 4
    assert described(TcpProcesses(host(7, [11]), ghosts=Ghosts()).rows(found, top=10)) == [(7, {"ESTABLISHED": 4}, 0)]


def test_top_processes_have_most_sockets(host):
    host(7, [11])
    host(8, [12, 13, 14])
    procfs = host(9, [15, 16])
    states = inodes(**{f"i{inode}": 1 for inode in range(11, 17)})
    assert [row["pid"] for row in TcpProcesses(procfs, ghosts=Ghosts()).rows(states, top=2)] == [8, 9]


def test_a_process_with_too_few_descriptors_is_not_read(host, monkeypatch):
    host(7, [11, 12])
    procfs = host(8, [13])
    monkeypatch.setattr(TcpProcesses, "_descriptors", lambda _self, pid: {7: 2, 8: 1}[pid])
    opened = []
    real = os.open
    monkeypatch.setattr(processes_module.os, "open", lambda path, *rest: opened.append(path) or real(path, *rest))
    TcpProcesses(procfs, ghosts=Ghosts()).rows(inodes(i11=1, i12=1, i13=1), top=1)
    assert opened == [procfs.locate("7/fd")]


def test_processes_that_may_not_be_inspected_are_counted(host, monkeypatch):
    host(7, [11])
    procfs = host(8, [12])
    real = os.open

    def refuse(path, *rest):
        if path.endswith("7/fd"):
            raise PermissionError(13, "no")
        return real(path, *rest)

    monkeypatch.setattr(processes_module.os, "open", refuse)
    processes = TcpProcesses(procfs, ghosts=Ghosts())
    assert [row["pid"] for row in processes.rows(inodes(i11=1, i12=1), top=10)] == [8]
    assert processes.refused == 1


def test_a_process_that_has_ended_is_left_out(host, tmp_path):
    procfs = host(7, [11])
    processes = TcpProcesses(procfs, ghosts=Ghosts())
    for link in (tmp_path / "7" / "fd").iterdir():
        link.unlink()
    (tmp_path / "7" / "fd").rmdir()
    assert processes.rows(inodes(i11=1), top=10) == []


def test_unreadable_values_of_a_process_are_none(host, tmp_path):
    procfs = host(7, [11])
    for file in ("comm", "cgroup", "limits"):
        (tmp_path / "7" / file).unlink()
    (row,) = TcpProcesses(procfs, ghosts=Ghosts()).rows(inodes(i11=1), top=10)
    assert (row["name"], row["unit"], row["nofile"]) == (None, None, None)


def test_lingering_sockets_were_in_close_wait_before(host):
    earlier = inodes(i11=8, i12=1, i13=8)
    procfs = host(7, [11, 12, 13, 14])
    (row,) = TcpProcesses(procfs, ghosts=Ghosts(), earlier=earlier).rows(inodes(i11=8, i12=8, i13=1, i14=8), top=10)
    assert (row["states"]["CLOSE_WAIT"], row["lingering"]) == (3, {"CLOSE_WAIT": 1, "FIN_WAIT2": 0})


def test_sockets_that_linger_in_fin_wait2(host):
    (row,) = TcpProcesses(host(7, [11, 12]), ghosts=Ghosts(), earlier=inodes(i11=5)).rows(inodes(i11=5, i12=5), top=10)
    assert row["lingering"] == {"CLOSE_WAIT": 0, "FIN_WAIT2": 1}


def test_sockets_with_unread_data(host):
    found = inodes(i11=1, i12=1)
    found.unread = {11}
    (row,) = TcpProcesses(host(7, [11, 12]), ghosts=Ghosts()).rows(found, top=10)
    assert row["unread"] == 1


def test_inode_numbers_above_32_bits(host):
    procfs = host(7, [(1 << 32) + 11])
    assert described(TcpProcesses(procfs, ghosts=Ghosts()).rows(inodes(i11=1), top=10)) == [(7, {"ESTABLISHED": 1}, 0)]


def test_samples_of_two_readings_are_scaled_up(host):
    earlier, now = inodes(i11=8), inodes(i11=8)
    earlier.share, now.share = 4, 2
    (row,) = TcpProcesses(host(7, [11]), ghosts=Ghosts(), earlier=earlier).rows(now, top=10)
    assert (row["states"]["CLOSE_WAIT"], row["lingering"]) == (2, {"CLOSE_WAIT": 4, "FIN_WAIT2": 0})


def test_a_process_of_a_container(host, tmp_path):
    procfs = host(7, [11])
    (tmp_path / "7" / "cgroup").write_text(f"0::/system.slice/docker-{'0123456789ab' + 52 * 'c'}.scope\n")
    (row,) = TcpProcesses(procfs, ghosts=Ghosts()).rows(inodes(i11=1), top=10)
    assert (row["unit"], row["container"]) == (None, "0123456789ab")


def test_ports_that_a_process_listens_on(host):
    found = inodes(i11=10, i12=10, i13=1)
    found.listens = {11: 443, 12: 80, 99: 22}
    (row,) = TcpProcesses(host(7, [11, 12, 13]), ghosts=Ghosts()).rows(found, top=10)
    assert row["listens"] == [80, 443]
