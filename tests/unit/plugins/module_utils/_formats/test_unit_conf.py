# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats import unit_conf
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import INFINITY, Limit


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("4096", Limit(4096, 4096)),
        ("1024:524288", Limit(1024, 524288)),
        ("infinity", Limit(INFINITY, INFINITY)),
        ("1024:infinity", Limit(1024, INFINITY)),
        ("0x1000", Limit(4096, 4096)),
        ("010", Limit(8, 8)),
        ("0o10", Limit(8, 8)),
        ("0b11", Limit(3, 3)),
        ("+5", Limit(5, 5)),
        ("0", Limit(0, 0)),
    ],
)
def test_valid_values(value, expected):
    assert unit_conf.parse(value) == expected


@pytest.mark.parametrize(
    "value",
    ["", "64K", "1M", "1.5", "-1", '"7"', "7 8", "5:3", "infinity:5", "5:", ":5", "5:6:7", "5 : 6", "12x", "08", "many"]
    + ["18446744073709551615"],
)
def test_invalid_values(value):
    assert unit_conf.parse(value) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[Service]\nLimitNOFILE=5\n", ("f:2", 5)),
        ("[Service]\r\nLimitNOFILE=5\r\n", ("f:2", 5)),
        ("[Service]\n  LimitNOFILE = 5  \n", ("f:2", 5)),
        ("[Service]\nLimitNOFILE=5\nLimitNOFILE=6", ("f:3", 6)),
        ("[Service]\nLimitNOFILE=5\nLimitNOFILE=\n", ("f:2", 5)),
        ("[Service]\nLimitNOFILE=5\nLimitNOFILE=64K\n", ("f:2", 5)),
        ("[Service]\nLimitNOFILE=\\\n5\n", ("f:2", 5)),
        ("[Service]\nLimitNOFILE=\\\n# a word\n; another\n  5\n", ("f:2", 5)),
        ("[Service]\nExecStart=a \\\n# a word\n\nLimitNOFILE=5\n", ("f:5", 5)),
        ("[Service]\nExecStart=a \\\n  LimitNOFILE=5\n", None),
        ("[Service]\nExecStart=a \\\\\nLimitNOFILE=5\n", ("f:3", 5)),
        ("[Service]\nLimitNOFILE=5\\\n6\n", None),
        ("[Service]\nLimitNOFILE=5 # why\n", None),
        ("[Service]\n#LimitNOFILE=5\n;LimitNOFILE=5\n", None),
        ("[Service]\nlimitnofile=5\n", None),
        ("[Socket]\nLimitNOFILE=5\n", None),
        ("[Service]\n[Unit]\nLimitNOFILE=5\n", None),
        ("LimitNOFILE=5\n", None),
        ("[Service]\nLimitNOFILE=5\\", ("f:2", 5)),
        ("", None),
    ],
)
def test_last_assignment(text, expected):
    found = unit_conf.last_assignment([("f", text)], unit_conf.UNIT_KEY)
    assert (None if found is None else (str(found), found.limit.soft)) == expected


def test_later_file_wins_if_it_has_an_assignment():
    files = [("a", "[Service]\nLimitNOFILE=5"), ("b", "[Service]\nLimitNOFILE=6"), ("c", "[Service]\nNice=1")]
    found = unit_conf.last_assignment(files, unit_conf.UNIT_KEY)
    assert str(found) == "b:2"


def test_default_is_in_the_manager_section():
    files = [("/etc/systemd/system.conf", "[Manager]\n#DefaultLimitNOFILE=1\nDefaultLimitNOFILE=5:6\n")]
    assert unit_conf.last_assignment(files, unit_conf.DEFAULT_KEY).limit == Limit(5, 6)
    assert unit_conf.last_assignment(files, unit_conf.UNIT_KEY) is None


def test_rendered_drop_in_can_be_read():
    text = unit_conf.render(["who", "why"], Limit(5, 6))
    assert text == "# who\n# why\n\n[Service]\nLimitNOFILE=5:6\n"
    assert unit_conf.last_assignment([("f", text)], unit_conf.UNIT_KEY).limit == Limit(5, 6)
