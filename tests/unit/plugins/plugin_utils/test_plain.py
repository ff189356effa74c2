# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections import OrderedDict
from types import MappingProxyType

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain


class Text(str):
    """Like the tagged strings of ansible-core, for which str() returns the same object."""

    __slots__ = ()

    def __str__(self):  # pylint: disable=invalid-str-returned  # Text is a str, as in ansible-core 2.19
        return self


class Number(int):
    __slots__ = ()


class Ratio(float):
    __slots__ = ()


def types(value):
    """Return the exact types of a value and of everything in it."""
    inner = value if isinstance(value, list) else [*value, *value.values()] if isinstance(value, dict) else []
    return {type(value)}.union(*map(types, inner))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, None),
        (True, True),
        (Text("web1"), "web1"),
        (Number(9), 9),
        (Ratio(0.5), 0.5),
        ((1, Text("a")), [1, "a"]),
        (MappingProxyType({Text("a"): [Text("b")]}), {"a": ["b"]}),
        (OrderedDict([("z", 1), ("a", OrderedDict(b=Number(2)))]), {"z": 1, "a": {"b": 2}}),
        ({1: "key"}, {"1": "key"}),
    ],
)
def test_only_json_types_remain(given, expected):
    found = plain(given)
    assert found == expected
    assert types(found) == types(expected)


def test_encrypted_text_is_decrypted():
    encrypted = type("EncryptedString", (), {"__str__": lambda _self: "https://user:word@web1/"})()
    assert plain([encrypted]) == ["https://user:word@web1/"]


def test_the_order_of_keys_is_kept():
    assert list(plain({"z": 1, "a": 2})) == ["z", "a"]


@pytest.mark.parametrize("value", [object(), {"a": {1, 2}}, [b"bytes"]], ids=["object", "set", "bytes"])
def test_a_value_without_a_json_type_is_refused(value):
    with pytest.raises(MalformedInput, match=r"of type (object|set|bytes) is not text"):
        plain(value)
