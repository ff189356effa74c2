# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.text import printable


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain, gräßlich, 日本", "plain, gräßlich, 日本"),
        ("gr\udce9", "gr\\udce9"),
        ("half \ud83d", "half \\ud83d"),
        ({"a\udcff": ["\udce9", ("x",), 1, None, True]}, {"a\\udcff": ["\\udce9", ["x"], 1, None, True]}),
    ],
)
def test_unprintable_characters_are_escaped(value, expected):
    assert printable(value) == expected
    assert json.dumps(printable(value), ensure_ascii=False).encode()
