# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import HIGHEST, Limit
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.request import (
    Request,
    floor_of_user,
    from_journal,
    from_options,
    highest,
    to_journal,
)


def options(**given):
    return {"soft": 4096, "hard": None, "users": ["root"], "services": [], "live": True, "persistent": True, **given}


def test_hard_defaults_to_soft():
    assert from_options(options()).floor == Limit(4096, 4096)
    assert from_options(options(hard=8192)).floor == Limit(4096, 8192)


def test_names_are_completed_and_deduplicated():
    request = from_options(options(users=["*", "root", "*"], services=["nginx", "nginx.service"]))
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
        *(
            ({option: value}, f"{option}: {value!r} is not allowed; use a whole number from 1 to")
            for option in ("soft", "hard", "logins")
            for value in ("infinity", "unlimited", -1, True, False, "yes", [[1]], float("inf"), 0.5)
        ),
        ({"soft": "9" * 1_000_000}, "9999"),
        ({"soft": "4096"}, "soft: '4096'"),
        ({"soft": 4096.0}, "soft: 4096.0"),
        ({"soft": 8192, "hard": 4096}, "soft: 8192 is above hard: 4096"),
        ({"users": ["a b"]}, "users: 'a b'"),
        ({"users": ["a#b"]}, "users: 'a#b'"),
        ({"users": ["a\nroot"]}, "users: "),
        ({"users": ["root\n"]}, "users: "),
        ({"users": [""]}, "users: ''"),
        ({"users": ["@web"]}, "groups and ranges are not supported"),
        ({"users": ["1000:"]}, "groups and ranges are not supported"),
        ({"users": ["%"]}, "users: '%'"),
        ({"users": [1000]}, "users: 1000"),
        ({"users": ["a" * 300]}, "users: "),
        ({"services": ["../x"]}, "services: '../x'"),
        ({"services": [7]}, "services: 7"),
        ({"logins": -1}, "logins: -1"),
        ({"logins": True}, "logins: True"),
        ({"logins": "8192"}, "logins: '8192'"),
        ({"users": [], "logins": 0}, "set users, services or logins"),
        ({"users": []}, "set users, services or logins"),
        ({"users": None, "services": None}, "set users, services or logins"),
        ({"live": False, "persistent": False}, "nothing to do"),
    ],
)
def test_error_names_the_invalid_option(given, named):
    with pytest.raises(InvalidOption) as refusal:
        from_options(options(**given))
    assert named in str(refusal.value)


@pytest.mark.parametrize("user", ["root", "www-data", "_apt", "samba$", "J.Doe", "joe@example.org", "CORP\\joe", "*"])
def test_valid_user_names(user):
    assert from_options(options(users=[user])).users == (user,)


def test_highest_floor():
    assert highest([Limit(1, 9), Limit(5, 5)]) == Limit(5, 9)
    assert highest([]) is None


@pytest.mark.parametrize(
    ("users", "logins", "all_users", "floors"),
    [
        (("www",), 0, ("www",), {"www": Limit(9, 9), "*": None, "root": None}),
        (("www",), 5, ("www", "*", "root"), {"www": Limit(9, 9), "*": Limit(5, 5), "root": Limit(5, 5)}),
        (("root",), 5, ("root", "*"), {"root": Limit(9, 9), "*": Limit(5, 5)}),
        ((), 5, ("*", "root"), {"www": None, "*": Limit(5, 5)}),
    ],
)
def test_users_and_their_floors(users, logins, all_users, floors):
    request = Request(Limit(9, 9), users, logins=logins)
    assert request.all_users == all_users
    assert {user: floor_of_user(user, [request]) for user in floors} == floors
    assert floor_of_user("*", [request, Request(Limit(7, 8), ("*",))]) == Limit(7, 8)


def test_round_trip_through_the_journal():
    request = from_options(options(services=["nginx"], live=False, logins=8192))
    assert from_journal(to_journal(request)) == request


def test_journal_without_logins():
    document = to_journal(Request(Limit(5, 5), ("root",)))
    del document["logins"]
    assert from_journal(document) == Request(Limit(5, 5), ("root",))


@pytest.mark.parametrize("name", ["user@", "user@.service", "user@1000.service"])
def test_user_managers_are_refused_with_what_works(name):
    with pytest.raises(InvalidOption, match=r"DefaultLimitNOFILE=.*/etc/systemd/user\.conf\.d"):
        from_options(options(services=["nginx", name]))
    assert from_options(options(services=["users@1"])).services == ("users@1.service",)
