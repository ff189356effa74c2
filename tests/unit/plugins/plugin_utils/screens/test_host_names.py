# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.host_names import natural, short


def numbered(prefix, numbers, suffix=""):
    return [f"{prefix}{number}{suffix}" for number in numbers]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], ""),
        (["web1"], "web1"),
        (["web2", "web1"], "web1, web2"),
        (numbered("web", range(1, 21)), "web[1-20]"),
        (numbered("web", [1, 2, 3, 5, 7, 8, 9]), "web[1-3], web5, web[7-9]"),
        (numbered("web", ["08", "09", "10"]), "web[08-10]"),
        (numbered("web", ["8", "09", "10"]), "web8, web09, web10"),
        (numbered("10.0.0.", range(9, 12)), "10.0.0.[9-11]"),
        (["r1-web1", "r1-web2", "r1-web3", "r2-web1"], "r1-web[1-3], r2-web1"),
        (["r1-web1", "r2-web1", "r3-web1"], "r[1-3]-web1"),
        (["a1b1", "a1b2", "a2b2", "a2b3"], "a1b1, a1b2, a2b2, a2b3"),
        (["web", "db", "web"], "db, web"),
        (numbered("n", range(1, 4), ".example.com"), "n[1-3].example.com"),
    ],
)
def test_short(names, expected):
    assert short(names) == expected


def test_natural_order():
    names = ["web10", "web9", "Web1", "10.0.0.2", "10.0.0.10", "a"]
    assert sorted(names, key=natural) == ["10.0.0.2", "10.0.0.10", "Web1", "a", "web9", "web10"]
