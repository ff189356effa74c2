# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What results and files say about the limits of logins, and which limits of a daemon are ours."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.limits_conf import Account
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import Limit
from ansible_collections.nettune.tcp.plugins.module_utils._nofile import logins
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.journal import Raised, State, Written
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.logins import Decision
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.request import Request
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.snapshot import Host, Parent

MAIN = "/etc/security/limits.conf"
SSHD, CRON = Parent("sshd", Limit(1024, 524288)), Parent("cron", Limit(2048, 4096))
HALF, RICH = Parent("sshd", Limit(2048, 524288)), Parent("cron", Limit(5000, 600000))
POOR = Parent("cron", Limit(1024, 20000), may_raise=False)
FLOOR = Limit(4096, 65536)
ACCOUNTS = {
    "root": Account("root", 0, 0, {"root": 0}),
    "www": Account("www", 33, 33, {"www": 33}),
    "Joe": Account("joe@example.com", 34, 34, {}),
}


def host(text="", *, daemons=(SSHD,), **more):
    init = Parent("PID 1", Limit(8192, 1048576))
    return Host(1048576, daemons, init, limits=((MAIN, text),), accounts=ACCOUNTS, **more)


def decide(text="", user="www", floor=FLOOR, accept_half=False, **more):
    on = host(text, **more)
    return logins.decide(user, floor, on, logins.entries(on.limits), accept_half=accept_half)


@pytest.mark.parametrize(
    ("text", "more", "expected"),
    [
        ("www - nofile 70000", {}, f"already 70000:70000 ({MAIN}:1)"),
        ("www - nofile unlimited", {}, f"already 1048576:1048576 ({MAIN}:1 says unlimited)"),
        ("www hard nofile 70000\nwww soft nofile 5000", {}, f"already 5000:70000 ({MAIN}:2, {MAIN}:1)"),
        ("", {"daemons": (RICH, Parent("atd", Limit(4096, 65536)))}, "already 4096:65536 (inherited from cron, atd)"),
        ("", {}, "hard limit unchanged: already 524288 (inherited from sshd)"),
        ("www soft nofile 100", {}, f"hard limit unchanged: already 524288 ({MAIN}:1, inherited from sshd)"),
        ("www hard nofile 4096", {}, f"without nettune.tcp: 1024:4096 ({MAIN}:1, inherited from sshd)"),
        ("www soft nofile 8192\nwww hard nofile 4096", {}, f"without nettune.tcp: 4096:4096 ({MAIN}:1, {MAIN}:2)"),
        (
            "",
            {"daemons": (SSHD, CRON)},
            "hard above the floor, as without nettune.tcp (inherited from sshd, cron)",
        ),
        (
            "",
            {"daemons": (CRON, Parent("sshd", Limit(8192, 70000)), CRON)},
            "soft and hard above the floor, as without nettune.tcp (inherited from cron, sshd)",
        ),
        (
            "",
            {"daemons": (CRON, Parent("sshd", Limit(8192, 65536)))},
            "soft above the floor, as without nettune.tcp (inherited from cron, sshd)",
        ),
        (
            "www hard nofile 4096",
            {"session_base": Limit(1024, 1048576)},
            f"without nettune.tcp: 1024:4096 ({MAIN}:1, from PID 1, as this version of PAM does)",
        ),
        ("", {"set_all": frozenset({"sshd"})}, "already 8192:1048576 (from PID 1, by set_all for sshd)"),
        (
            "www hard nofile 4096",
            {"daemons": (SSHD, CRON), "set_all": frozenset({"sshd", "atd"})},
            f"without nettune.tcp: 2048:4096 ({MAIN}:1, inherited from cron, from PID 1, by set_all for sshd)",
        ),
        (
            "",
            {"daemons": (SSHD, CRON, POOR), "set_all": frozenset({"sshd", "cron"})},
            "hard limit unchanged: already 20000 (from PID 1, by set_all for sshd, cron)",
        ),
    ],
)
def test_reason_of_a_decision(text, more, expected):
    assert decide(text, **more).reason == expected


def test_half_of_the_floor_is_judged_by_its_soft_limit_and_the_poorest_login():
    found = decide("* soft nofile 2048", user="*", accept_half=True)
    without = logins.limits_of("*", host("* soft nofile 2048"), logins.entries(host("* soft nofile 2048").limits))
    reason = "left as is: 2048:524288 is at least half of 4096"
    assert found == Decision("*", FLOOR, without, None, None, reason, "", True)
    assert decide(user="*", accept_half=True, daemons=(HALF, RICH)).reason == reason
    assert not decide("* soft nofile 2048", user="*").accepted
    assert not decide("* soft nofile 4096", user="*", accept_half=True).accepted
    assert not decide("", user="*", accept_half=True, daemons=(SSHD, Parent("cron", Limit(2048, 524288)))).accepted
    on = host("* soft nofile 2048")
    assert not logins.decide("*", FLOOR, on, logins.entries(on.limits)).accepted


def test_decision_of_a_user_that_is_skipped():
    assert decide("www -").without_us.session.ended_by.line == 1
    exempt = decide("www -")
    skipped = f"{MAIN}:1 exempts this user from all limits"
    assert exempt == Decision("www", FLOOR, exempt.without_us, None, None, "", skipped, False)


@pytest.mark.parametrize(
    ("user", "more", "reason"),
    [
        ("www", {"pam": False}, "logins on this host do not use pam_limits: there is no /etc/security"),
        ("joe", {}, "no such account on this host"),
        ("Joe", {}, "the name of this account is joe@example.com on this host: use that name"),
        (
            "www",
            {"daemons": (SSHD, CRON, SSHD), "outside_pam": {"sshd": "A", "cron": "B"}},
            "logins on this host do not use pam_limits (A, B): raise the service of sshd, cron instead",
        ),
    ],
)
def test_why_a_user_is_skipped(user, more, reason):
    assert decide(user=user, **more) == Decision(user, FLOOR, None, None, None, "", reason, False)


def test_set_all_starts_the_sessions_of_one_daemon_from_pid_1():
    found = decide(daemons=(SSHD, CRON), set_all=frozenset({"sshd"})).without_us
    assert (found.low, found.high) == (Limit(2048, 4096), Limit(8192, 1048576))
    exempt = decide("www -", set_all=frozenset({"sshd"})).without_us
    assert exempt.low == SSHD.limit
    older = decide(session_base=Limit(1024, 1048576), set_all=frozenset({"sshd"})).without_us
    assert older.low == Limit(1024, 1048576)


@pytest.mark.parametrize(
    ("daemon", "text", "fatal", "low", "high"),
    [
        (Limit(2048, 20000), "www hard nofile 30000", True, Limit(2048, 20000), Limit(2048, 20000)),
        (Limit(2048, 20000), "www hard nofile 30000", False, Limit(1024, 20000), Limit(2048, 20000)),
        (Limit(512, 20000), "www hard nofile 30000", False, Limit(512, 20000), Limit(1024, 20000)),
        (Limit(512, 600), "www hard nofile 30000", False, Limit(512, 600), Limit(600, 600)),
        (Limit(2048, 20000), "www hard nofile 20000", False, Limit(2048, 20000), Limit(2048, 20000)),
        (Limit(2048, 20000), "", False, Limit(2048, 20000), Limit(2048, 20000)),
    ],
)
def test_sessions_whose_limit_cannot_be_set(daemon, text, fatal, low, high):
    found = decide(text, daemons=(Parent("sshd", daemon, may_raise=False),), failure_ends_session=fatal).without_us
    assert (found.low, found.high) == (low, high)


def test_session_without_a_line_keeps_a_limit_that_cannot_be_set_again():
    rich = Parent("sshd", Limit(2048, 2000000))
    assert decide(daemons=(rich,)).without_us.low == rich.limit


@pytest.mark.parametrize(
    ("text", "fatal", "expected"),
    [
        ("", True, ""),
        ("www soft nofile 30000", True, ""),
        ("www hard nofile 20000", True, ""),
        (
            "www hard nofile 20001",
            True,
            f"{MAIN}:1 says 20001, more than cron may set (20000), so su and login refuse sessions",
        ),
        (
            "www - nofile infinity",
            False,
            f"{MAIN}:1 says infinity, more than cron may set (20000), so sessions keep the limit they inherit",
        ),
    ],
)
def test_what_a_line_does_that_asks_for_too_much(text, fatal, expected):
    on = host(text, daemons=(SSHD, POOR, Parent("atd", Limit(1024, 30000))), failure_ends_session=fatal)
    session = logins.limits_of("www", on, logins.entries(on.limits)).session
    assert logins.impossible(session, on) == expected


def test_unlimited_is_not_too_much_where_pam_limits_replaces_it():
    for fails, expected in ((False, ""), (True, "more than sshd may set (1048576)")):
        on = host("www - nofile unlimited", unlimited_fails=fails)
        found = logins.impossible(logins.limits_of("www", on, logins.entries(on.limits)).session, on)
        assert expected in found
        assert bool(found) is fails


def test_the_daemon_with_the_least_ceiling_counts():
    assert logins.ceiling(host(daemons=(SSHD, POOR))) == 20000
    assert logins.ceiling(host(daemons=(POOR, SSHD), outside_pam={"cron": "A"})) == 1048576


HEADER = (
    "# Managed by Ansible (nettune.tcp.nofile_limits): profile web\n"
    "# The next run replaces what is changed here; state=absent removes this file.\n"
)
NAMED = "# At least 4096:65536 open files (soft:hard) for logins of: www joe.\n"
OTHERS = "# At least 8192 open files for all other logins that would get less than half as many.\n"
KEPT = "# A part that is missing, or higher than that, is so already without this file and is not lowered.\n"


def test_text_of_the_file_of_a_profile():
    low = decide("* - nofile 1024")
    joe = Decision("joe", FLOOR, skipped="no such account")
    others = {user: decide("* - nofile 1024", user=user, floor=Limit(8192, 8192)) for user in ("*", "root")}
    decisions = {"www": low, "joe": joe, **others}
    lines = "* soft nofile 8192\n* hard nofile 8192\nroot soft nofile 8192\nroot hard nofile 8192\n"
    www = "www soft nofile 4096\nwww hard nofile 65536\n"
    both = logins.render("web", Request(FLOOR, ("www", "joe"), logins=8192), decisions)
    assert both == f"{HEADER}{NAMED}{OTHERS}{KEPT}\n{www}{lines}"
    assert logins.render("web", Request(FLOOR, ("www", "joe")), decisions) == f"{HEADER}{NAMED}{KEPT}\n{www}"
    assert logins.render("web", Request(FLOOR, logins=8192), decisions) == f"{HEADER}{OTHERS}{KEPT}\n{lines}"
    assert logins.render("web", Request(FLOOR, ("joe",)), decisions) is None


@pytest.mark.parametrize(
    ("text", "daemons", "floor", "asked", "expected"),
    [
        ("", (SSHD, CRON), FLOOR, FLOOR, "www soft nofile 4096\nwww hard nofile 524288\n"),
        ("", (POOR,), FLOOR, FLOOR, "www soft nofile 4096\n"),  # the hard limit ends at the 20000 that it has
        ("www - nofile 4096", (SSHD,), Limit(8192, 8192), Limit(4096, 8192), "www hard nofile 8192\n"),
    ],
    ids=["as high as any login has", "capped", "asked by another profile"],
)
def test_lines_of_a_profile(text, daemons, floor, asked, expected):
    found = logins.render("web", Request(asked, ("www",)), {"www": decide(text, floor=floor, daemons=daemons)})
    assert found is not None
    assert found.partition("\n\n")[2] == expected


def test_a_line_is_as_high_as_any_login_has_it():
    found = decide(daemons=(CRON, Parent("sshd", Limit(8192, 524288))))
    assert (found.soft, found.hard) == (8192, 524288)


@pytest.mark.parametrize(
    ("line", "is_exception"),
    [
        ("joe soft nofile 4095", True),
        ("joe soft nofile 4096", False),
        ("joe hard nofile 65535", True),
        ("joe hard nofile 65536", False),
        ("joe - nofile 65535", True),
        ("joe - nofile 65536", False),
        ("joe - nofile 4096", True),
        ("joe - nofile unlimited", False),
        ("joe -", True),
        ("* - nofile 1", False),
        ("%joe - nofile 1", False),
    ],
)
def test_lines_that_give_less_than_everybody_gets(line, is_exception):
    on = host(line)
    assert bool(logins.exceptions(FLOOR, on, logins.entries(on.limits))) is is_exception


PATH = "/etc/security/limits.d/99-zz-nettune-web.conf"
BEFORE = Limit(1024, 4096)
RAISED = (Raised(7, 8, "ssh.service", BEFORE, (Limit(3000, 30000), Limit(2000, 50000))),)


@pytest.mark.parametrize(
    ("text", "raised", "now", "expected"),
    [
        ("root soft nofile 2000\n", (), Limit(2000, 4097), Limit(1024, 4097)),
        ("root soft nofile 2000\n", (), Limit(2001, 4097), Limit(2001, 4097)),
        ("root soft nofile 5000\n", (), Limit(1024, 4500), Limit(1024, 4500)),
        ("root hard nofile 50000\n", (), Limit(2000, 50000), Limit(2000, 4096)),
        ("root hard nofile 50000\n", (), Limit(2000, 50001), Limit(2000, 50001)),
        ("root soft nofile 2000\nroot hard nofile 50000\n", (), Limit(2000, 50000), BEFORE),
        ("", RAISED, Limit(3000, 50000), BEFORE),
        ("", RAISED, Limit(3001, 50001), Limit(3001, 50001)),
        ("", RAISED, Limit(512, 512), Limit(512, 512)),
        ("root soft nofile 5000\n", RAISED, Limit(5000, 50000), BEFORE),
    ],
)
def test_a_limit_up_to_our_highest_counts_as_ours(text, raised, now, expected):
    state = State(files={PATH: Written("web", (text,))}, raised=raised, logins=BEFORE)
    without = logins.without_us(host(daemons=(CRON, Parent("sshd", now))), state)
    assert [one.limit for one in without.login_daemons][1] == expected
    assert [one.name for one in without.login_daemons] == ["cron", "sshd"]
