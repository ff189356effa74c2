# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import errno
import json
import os

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import Limit
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host.descriptors import Descriptors
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host.facts import NofileFacts
from ansible_collections.nettune.tcp.tests.unit.support.nofile_host import FakeHost

LIMITS = "/etc/security/limits.conf"


class NoGhosts:
    """Reports no ghosts."""

    def has(self, _pid, _descriptor, _path):
        return False


class Refusing(HostFiles):
    """A host where one path cannot be read."""

    def __init__(self, root, refused):
        super().__init__(root)
        self._path = refused

    def read_text(self, path):
        if path == self._path:
            raise PermissionError(errno.EACCES, "Permission denied")
        return super().read_text(path)


@pytest.fixture
def host(tmp_path):
    host = FakeHost(tmp_path)
    host.write("/proc/sys/fs/file-max", "9223372036854775807\n")
    host.write("/proc/sys/fs/file-nr", "1456\t0\t9223372036854775807\n")
    host.write("/etc/pam.d/sshd", "@include common-session\n")
    host.write("/etc/pam.d/common-session", "session required pam_limits.so\n")
    return host


def gather(host, *names, top=10, refused=None):
    files = Refusing(str(host.root), refused) if refused else host.files
    return NofileFacts(files, descriptors=Descriptors(files, ghosts=NoGhosts())).gather(top=top, names=names)


def runs(host, pid, name, *, opened=1, **more):
    host.process(pid, name, **more)
    directory = host.locate(f"/proc/{pid}/fd")
    directory.mkdir()
    for number in range(opened):
        (directory / str(number)).symlink_to(f"socket:[{number}]")


def test_all_facts(host):
    host.unit("nginx.service", "LimitNOFILE=65536:524288\n")
    host.write(LIMITS, "# who\n* soft nofile 8192\nroot - nofile unlimited\nbob -\n")
    runs(host, 10, "nginx", opened=500, unit="nginx.service", limit=Limit(1024, 4096))
    runs(host, 11, "idle", opened=0)
    assert gather(host) == {
        "system": {"file_max": 9223372036854775807, "nr_open": 1048576, "allocated": 1456},
        "processes": [
            {
                "pid": 10,
                "name": "nginx",
                "unit": "nginx.service",
                "descriptors": 500,
                "soft": 1024,
                "hard": 4096,
                "ratio": 0.4883,
                "ghosts": 0,
            }
        ],
        "pam": {
            "entries": [
                {"path": LIMITS, "line": 2, "domain": "*", "type": "soft", "value": 8192, "written": "8192"},
                {"path": LIMITS, "line": 3, "domain": "root", "type": "-", "value": 1048576, "written": "unlimited"},
                {"path": LIMITS, "line": 4, "domain": "bob", "type": "-", "value": None, "written": None},
            ],
            "stacks": {"sshd": True},
        },
        "units": {"nginx.service": {"soft": 65536, "hard": 524288}},
        "partial": [],
    }


def test_nearest_processes(host):
    for pid in range(10, 20):
        runs(host, pid, "worker", opened=pid)
    facts = gather(host, top=3)
    assert [row["pid"] for row in facts["processes"]] == [19, 18, 17]
    assert facts["partial"] == []


def test_names_of_processes_and_of_services(host):
    host.unit("mariadb.service", "LimitNOFILE=32768\n")
    host.unit("squid.service")
    host.link("/etc/systemd/system/mysql.service", "/lib/systemd/system/mariadb.service")
    runs(host, 10, "mariadbd", unit="mariadb.service")
    runs(host, 11, "haproxy", opened=5)
    runs(host, 12, "other", opened=9)
    facts = gather(host, "mysql", "haproxy", "squid", "nothing", "../x", "mysql")
    assert [row["pid"] for row in facts["processes"]] == [11, 10]
    assert facts["units"] == {
        "mariadb.service": {"soft": 32768, "hard": 32768},
        "squid.service": {"soft": 1024, "hard": 524288},
    }
    assert [row["reason"].split(",")[0] for row in facts["partial"]] == [
        "no process is named 'nothing'",
        "no process is named '../x'",
    ]


def test_left_out_processes_of_a_name_are_noted(host):
    for pid in range(10, 15):
        runs(host, pid, "nginx")
    facts = gather(host, "nginx", top=2)
    assert len(facts["processes"]) == 2
    assert facts["partial"] == [{"what": "processes", "reason": "3 of 5 further from their limit are left out"}]


def test_service_without_files(host):
    runs(host, 10, "nginx", unit="nginx.service")
    facts = gather(host)
    assert facts["units"] == {"nginx.service": None}
    assert [row["what"] for row in facts["partial"]] == ["units.nginx.service"]


@pytest.mark.parametrize("text", [None, "", "many\n"])
def test_unreadable_number_of_the_system(host, text):
    if text is None:
        host.locate("/proc/sys/fs/file-nr").unlink()
    else:
        host.write("/proc/sys/fs/file-nr", text)
    facts = gather(host)
    assert facts["system"]["allocated"] is None
    assert [row["what"] for row in facts["partial"]] == ["system.allocated"]


@pytest.mark.parametrize(
    ("refused", "what", "null"),
    [
        (LIMITS, "pam.entries", lambda facts: facts["pam"]["entries"] or None),
        ("/etc/pam.d/common-session", "pam.stacks", lambda facts: facts["pam"]["stacks"]["sshd"]),
        ("/proc/sys/fs/file-max", "system.file_max", lambda facts: facts["system"]["file_max"]),
    ],
)
def test_unreadable_facts_are_null_and_noted(host, refused, what, null):
    host.write(LIMITS, "")
    facts = gather(host, refused=refused)
    assert null(facts) is None
    assert [row["what"] for row in facts["partial"]] == [what]
    assert "EACCES" in facts["partial"][0]["reason"]


def test_malformed_init_affects_only_the_services(host):
    runs(host, 10, "nginx", unit="nginx.service")
    host.write("/proc/1/limits", "nonsense")
    facts = gather(host)
    assert facts["units"] is None
    assert len(facts["processes"]) == 1
    assert {row["what"] for row in facts["partial"]} == {"units", "processes"}


def test_without_pam(host):
    host.locate("/etc/security/limits.d").rmdir()
    host.locate("/etc/security").rmdir()
    host.locate("/etc/pam.d").rename(host.locate("/etc/none"))
    facts = gather(host)
    assert facts["pam"] is None
    assert [row["what"] for row in facts["partial"]] == ["pam"]


def test_pam_stacks_of_the_host_take_precedence_over_the_distribution(host):
    host.write("/usr/lib/pam.d/sshd", "")
    host.write("/usr/lib/pam.d/cron", "session include common-session\n")
    host.write("/usr/lib/pam.d/su", "session required pam_unix.so\n")
    assert gather(host)["pam"]["stacks"] == {"sshd": True, "su": False, "cron": True}


def test_bytes_that_are_not_utf8_are_escaped(host):
    host.locate(LIMITS).write_bytes(b"gr\xe9 soft nofile 5\n")
    host.locate("/etc/pam.d/su").write_bytes(b"session include \xe9\n")
    assert gather(host)["pam"]["entries"][0]["domain"] == "gr\\udce9"


def test_facts_stay_small_on_a_large_host(host):
    for pid in range(100, 200):
        unit = f"some-rather-long-name-of-a-service@{pid}.service"
        runs(host, pid, "fifteen-letters", unit=unit, limit=Limit(524288, 1048576))
        host.unit(unit)
    lines = "".join(f"some-user-{number} soft nofile 524288\n" for number in range(300))
    host.write("/etc/security/limits.d/90-somewhat-longer.conf", lines)
    facts = gather(host)
    assert len(json.dumps(facts)) < 6 * 1024
    assert {row["what"] for row in facts["partial"]} == {"units", "pam.entries"}
    assert facts["pam"]["entries"][-1]["domain"] == "some-user-299"


def test_good_files_beside_a_fifo_are_read(host):
    os.mkfifo(host.locate("/etc/pam.d/cron"))
    host.write("/etc/security/limits.d/90-good.conf", "* soft nofile 4096\n")
    os.mkfifo(host.locate("/etc/security/limits.d/50-bad.conf"))
    facts = gather(host)
    assert [entry["path"] for entry in facts["pam"]["entries"]] == ["/etc/security/limits.d/90-good.conf"]
    assert facts["pam"]["stacks"] == {"cron": None, "sshd": True}
    assert [note for note in facts["partial"] if note["what"].startswith("pam")] == [
        {"what": "pam.entries", "reason": "/etc/security/limits.d/50-bad.conf is a FIFO, not a regular file"},
        {"what": "pam.stacks", "reason": "cannot read cron: /etc/pam.d/cron is a FIFO, not a regular file"},
    ]


@pytest.mark.parametrize(
    ("version", "notes"),
    [
        ("1.4.0-9", [f"{LIMITS}:1 says unlimited, which this version of pam_limits cannot set"]),
        ("1.5.2-6", []),
    ],
)
def test_unlimited_that_cannot_be_set_is_named(host, version, notes):
    host.write("/var/lib/dpkg/status", f"Package: libpam-modules\nVersion: {version}\n")
    host.write(LIMITS, "* - nofile unlimited\n* hard nofile 4096\n")
    facts = gather(host)
    assert [note["reason"] for note in facts["partial"] if note["what"] == "pam.entries"] == notes
