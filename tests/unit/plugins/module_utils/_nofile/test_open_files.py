# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import INFINITY, Limit
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.open_files import OpenFiles, first_number, nearest


def process(pid=1, descriptors=10, soft=1000):
    return OpenFiles(pid, "nginx", None, descriptors, Limit(soft, 524288))


@pytest.mark.parametrize(
    ("descriptors", "soft", "ratio"),
    [
        (500, 1024, 0.4883),
        (0, 1024, 0.0),
        (20, 10, 2.0),
        (7, INFINITY, 0.0),
        (7, 0, None),
        (None, 1024, None),
    ],
)
def test_ratio(descriptors, soft, ratio):
    assert process(descriptors=descriptors, soft=soft).ratio == ratio


def test_nearest_first_and_unknown_last():
    rows = [
        process(1, None),
        process(2, 10),
        process(3, 10, soft=0),
        process(4, 900),
        process(5, 20, soft=2000),
        process(6, 10),
    ]
    assert [one.pid for one in nearest(rows)] == [4, 5, 2, 6, 3, 1]


def test_first_number():
    assert first_number("1456\t0\t2466177\n") == 1456


@pytest.mark.parametrize("text", ["", "\n", "x", "-1", "²", "1.5 2"])
def test_text_without_a_number(text):
    with pytest.raises(MalformedInput, match="does not begin with a number"):
        first_number(text)
