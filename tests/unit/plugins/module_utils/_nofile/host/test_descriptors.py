# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import errno
import os
import socket

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import Limit
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host import descriptors
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host.descriptors import Descriptors
from ansible_collections.nettune.tcp.tests.unit.support.nofile_host import FakeHost


class FakeGhosts:
    """Reports these descriptors as ghosts, or fails like the kernel."""

    def __init__(self, *ghosts, error=None):
        self.ghosts, self.error, self.asked = ghosts, error, []

    def has(self, pid, descriptor, path):
        self.asked.append(descriptor)
        if self.error:
            raise OSError(self.error, os.strerror(self.error))
        return descriptor in self.ghosts


class Refusing(HostFiles):
    """A host where files below these paths cannot be read."""

    def __init__(self, root, *refused):
        super().__init__(root)
        self._refused = refused

    def read_text(self, path):
        if path.startswith(self._refused):
            raise PermissionError(errno.EPERM, "Operation not permitted")
        return super().read_text(path)


@pytest.fixture
def host(tmp_path):
    return FakeHost(tmp_path)


def opens(host, pid, links):
    directory = host.locate(f"/proc/{pid}/fd")
    directory.mkdir()
    for number, link in enumerate(links):
        (directory / str(number)).symlink_to(link)


def by_pid(found):
    return {one.pid: one for one in found}


def test_processes_and_their_descriptors(host):
    host.process(10, "nginx", unit="nginx.service", limit=Limit(1024, 4096))
    opens(host, 10, ["/dev/null", "socket:[7]", "socket:[8]"])
    found = by_pid(Descriptors(host.files).all())
    assert found[10][1:] == ("nginx", "nginx.service", 3, Limit(1024, 4096))
    assert found[1].descriptors == 0


def test_size_of_the_directory_is_the_number_of_descriptors(host):
    host.process(10, "nginx")
    for pid in ("self", 10):
        opens(host, pid, ["/dev/null"] * 3)
    size = host.locate("/proc/10/fd").stat().st_size
    assert by_pid(Descriptors(host.files).all())[10].descriptors == (size or 3)


def test_own_process():
    with socket.socket(), socket.socket():
        ours = by_pid(Descriptors(HostFiles()).all())[os.getpid()]
        assert abs(ours.descriptors - len(os.listdir("/proc/self/fd"))) <= 1


def test_ended_process_is_skipped(host):
    host.process(10, "nginx")
    host.write("/proc/10/limits", "")
    host.process(11, "gone")
    host.locate("/proc/11/stat").unlink()
    reading = Descriptors(host.files)
    assert set(by_pid(reading.all())) == {1}
    assert reading.unreadable == {}
    assert reading.ghosts(12) is None


@pytest.mark.parametrize(
    ("file", "text"),
    [("stat", "10 nginx"), ("stat", "x (y) S"), ("limits", "Max open files"), ("limits", "nonsense")],
)
def test_malformed_process_is_noted_and_the_others_are_read(host, file, text):
    host.process(10, "nginx")
    host.write(f"/proc/10/{file}", text)
    reading = Descriptors(host.files)
    assert set(by_pid(reading.all())) == {1}
    assert [sum(times.values()) for times in reading.unreadable.values()] == [1]


def test_unreadable_processes_are_counted(host):
    host.process(10, "nginx")
    host.process(11, "nginx")
    files = Refusing(str(host.root), "/proc/10/", "/proc/11/", "/proc/1/cgroup")
    reading = Descriptors(files)
    assert set(by_pid(reading.all())) == {1}
    assert reading.unreadable == {"processes": {"EPERM (Operation not permitted)": 2}}


def test_hidden_processes_are_noted(host):
    host.locate("/proc/1").rename(host.locate("/proc/hidden"))
    reading = Descriptors(host.files)
    assert reading.all() == []
    assert "hidepid" in next(iter(reading.unreadable["processes"]))


def test_only_sockets_can_be_ghosts(host):
    host.process(10, "nginx")
    opens(host, 10, ["/dev/null", "socket:[7]", "pipe:[8]", "socket:[9]"])
    ghosts = FakeGhosts(3)
    assert Descriptors(host.files, ghosts=ghosts).ghosts(10) == 1
    assert sorted(ghosts.asked) == [1, 3]


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOSYS])
def test_ghosts_are_unknown_if_the_kernel_refuses(host, number):
    host.process(10, "nginx")
    opens(host, 10, ["socket:[7]"])
    reading = Descriptors(host.files, ghosts=FakeGhosts(error=number))
    assert reading.ghosts(10) is None
    assert list(reading.unreadable) == ["processes.ghosts"]
    host.process(11, "no socket")
    opens(host, 11, ["/dev/null"])
    assert reading.ghosts(11) == 0


def test_many_descriptors_are_sampled(host, monkeypatch):
    monkeypatch.setattr(descriptors, "INSPECTED", 10)
    host.process(10, "nginx")
    opens(host, 10, [f"socket:[{number}]" for number in range(40)])
    ghosts = FakeGhosts(*range(40))
    reading = Descriptors(host.files, ghosts=ghosts)
    assert reading.ghosts(10) == 40
    assert len(ghosts.asked) == 10
    assert "estimated from 10" in next(iter(reading.unreadable["processes.ghosts"]))
