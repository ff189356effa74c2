# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of variables as -e, INI and YAML give them, and the types that come out."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.plugin_utils.options.convert import Type, convert

PORTS = Type("list", "raw")
NAMES = Type("list", choices=("keepalive", "orphans"))
PERCENT = Type("int", low=0, high=100)


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        *((value, Type("bool"), True) for value in (True, 1, "true", "True", "yes", "on", "1", " yes ")),
        *((value, Type("bool"), False) for value in (False, 0, "false", "False", "no", "off", "0")),
        *((value, Type("int"), 7005) for value in (7005, "7005", " 7005 ", "+7005", 7005.0, "7005.0")),
        *((value, Type("float"), 2.5) for value in (2.5, "2.5", "25e-1")),
        ("10", Type("float"), 10.0),
        (100, PERCENT, 100),
        ("web", Type("str"), "web"),
        (6.12, Type("str"), "6.12"),
        (7, Type("str"), "7"),
        *((value, PORTS, [7005]) for value in (7005, "7005", [7005], ["7005"], "[7005]")),
        *(
            (value, PORTS, [7005, "8001-8100"])
            for value in ("7005,8001-8100", "7005, 8001-8100", '[7005, "8001-8100"]')
        ),
        ("[7005, 8001-8100]", PORTS, [7005, "8001-8100"]),
        ("8001-8100", PORTS, ["8001-8100"]),
        *((value, Type("list"), ["a", "b"]) for value in ("[a,b]", "['a', 'b']", ' ["a", "b"]', "a,b")),
        ("[]", Type("list"), []),
        *((value, NAMES, ["keepalive"]) for value in ("keepalive", ["keepalive"], '["keepalive"]', "keepalive,")),
        ([1, "a"], Type("list"), ["1", "a"]),
        ({"a": 1}, Type("dict"), {"a": 1}),
        *((value, Type("dict"), {"a": 1}) for value in ('{"a": 1}', "{a: 1}", "{'a': 1}")),
        ("{net.ipv4.tcp_sack: {value: 1}}", Type("dict"), {"net.ipv4.tcp_sack": {"value": 1}}),
        ("{}", Type("dict"), {}),
        ("auto", Type("str", choices=("auto", "exact")), "auto"),
    ],
)
def test_value_is_converted(value: Any, kind: Type, expected: Any) -> None:
    found = convert("x", value, kind)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("value", "kind", "message"),
    [
        ("maybe", Type("bool"), "x is 'maybe'; it must be true or false."),
        (2, Type("bool"), "x is 2; it must be true or false."),
        ([], Type("bool"), "x is []; it must be true or false."),
        ("many", Type("int"), "x is 'many'; it must be a whole number."),
        ("65_536", Type("int"), "x is '65_536'; it must be a whole number."),
        ("64k", Type("int"), "x is '64k'; it must be a whole number."),
        (1.5, Type("int"), "x is 1.5; it must be a whole number."),
        (True, Type("int"), "x is true; it must be a whole number."),
        ([1], Type("int"), "x is [1]; it must be a whole number."),
        ("nan", Type("float"), "x is 'nan'; it must be a number."),
        ("1e999", Type("float"), "x is '1e999'; it must be a number."),
        (float("inf"), Type("int"), "x is Infinity; it must be a whole number."),
        ("101", PERCENT, "x is 101; it must be between 0 and 100."),
        (-1, Type("int", low=0), "x is -1; it must be 0 or more."),
        (True, Type("str"), "x is true; it must be text: write 'true' in quotes."),
        (["a"], Type("str"), 'x is ["a"]; it must be text.'),
        ({"a": 1}, Type("list"), 'x is {"a": 1}; it must be a list, or values separated by commas.'),
        *(
            (value, Type("list"), f"x is '{value}'; it must be a list, or values separated by commas.")
            for value in ("[a,b", "[a]b", "{a: 1}", "[" * 30, "{")
        ),
        ("{a: 1", Type("dict"), "x is '{a: 1'; it must be a dictionary, for example {name: value}."),
        ("EXACT", Type("str", choices=("exact",)), "x is 'EXACT'; did you mean exact?"),
        ("auto", Type("str", choices=("exact",)), "x is 'auto'; it must be exact."),
        ("bb", Type("list", choices=("a", "!a")), "x contains 'bb'; allowed are a; !NAME excludes one."),
        ([["a"]], Type("list"), 'x contains ["a"]; each element must be text.'),
        ("keepalife", NAMES, "x contains 'keepalife'; did you mean keepalive? Allowed are keepalive, orphans."),
        ("syn,orphans", NAMES, "x contains 'syn'; allowed are keepalive, orphans."),
        ("a=1", Type("dict"), "x is 'a=1'; it must be a dictionary, for example {name: value}."),
        (
            "exat",
            Type("str", choices=("auto", "exact")),
            "x is 'exat'; did you mean exact? Allowed are auto, exact.",
        ),
        ("a\nb\x1b[31m", Type("int"), "x is 'a b\\x1b[31m'; it must be a whole number."),
        ("y" * 100, Type("int"), "x is '" + "y" * 58 + "…; it must be a whole number."),
    ],
)
def test_value_is_refused_in_one_sentence(value: Any, kind: Type, message: str) -> None:
    with pytest.raises(InvalidOption) as caught:
        convert("x", value, kind)
    assert str(caught.value) == message
