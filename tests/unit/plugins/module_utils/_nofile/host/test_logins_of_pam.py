# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pam_limits reads and whether it is used, on a fake host."""

from __future__ import annotations

import os

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import Limit
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host import pam
from ansible_collections.nettune.tcp.tests.unit.support.nofile_host import apply, request, web_host

DEBIAN = "Package: libpam-modules\nStatus: install ok installed\nVersion: {}\n"
MAIN = "/etc/security/limits.conf"


@pytest.fixture
def host(tmp_path):
    host = web_host(tmp_path)
    host.process(60, "cron", unit="cron.service", limit=Limit(100000, 100000))
    host.write("/etc/pam.d/cron", "session required pam_limits.so\n")
    return host


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
