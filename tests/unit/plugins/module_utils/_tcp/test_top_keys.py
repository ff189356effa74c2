# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import random

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._tcp import top_keys
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.top_keys import TopKeys, largest


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(top_keys, "LIMIT", 100)


def fed(stream):
    """Return the keys counted in chunks, as in a walk."""
    keys = TopKeys()
    for start in range(0, len(stream), 40):
        for group, key in stream[start : start + 40]:
            keys.tables[group][key] += 1
        keys.trim()
    return keys


def test_few_keys_are_exact():
    keys = fed([(1, b"a"), (1, b"b"), (2, b"a"), (1, b"a")])
    assert keys.tables == {1: {b"a": 2, b"b": 1}, 2: {b"a": 1}}
    assert keys.inexact() == ""


@pytest.mark.usefixtures("small")
def test_memory_is_bounded_and_so_is_the_error():
    stream = [(1, b"often")] * 3000 + [(1, b"%d" % number) for number in range(5000)] + [(2, b"also")] * 500
    random.Random(1).shuffle(stream)
    keys = fed(stream)
    assert sum(map(len, keys.tables.values())) <= 100
    for group, key, true in ((1, b"often", 3000), (2, b"also", 500)):
        assert true - keys.error[group] <= keys.tables[group][key] <= true
    assert largest(keys.tables[1], 1)[0][0] == b"often"
    assert (
        keys.inexact()
        == f"more than 100 different: counts may be too low by up to {keys.error[1]}, and rarer ones missing"
    )


@pytest.mark.usefixtures("small")
def test_the_largest_group_is_trimmed_first():
    keys = fed([(1, b"%d" % number) for number in range(120)] + [(2, b"one"), (2, b"two")])
    assert keys.tables[2] == {b"one": 1, b"two": 1}
    assert keys.error[1] > 0


@pytest.mark.parametrize(
    ("counts", "top", "expected"),
    [
        ({"a": 1, "b": 3, "c": 2}, 2, [("b", 3), ("c", 2)]),
        ({"b": 1, "a": 1}, 5, [("a", 1), ("b", 1)]),
        ({}, 5, []),
    ],
)
def test_largest(counts, top, expected):
    assert largest(counts, top) == expected
