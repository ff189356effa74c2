# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logins whose daemon does not use pam_limits, such as those by ssh with `UsePAM no`, on a fake host."""

from __future__ import annotations

import os

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import Limit
from ansible_collections.nettune.tcp.plugins.module_utils._nofile import table
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host import pam
from ansible_collections.nettune.tcp.tests.unit.support.nofile_host import LIMITS, apply, by, request, revert, web_host

CONFIG, INCLUDED = "/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d/50-hardening.conf"
STACK = "session required pam_limits.so\n"
NO = f"{CONFIG}:2 says UsePAM no"
WITHOUT = f"and get no line of limits.d, because {NO}: change that, or raise"
BY_SSH = f"these sessions start with the limit of sshd (1024:524288) {WITHOUT} ssh.service too"


@pytest.fixture
def host(tmp_path):
    host = web_host(tmp_path)
    host.process(60, "cron", unit="cron.service")
    for service in ("sshd", "cron", "login"):
        host.write(f"/etc/pam.d/{service}", STACK)
    host.write(CONFIG, "Port 22\nUsePAM no\n")
    return host


def test_a_limit_for_logins_is_not_promised_to_ssh(host):
    before = host.tree()
    result = apply(host, request(services=()))
    assert by("what", result["not_applicable"])["user root by sshd"]["reason"] == BY_SSH
    assert by("user", result["users"])["root"]["reason"].endswith("(inherited from cron)")
    assert table.lines(result)[-1] == f"user root by sshd: {BY_SSH}"
    assert (host.text(LIMITS) or "").endswith("\nroot soft nofile 65536\n")
    assert not apply(host, request(services=()))["changed"]
    revert(host)
    assert host.tree() == before


def test_nothing_is_said_of_sessions_that_have_the_floor(host):
    host.process(50, "sshd", unit="ssh.service", limit=Limit(100000, 524288))
    assert apply(host, request(services=()))["not_applicable"] == []


def test_ssh_that_is_started_by_a_connection(host):
    host.ends(50)
    (row,) = apply(host, request(services=()))["not_applicable"]
    assert row == {
        "what": "user root by sshd",
        "reason": f"these sessions start with the limit of sshd {WITHOUT} sshd too",
    }


def test_users_are_skipped_if_no_session_uses_pam_limits(host):
    host.ends(60)
    result = apply(host, request(services=()))
    reason = f"logins on this host do not use pam_limits ({NO}): raise the service of sshd instead"
    assert (result["changed"], host.text(LIMITS), result["refused"]) == (False, None, [])
    assert result["not_applicable"] == [{"what": "user root", "reason": reason}]
    host.write(CONFIG, "UsePAM yes\n")
    assert apply(host, request(services=()))["changed"]


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        ({CONFIG: f"Include {INCLUDED}\nUsePAM no\n", INCLUDED: "UsePAM yes\n"}, None),
        (
            {CONFIG: "Include sshd_config.d/*.conf\nUsePAM yes\n", INCLUDED: "UsePAM no\n"},
            f"{INCLUDED}:1 says UsePAM no",
        ),
        ({CONFIG: "Include sshd_config.d/*.conf\n", "/etc/ssh/sshd_config.d/.a.conf": "UsePAM yes\n"}, "not set"),
        ({CONFIG: "UsePAM yes\nMatch user x\nUsePAM no\n"}, None),
        ({CONFIG: "Port 22\n"}, "UsePAM is not set in sshd_config and defaults to no"),
    ],
)
def test_the_first_value_of_all_files_counts(host, texts, reason):
    for path, text in texts.items():
        host.write(path, text)
    found = pam.outside(host.files)
    assert list(found) == (["sshd"] if reason else [])
    assert not reason or reason in found["sshd"]


def test_the_file_of_the_distribution_counts_without_one_in_etc(host):
    os.unlink(host.locate(CONFIG))
    assert pam.outside(host.files) == {}
    host.write("/usr/etc/ssh/sshd_config", "UsePAM no\n")
    assert pam.outside(host.files) == {"sshd": "/usr/etc/ssh/sshd_config:1 says UsePAM no"}


def test_other_daemons_without_pam_limits(host):
    host.write(CONFIG, "UsePAM yes\n")
    host.write("/etc/pam.d/cron", "session required pam_env.so\n")
    (row,) = apply(host, request(services=()))["not_applicable"]
    assert row["what"] == "user root by cron"
    assert "because pam_limits.so is not in the session lines of /etc/pam.d/cron: change that" in row["reason"]


def test_files_that_cannot_be_read_leave_it_unknown(host):
    os.unlink(host.locate(CONFIG))
    host.locate(CONFIG).mkdir()
    os.unlink(host.locate("/etc/pam.d/cron"))
    host.locate("/etc/pam.d/cron").mkdir()
    assert pam.outside(host.files) == {}


def test_a_daemon_whose_sessions_have_a_limits_file_of_their_own(host):
    host.write(CONFIG, "UsePAM yes\n")
    host.write("/etc/pam.d/cron", "session required pam_limits.so conf=/etc/security/jobs.conf\n")
    (row,) = apply(host, request(services=()))["not_applicable"]
    assert row["reason"] == (
        "these sessions start with the limit of cron (1024:524288) and get no line of limits.d, because pam_limits.so"
        " reads only /etc/security/jobs.conf by /etc/pam.d/cron: change that, or raise cron.service too"
    )
