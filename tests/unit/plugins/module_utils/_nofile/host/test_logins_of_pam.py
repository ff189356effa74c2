# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pam_limits reads, from which limits it starts, and what it calls an account, on a fake host."""

from __future__ import annotations

import os
import pwd

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.limits_conf import Account
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import Limit
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host import pam
from ansible_collections.nettune.tcp.tests.unit.support.nofile_host import LIMITS, apply, request, web_host

DEBIAN = "Package: libpam-modules\nStatus: install ok installed\nVersion: {}\n"
MAIN = "/etc/security/limits.conf"


@pytest.fixture
def host(tmp_path):
    host = web_host(tmp_path)
    host.process(60, "cron", unit="cron.service", limit=Limit(100000, 100000))
    host.write("/etc/pam.d/cron", "session required pam_limits.so\n")
    return host


def test_set_all_starts_sessions_from_the_limit_of_pid_1(host):
    host.write("/etc/pam.d/sshd", "session include common\n")
    host.write("/etc/pam.d/common", "session required pam_limits.so set_all\n")
    assert pam.set_all(host.files) == {"sshd"}
    (row,) = apply(host, request(services=()))["users"]
    assert (row["before"], row["status"]) == ({"soft": 100000, "hard": 100000}, "unchanged")
    assert row["reason"] == "already 100000:100000 (inherited from cron, from PID 1, by set_all for sshd)"
    assert host.text(LIMITS) is None


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        ("1.5.2-6", f"not known: {MAIN} does not exist, and this version of pam_limits fails without it: create it; "),
        ("1.5.3-5ubuntu5", "hard limit unchanged: already "),
    ],
)
def test_no_limits_conf(host, version, reason):
    host.write("/var/lib/dpkg/status", DEBIAN.format(version))
    (row,) = apply(host, request(services=()))["users"]
    assert (row["after"] is None) is reason.startswith("not known")
    assert row["reason"].startswith(reason)


def test_files_of_the_distribution_count_without_etc_security(host):
    os.rmdir(host.locate("/etc/security/limits.d"))
    os.rmdir(host.locate("/etc/security"))
    assert not pam.is_used(host.files)
    host.write("/usr/share/pam/security/limits.conf", "root - nofile 70000\n")
    assert pam.is_used(host.files)
    (row,) = apply(host, request(services=()))["users"]
    assert row["reason"] == "already 70000:70000 (/usr/share/pam/security/limits.conf:1)"


def test_an_account_that_the_host_knows_by_another_name(host):
    host.accounts["Www"] = Account("www@example.com", 33, 33, {"www": 33})
    result = apply(host, request(users=("Www",), services=()))
    reason = "the name of this account is www@example.com on this host: use that name"
    assert result["not_applicable"] == [{"what": "user Www", "reason": reason}]
    assert (result["changed"], host.text(LIMITS)) == (False, None)


def test_name_of_an_account(monkeypatch):
    found = pwd.struct_passwd(("www@example.com", "x", 0, 0, "", "/", "/bin/sh"))
    monkeypatch.setattr(pwd, "getpwnam", {"Www": found}.__getitem__)
    monkeypatch.setattr(os, "getgrouplist", lambda _name, gid: [gid])
    assert pam.account("Www") == Account("www@example.com", 0, 0, {"root": 0})
    assert pam.account("www") is None
