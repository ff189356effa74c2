# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.json_shape import Each, Fixed, Maybe, Whole, check

RECORD = Whole({"name": str, "ours": [str], "left": Maybe(str)})


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ({"name": "x", "ours": []}, RECORD),
        ({"name": "x", "ours": ["1"], "left": None, "more": 1}, RECORD),
        ({}, {"name": str}),
        ({"a": {"name": "x", "ours": []}}, Each(RECORD)),
        ([1, 2], Fixed(int, 2)),
        ((1 << 64) - 1, int),
        (1, float),
    ],
)
def test_value_of_that_shape(value: Any, shape: Any) -> None:
    check(value, shape)


@pytest.mark.parametrize(
    ("value", "shape", "message"),
    [
        ({"name": "x"}, RECORD, "it has no ours$"),
        ({}, RECORD, "it has no name, ours$"),
        ({"name": "x", "ours": [1]}, RECORD, "ours is 1"),
        ({"name": "x", "ours": [], "left": 2}, RECORD, "left is 2"),
        ([], RECORD, r"it is \[\]"),
        ({"a": {}}, Each(RECORD), "a has no name"),
        ([1, 2, 3], Fixed(int, 2), "it has 3 values, not 2"),
        (True, int, "it is True"),
        (-1, int, "it is -1"),
        (1 << 64, int, "it is 18446744073709551616"),
        (1.5, int, "it is 1.5"),
    ],
)
def test_value_of_another_shape(value: Any, shape: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        check(value, shape)
