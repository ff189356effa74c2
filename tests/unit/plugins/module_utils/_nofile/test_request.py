# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import HIGHEST, Limit
from ansible_collections.nettune.tcp.plugins.module_utils._nofile import request as nofile_request
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.request import Request


def options(**given):
    return {"soft": 4096, "hard": None, "users": ["root"], "services": [], "live": True, "persistent": True, **given}


def test_hard_is_soft_where_it_is_left_out():
    assert nofile_request.from_options(options()).floor == Limit(4096, 4096)
    assert nofile_request.from_options(options(hard=8192)).floor == Limit(4096, 8192)


def test_names_are_completed_and_said_once():
    request = nofile_request.from_options(options(users=["*", "root", "*"], services=["nginx", "nginx.service"]))
    assert (request.users, request.services) == (("*", "root"), ("nginx.service",))


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"soft": None}, "soft: None"),
        ({"soft": True}, "soft: True"),
        ({"hard": True}, "hard: True"),
        ({"soft": 0}, "soft: 0"),
        ({"soft": -1}, "soft: -1"),
        ({"soft": HIGHEST + 1}, "never infinity"),
        ({"soft": "4096"}, "soft: '4096'"),
        ({"soft": 4096.0}, "soft: 4096.0"),
        ({"soft": 8192, "hard": 4096}, "soft: 8192 is above hard: 4096"),
        ({"users": ["a b"]}, "users: 'a b'"),
        ({"users": ["a#b"]}, "users: 'a#b'"),
        ({"users": ["a\nroot"]}, "users: "),
        ({"users": ["root\n"]}, "users: "),
        ({"users": [""]}, "users: ''"),
        ({"users": ["@web"]}, "groups and ranges are not taken"),
        ({"users": ["1000:"]}, "groups and ranges are not taken"),
        ({"users": ["%"]}, "users: '%'"),
        ({"users": [1000]}, "users: 1000"),
        ({"users": ["a" * 300]}, "users: "),
        ({"services": ["../x"]}, "services: '../x'"),
        ({"services": [7]}, "services: 7"),
        ({"logins": -1}, "logins: -1"),
        ({"logins": True}, "logins: True"),
        ({"logins": "8192"}, "logins: '8192'"),
        ({"users": [], "logins": 0}, "at least one name"),
        ({"users": []}, "at least one name"),
        ({"users": None, "services": None}, "at least one name"),
        ({"live": False, "persistent": False}, "nothing to do"),
    ],
)
def test_refusals_say_what_was_given(given, named):
    with pytest.raises(InvalidOption) as refusal:
        nofile_request.from_options(options(**given))
    assert named in str(refusal.value)


@pytest.mark.parametrize("user", ["root", "www-data", "_apt", "samba$", "J.Doe", "joe@example.org", "CORP\\joe", "*"])
def test_names_of_users(user):
    assert nofile_request.from_options(options(users=[user])).users == (user,)


def test_the_highest_floor_of_several():
    assert nofile_request.highest([Limit(1, 9), Limit(5, 5)]) == Limit(5, 9)
    assert nofile_request.highest([]) is None


@pytest.mark.parametrize(
    ("users", "logins", "everyone", "floors"),
    [
        (("www",), 0, ("www",), {"www": Limit(9, 9), "*": None, "root": None}),
        (("www",), 5, ("www", "*", "root"), {"www": Limit(9, 9), "*": Limit(5, 5), "root": Limit(5, 5)}),
        (("root",), 5, ("root", "*"), {"root": Limit(9, 9), "*": Limit(5, 5)}),
        ((), 5, ("*", "root"), {"www": None, "*": Limit(5, 5)}),
    ],
)
def test_whose_logins_it_is_about(users, logins, everyone, floors):
    request = Request(Limit(9, 9), users, logins=logins)
    assert request.everyone == everyone
    assert {user: nofile_request.of_user(user, [request]) for user in floors} == floors
    assert nofile_request.of_user("*", [request, Request(Limit(7, 8), ("*",))]) == Limit(7, 8)


def test_through_the_journal_and_back():
    request = nofile_request.from_options(options(services=["nginx"], live=False, logins=8192))
    assert nofile_request.from_journal(nofile_request.to_journal(request)) == request


def test_a_journal_of_before_logins():
    document = nofile_request.to_journal(Request(Limit(5, 5), ("root",)))
    del document["logins"]
    assert nofile_request.from_journal(document) == Request(Limit(5, 5), ("root",))
