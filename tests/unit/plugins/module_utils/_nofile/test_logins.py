# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.limits_conf import Account
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import Limit
from ansible_collections.nettune.tcp.plugins.module_utils._nofile import logins
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.journal import Raised, State, Written
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.request import Request
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.snapshot import Host, Parent

SSHD = Parent("sshd", Limit(1024, 524288))
FLOOR = Limit(4096, 65536)
ACCOUNTS = {"root": Account("root", 0, 0, {"root": 0}), "www": Account("www", 33, 33, {"www": 33})}


def host(text="", *, daemons=(SSHD,), **more):
    return Host(1048576, daemons, SSHD, limits=(("/etc/security/limits.conf", text),), accounts=ACCOUNTS, **more)


def decide(text="", user="www", floor=FLOOR, accept_half=False, **more):
    on = host(text, **more)
    return logins.decide(user, floor, on, logins.entries(on.limits), accept_half=accept_half)


@pytest.mark.parametrize(
    ("text", "soft", "hard"),
    [
        ("", 4096, None),  # logins inherit 524288: a hard line would lower it
        ("* hard nofile 4096", 4096, 65536),
        ("* soft nofile 8192", None, None),
        ("* - nofile 8192", None, 65536),
        ("www - nofile unlimited", None, None),
        ("www hard nofile 1024", 4096, 65536),
        ("www soft nofile 100000\nwww hard nofile 1024", 4096, 65536),  # PAM lowers soft to hard, and so do we
    ],
)
def test_only_lower_parts_get_a_line(text, soft, hard):
    found = decide(text)
    assert (found.soft, found.hard) == (soft, hard)


@pytest.mark.parametrize(
    ("text", "soft", "hard", "accepted"),
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
def test_half_the_floor_is_accepted_for_users_not_named(text, soft, hard, accepted):
    found = decide(text, user="*", floor=Limit(8192, 8192), accept_half=True)
    assert (found.soft, found.hard, found.accepted) == (soft, hard, accepted)
    assert ("is at least half of 8192" in found.reason) is accepted


def test_line_is_not_below_the_limit_of_any_daemon():
    found = decide(daemons=(SSHD, Parent("cron", Limit(1024, 4096))))
    assert found.hard == 524288


def test_wildcards_apply_to_root_except_on_debian():
    text = "* - nofile 100000"
    assert decide(text, user="root").soft is None
    assert decide(text, user="root", root_needs_own_line=True).soft == 4096
    assert decide(text, user="www", root_needs_own_line=True).soft is None


def test_sessions_start_from_pid_1_on_older_debian():
    rich = Parent("sshd", Limit(100000, 100000))
    assert (decide(daemons=(rich,)).soft, decide(daemons=(rich,)).hard) == (None, None)
    found = decide(daemons=(rich,), session_base=Limit(1024, 1048576))
    assert (found.soft, found.hard) == (4096, None)
    assert found.without_us.low == Limit(1024, 1048576)
    ended = decide("www -", daemons=(rich,), session_base=Limit(1024, 1048576))
    assert ended.without_us.low == Limit(100000, 100000)


def test_hard_limit_that_the_daemon_may_not_set_is_ignored():
    poor = Parent("sshd", Limit(1024, 20000), may_raise=False)
    assert decide("* - nofile 30000", daemons=(poor,)).without_us.low == Limit(1024, 20000)


def test_session_whose_limit_cannot_be_set_keeps_what_su_leaves():
    poor = Parent("this session", Limit(20000, 20000), may_raise=False)
    found = decide("www - nofile 100000", daemons=(poor,), session_base=Limit(1024, 20000))
    assert (found.without_us.low, found.without_us.high) == (Limit(1024, 20000), Limit(20000, 20000))
    lower = decide("www soft nofile 4096", daemons=(poor,), session_base=Limit(1024, 20000))
    assert lower.without_us.low == Limit(4096, 20000)


def test_hard_limit_above_nr_open_cannot_be_set_again_and_no_line_has_it():
    high = Parent("sshd", Limit(1024, 2000000))
    assert decide("www soft nofile 8192", daemons=(high,)).without_us.high == Limit(1024, 2000000)
    mixed = decide("", daemons=(high, Parent("cron", Limit(1024, 4096))))
    assert mixed.hard == 1048576


def test_daemons_whose_sessions_do_not_use_pam_limits_do_not_count():
    low = Parent("sshd", Limit(1024, 1024), may_raise=False)
    cron = Parent("cron", Limit(2048, 524288))
    found = decide(daemons=(low, cron), outside_pam={"sshd": "UsePAM no in /etc/ssh/sshd_config:3"})
    assert (found.floor, found.soft, found.hard, found.without_us.low) == (FLOOR, 4096, None, cron.limit)
    none = decide(daemons=(low,), outside_pam={"sshd": "UsePAM no in /etc/ssh/sshd_config:3"})
    assert none.skipped == (
        "logins on this host do not use pam_limits (UsePAM no in /etc/ssh/sshd_config:3): raise the service of sshd"
        " instead"
    )


def test_everybody_is_not_raised_by_a_line_for_one_user():
    assert decide("www - nofile 1024\n* soft nofile 2048", user="*").soft == 4096


def test_exempted_user_is_skipped():
    assert "limits.conf:1 exempts this user" in decide("www -").skipped


@pytest.mark.parametrize(
    ("more", "user", "reason"),
    [({"pam": False}, "www", "no /etc/security"), ({}, "nobody_here", "no such account")],
)
def test_users_that_are_skipped(more, user, reason):
    assert reason in decide(user=user, **more).skipped


def test_floor_is_capped_to_what_logins_can_be_given():
    poor = Parent("sshd", Limit(1024, 20000), may_raise=False)
    found = decide(daemons=(poor,), floor=Limit(65536, 65536))
    assert (found.floor, found.soft, found.hard) == (Limit(20000, 20000), 20000, None)


def test_text_of_the_file():
    on = host("* hard nofile 4096")
    decisions = {user: logins.decide(user, FLOOR, on, logins.entries(on.limits)) for user in ("www", "*")}
    text = logins.render("web", Request(FLOOR, ("www", "*")), decisions)
    assert text is not None
    assert text.startswith("# Managed by Ansible (nettune.tcp.nofile_limits): profile web\n")
    assert text.endswith("\n\nwww soft nofile 4096\nwww hard nofile 65536\n* soft nofile 4096\n* hard nofile 65536\n")


def test_no_file_if_no_user_needs_a_line():
    assert logins.render("web", Request(FLOOR, ("www",)), {"www": decide("www - nofile 100000")}) is None


def test_lines_below_the_floor_of_everybody():
    on = host("joe soft nofile 512\n@web - nofile 99999\n* soft nofile 1\n% - nofile 1\nann -\n")
    found = logins.exceptions(FLOOR, on, logins.entries(on.limits))
    assert [entry.domain for entry in found] == ["joe", "ann"]


BEFORE = Limit(1024, 524288)
LINE = {"/etc/security/limits.d/99-zz-nettune-web.conf": Written("web", ("root soft nofile 65536\n",))}
DROP_IN = {"/etc/systemd/system/ssh.service.d/x.conf": Written("web", ("[Service]\nLimitNOFILE=65536:600000\n",))}
RAISED = (Raised(7, 8, "ssh.service", BEFORE, (Limit(65536, 524288),)),)


def inheriting(limit):
    return Host(1048576, (Parent("sshd", limit),), Parent("PID 1", limit))


@pytest.mark.parametrize(
    ("state", "now", "expected"),
    [
        (State(files=LINE, logins=BEFORE), Limit(65536, 524288), BEFORE),
        (State(files=DROP_IN, logins=BEFORE), Limit(65536, 600000), BEFORE),
        (State(raised=RAISED, logins=BEFORE), Limit(65536, 524288), BEFORE),
        (State(files=LINE, logins=BEFORE), Limit(512, 4096), Limit(512, 4096)),
        (State(files=LINE, logins=BEFORE), Limit(70000, 1000000), Limit(70000, 1000000)),
        (State(files=LINE), Limit(65536, 524288), Limit(65536, 524288)),
        (State(logins=BEFORE), Limit(65536, 524288), Limit(65536, 524288)),
    ],
    ids=[
        "a line",
        "a drop-in",
        "raised while running",
        "lower since",
        "higher than ours",
        "not recorded",
        "nothing of ours",
    ],
)
def test_our_own_limits_are_replaced_by_the_recorded_ones(state, now, expected):
    assert logins.without_us(inheriting(now), state).login_daemons[0].limit == expected


def test_least_inherited_limit():
    both = inheriting(BEFORE)._replace(login_daemons=(Parent("a", Limit(1, 9)), Parent("b", Limit(5, 5))))
    assert logins.least_inherited(both) == Limit(1, 5)
