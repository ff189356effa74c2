# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.limits_conf import Account
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import Limit
from ansible_collections.nettune.tcp.plugins.module_utils._nofile import logins as nofile_logins
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.request import Request
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.snapshot import Giver, Host

SSHD = Giver("sshd", Limit(1024, 524288))
FLOOR = Limit(4096, 65536)
ACCOUNTS = {"root": Account("root", 0, 0, {"root": 0}), "www": Account("www", 33, 33, {"www": 33})}


def host(text="", *, logins=(SSHD,), **more):
    return Host(1048576, logins, SSHD, limits=(("/etc/security/limits.conf", text),), accounts=ACCOUNTS, **more)


def verdict(text="", user="www", floor=FLOOR, half_will_do=False, **more):
    on = host(text, **more)
    return nofile_logins.verdict(user, floor, on, nofile_logins.entries(on.limits), half_will_do=half_will_do)


@pytest.mark.parametrize(
    ("text", "soft", "hard"),
    [
        ("", 4096, None),  # 524288 is handed on: a hard line would lower it
        ("* hard nofile 4096", 4096, 65536),
        ("* soft nofile 8192", None, None),
        ("* - nofile 8192", None, 65536),
        ("www - nofile unlimited", None, None),
        ("www hard nofile 1024", 4096, 65536),
        ("www soft nofile 100000\nwww hard nofile 1024", 4096, 65536),  # PAM cuts soft to hard, and so do we
    ],
)
def test_a_line_for_each_part_that_is_lower(text, soft, hard):
    found = verdict(text)
    assert (found.soft, found.hard) == (soft, hard)


@pytest.mark.parametrize(
    ("text", "soft", "hard", "suffices"),
    [
        ("", 8192, None, False),
        ("* soft nofile 4095", 8192, None, False),
        ("* soft nofile 4096", None, None, True),
        ("* soft nofile 8191", None, None, True),
        ("* soft nofile 8192", None, None, False),
        ("* - nofile 100000", None, None, False),
        ("* - nofile 1024", 8192, 8192, False),
        ("* - nofile 5000", None, None, True),
    ],
)
def test_half_of_it_will_do_for_those_that_are_not_named(text, soft, hard, suffices):
    found = verdict(text, user="*", floor=Limit(8192, 8192), half_will_do=True)
    assert (found.soft, found.hard, found.suffices) == (soft, hard, suffices)
    assert ("is half of 8192 or more" in found.why) is suffices


def test_no_line_lowers_what_any_daemon_hands_on():
    found = verdict(logins=(SSHD, Giver("cron", Limit(1024, 4096))))
    assert found.hard == 524288


def test_wildcards_cover_root_but_not_on_debian():
    text = "* - nofile 100000"
    assert verdict(text, user="root").soft is None
    assert verdict(text, user="root", root_by_name=True).soft == 4096
    assert verdict(text, user="www", root_by_name=True).soft is None


def test_on_older_debian_a_session_starts_from_pid_1_whatever_it_inherits():
    rich = Giver("sshd", Limit(100000, 100000))
    assert (verdict(logins=(rich,)).soft, verdict(logins=(rich,)).hard) == (None, None)
    found = verdict(logins=(rich,), session_base=Limit(1024, 1048576))
    assert (found.soft, found.hard) == (4096, None)
    assert found.without.low == Limit(1024, 1048576)
    ended = verdict("www -", logins=(rich,), session_base=Limit(1024, 1048576))
    assert ended.without.low == Limit(100000, 100000)


def test_a_hard_limit_the_daemon_may_not_set_is_none():
    poor = Giver("sshd", Limit(1024, 20000), may_raise=False)
    assert verdict("* - nofile 30000", logins=(poor,)).without.low == Limit(1024, 20000)


def test_everybody():
    assert verdict("www - nofile 1024\n* soft nofile 2048", user="*").soft == 4096


def test_a_line_that_ends_the_reading_leaves_nothing_to_do():
    assert "limits.conf:1 keeps all limits" in verdict("www -").skipped


@pytest.mark.parametrize(
    ("more", "user", "why"),
    [({"pam": False}, "www", "no /etc/security"), ({}, "nobody_here", "no such account")],
)
def test_what_is_skipped(more, user, why):
    assert why in verdict(user=user, **more).skipped


def test_no_more_than_can_be_given():
    poor = Giver("sshd", Limit(1024, 20000), may_raise=False)
    found = verdict(logins=(poor,), floor=Limit(65536, 65536))
    assert (found.floor, found.soft, found.hard) == (Limit(20000, 20000), 20000, None)


def test_the_file_names_who_and_why():
    on = host("* hard nofile 4096")
    verdicts = {user: nofile_logins.verdict(user, FLOOR, on, nofile_logins.entries(on.limits)) for user in ("www", "*")}
    text = nofile_logins.render("web", Request(FLOOR, ("www", "*")), verdicts)
    assert text is not None
    assert text.startswith("# Managed by Ansible (nettune.tcp.nofile_limits): profile web\n")
    assert text.endswith("\n\nwww soft nofile 4096\nwww hard nofile 65536\n* soft nofile 4096\n* hard nofile 65536\n")


def test_no_file_where_nobody_needs_a_line():
    assert nofile_logins.render("web", Request(FLOOR, ("www",)), {"www": verdict("www - nofile 100000")}) is None


def test_lines_that_keep_somebody_below_everybody():
    on = host("joe soft nofile 512\n@web - nofile 99999\n* soft nofile 1\n% - nofile 1\nann -\n")
    found = nofile_logins.exceptions(FLOOR, on, nofile_logins.entries(on.limits))
    assert [entry.domain for entry in found] == ["joe", "ann"]
