# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import Parameter
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import request
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.request import (
    AT_LEAST,
    AT_MOST,
    EXACT,
    INCLUDE,
    Request,
)

BACKLOG = Parameter("net.core.somaxconn", "int", 0, 2**31 - 1)
RMEM = Parameter("net.ipv4.tcp_rmem", "vector", 1, 2**31 - 1, 3)
PORTS = Parameter("net.ipv4.ip_local_reserved_ports", "ports")
WORD = Parameter("net.ipv4.tcp_congestion_control", "word")
KEY = Parameter("net.ipv4.tcp_fastopen_key", "word", secret=True)


@pytest.mark.parametrize(
    ("parameter", "given", "request_", "shown"),
    [
        (BACKLOG, 8192, Request(EXACT, "8192"), "8192"),
        (BACKLOG, "0x2000", Request(EXACT, "8192"), "8192"),
        (BACKLOG, {"value": 8192}, Request(EXACT, "8192"), "8192"),
        (BACKLOG, {"at_least": "8192"}, Request(AT_LEAST, "8192"), {"at_least": "8192"}),
        (BACKLOG, {"at_most": 1}, Request(AT_MOST, "1"), {"at_most": "1"}),
        (RMEM, [4096, 87380, 6291456], Request(EXACT, "4096 87380 6291456"), "4096 87380 6291456"),
        (RMEM, {"at_least": "1 2\t3"}, Request(AT_LEAST, "1 2 3"), {"at_least": "1 2 3"}),
        (WORD, "bbr", Request(EXACT, "bbr"), "bbr"),
        (WORD, {"value": "bbr", "reason": "long paths"}, Request(EXACT, "bbr", reason="long paths"), "bbr"),
        (BACKLOG, {"value": 1, "reason": "a", "source": "b"}, Request(EXACT, "1", reason="a (b)"), "1"),
        (BACKLOG, {"value": 1, "source": "ip-sysctl.rst"}, Request(EXACT, "1", reason="ip-sysctl.rst"), "1"),
        (BACKLOG, {"value": 1, "reason": None, "source": ""}, Request(EXACT, "1"), "1"),
        (BACKLOG, {"value": 1, "reason": "two\nlines\r\n  = 5"}, Request(EXACT, "1", reason="two lines = 5"), "1"),
        (BACKLOG, {"value": 1, "reason": 7}, Request(EXACT, "1", reason="7"), "1"),
        (PORTS, {"include": [80, "8000-8100"]}, Request(INCLUDE, "80,8000-8100"), {"include": "80,8000-8100"}),
        (PORTS, {"include": "8000-8100, 80"}, Request(INCLUDE, "80,8000-8100"), {"include": "80,8000-8100"}),
        (PORTS, {"include": 80}, Request(INCLUDE, "80"), {"include": "80"}),
        (PORTS, {"include": []}, Request(INCLUDE, ""), {"include": ""}),
        (PORTS, {"include": "listeners"}, Request(INCLUDE, "", True), {"include": "listeners"}),
        (PORTS, {"include": ["listeners", 80]}, Request(INCLUDE, "80", True), {"include": "listeners,80"}),
        (PORTS, {"include": ["listeners", "listeners"]}, Request(INCLUDE, "", True), {"include": "listeners"}),
        (PORTS, {"value": "80"}, Request(EXACT, "80"), "80"),
        (PORTS, "", Request(EXACT, ""), ""),
    ],
)
def test_valid_requests(parameter: Parameter, given: Any, request_: Request, shown: Any) -> None:
    asked = request.from_option(parameter, given)
    assert asked == request_
    assert asked.shown() == shown
    journalled = json.loads(json.dumps(request.to_journal(asked)))
    assert request.from_journal(journalled) == asked


@pytest.mark.parametrize(
    ("parameter", "given", "message"),
    [
        (
            BACKLOG,
            {},
            "give exactly one of value, at_least, at_most, include, share_of_memory, not none",
        ),
        (BACKLOG, {"reason": "x"}, "share_of_memory, not none"),
        (BACKLOG, {"at_least": 1, "at_most": 2}, "not at_least and at_most"),
        (BACKLOG, {"value": 1, "at_least": 1}, "not value and at_least"),
        (BACKLOG, {"atleast": 1}, "'atleast' is not one of"),
        (BACKLOG, {"atleast": 1}, "did you mean at_least?"),
        (
            BACKLOG,
            {"minimum": 1},
            "'minimum' is not one of value, at_least, at_most, include, share_of_memory, reason, source",
        ),
        (BACKLOG, {1: 1}, "1 is not one of"),
        (BACKLOG, {None: 1}, "None is not one of"),
        (BACKLOG, {"value": None}, "None is neither"),
        (BACKLOG, {"at_least": True}, "True is not a kernel value"),
        (BACKLOG, {"at_least": {"value": 1}}, "is neither a whole number nor text"),
        (BACKLOG, {"at_least": -1}, "-1 is out of bounds"),
        (BACKLOG, {"value": 1, "reason": "a\0net.ipv4.ip_forward = 1"}, "reason"),
        (BACKLOG, {"value": 1, "source": "\x1b[2J"}, "source"),
        (BACKLOG, {"value": 1, "source": "\ud800"}, "source"),
        (RMEM, {"at_least": 4096}, "is not 3 numbers"),
        (WORD, {"at_least": "bbr"}, "at_least is only for numbers; the type of this parameter is word"),
        (PORTS, {"at_most": "80"}, "at_most is only for numbers; the type of this parameter is ports"),
        (BACKLOG, {"include": [80]}, "include is only for sets of ports; the type of this parameter is int"),
        (PORTS, {"include": ["Listeners"]}, "'Listeners' is neither a port"),
        (PORTS, {"include": None}, "None is neither"),
        (PORTS, {"include": {"a": 1}}, "is neither"),
        (PORTS, {"include": [[80], "x"]}, "contains a list"),
        (PORTS, {"include": 80.5}, "80.5 is neither"),
        (PORTS, {"include": "80 443"}, "'80 443' is neither a port"),
        (PORTS, {"value": ["listeners"]}, "'listeners' is neither a port"),
        (PORTS, ["listeners"], "'listeners' is neither a port"),
    ],
)
def test_invalid_requests(parameter: Parameter, given: Any, message: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        request.from_option(parameter, given)
    assert message in str(refused.value)
    assert str(refused.value).startswith(f"{parameter.name}: ")


def exact(value: str) -> Request:
    return Request(EXACT, value)


def floor(value: str) -> Request:
    return Request(AT_LEAST, value)


def ceiling(value: str) -> Request:
    return Request(AT_MOST, value)


def ports(value: str, *, listeners: bool = False) -> Request:
    return Request(INCLUDE, value, listeners)


@pytest.mark.parametrize(
    ("parameter", "requests", "joined"),
    [
        (BACKLOG, {"web": exact("5")}, exact("5")),
        (BACKLOG, {"web": exact("5"), "mail": exact("5")}, exact("5")),
        (BACKLOG, {"web": floor("5"), "mail": floor("7")}, floor("7")),
        (BACKLOG, {"web": floor("7"), "mail": floor("5"), "squid": floor("6")}, floor("7")),
        (BACKLOG, {"web": ceiling("5"), "mail": ceiling("7")}, ceiling("5")),
        (BACKLOG, {"web": floor("5"), "mail": exact("7")}, exact("7")),
        (BACKLOG, {"web": exact("7"), "mail": ceiling("7"), "a": floor("7")}, exact("7")),
        (RMEM, {"web": floor("1 20 3"), "mail": floor("10 2 3")}, floor("10 20 3")),
        (RMEM, {"web": exact("10 20 30"), "mail": floor("10 2 3")}, exact("10 20 30")),
        (PORTS, {"web": ports("80"), "mail": ports("25,81")}, ports("25,80-81")),
        (PORTS, {"web": ports("80"), "mail": ports("25", listeners=True)}, ports("25,80", listeners=True)),
        (PORTS, {"web": ports("80"), "mail": exact("25,80")}, exact("25,80")),
        (WORD, {"web": exact("bbr"), "mail": exact("bbr")}, exact("bbr")),
    ],
)
def test_requests_of_profiles_are_joined(parameter: Parameter, requests: dict[str, Request], joined: Request) -> None:
    assert request.join(parameter, requests) == joined
    backwards = dict(reversed(list(requests.items())))
    assert request.join(parameter, backwards) == joined


@pytest.mark.parametrize(
    ("parameter", "requests", "message"),
    [
        (BACKLOG, {"web": exact("5"), "mail": exact("6")}, ("profile web requests '5'", "profile mail requests '6'")),
        (BACKLOG, {"web": exact("5"), "mail": floor("6")}, ("profile web requests '5'", "{'at_least': '6'}")),
        (BACKLOG, {"web": ceiling("5"), "mail": exact("6")}, ("{'at_most': '5'}", "profile mail requests '6'")),
        (BACKLOG, {"web": floor("5"), "mail": ceiling("6")}, ("profile mail", "profile web")),
        (BACKLOG, {"a": floor("1"), "b": floor("2"), "c": ceiling("3")}, ("profile c requests {'at_most': '3'}",)),
        (RMEM, {"web": exact("1 2 3"), "mail": floor("1 2 4")}, ("'1 2 3'", "'1 2 4'")),
        (PORTS, {"web": exact("80"), "mail": ports("25")}, ("'80'", "{'include': '25'}")),
        (PORTS, {"web": exact(""), "mail": ports("25")}, ("profile web requests ''",)),
        (WORD, {"web": exact("bbr"), "mail": exact("cubic")}, ("'bbr'", "'cubic'")),
    ],
)
def test_conflict_names_both_profiles(
    parameter: Parameter, requests: dict[str, Request], message: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidOption) as refused:
        request.join(parameter, requests)
    for part in (f"{parameter.name}: ", *message):
        assert part in str(refused.value)


def test_conflict_about_a_secret_does_not_show_it() -> None:
    with pytest.raises(InvalidOption) as refused:
        request.join(KEY, {"web": exact("aaaa-bbbb"), "mail": exact("cccc-dddd")})
    assert "profile web" in str(refused.value)
    assert "aaaa" not in str(refused.value)
    assert "cccc" not in str(refused.value)


def test_request_of_an_earlier_journal_is_read() -> None:
    assert request.from_journal({"how": EXACT, "value": "5"}) == exact("5")
