# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._verify.differences import Difference
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.drift import lines

DRIFT = {"profile": "web", **Difference("k", "1", "2", "1", "running value differs")._asdict()}
GOOD = {"host": "good", "profiles": [{"name": "web"}], "drift": []}
DRIFTED = {"host": "drifted", "profiles": [{"name": "web"}], "drift": [DRIFT, DRIFT]}
BARE = {"host": "bare", "profiles": [], "drift": []}
UNKNOWN_FILE = {"host": "strange", "profiles": [], "drift": [DRIFT]}
DEAD = {"host": "dead", "unreachable": True, "reason": "Connection refused"}
BROKEN = {"host": "broken", "unreachable": False, "reason": "no python"}


@pytest.mark.parametrize(
    ("hosts", "missing", "summary"),
    [
        ([GOOD], [], "1 host: 1 ok"),
        ([GOOD, BARE], [], "2 hosts: 1 ok, 1 without a profile"),
        ([GOOD, DRIFTED], [], "2 hosts: 1 ok, 1 drifted"),
        ([UNKNOWN_FILE], [], "1 host: 1 drifted"),
        ([GOOD], [DEAD], "2 hosts: 1 ok, 1 unreachable"),
        ([], [BROKEN], "1 host: 1 failed"),
    ],
)
def test_summary(hosts, missing, summary):
    assert lines({"hosts": hosts, "missing": missing})[-1] == summary


def test_one_table_of_all_hosts():
    table = lines({"hosts": [BARE, DRIFTED, GOOD], "missing": [DEAD, BROKEN]})
    assert table[0].split()[:3] == ["HOST", "PROFILE", "WHAT"]
    assert [line.split()[0] for line in table[1:-2]] == ["drifted", "drifted", "dead", "broken", "bare"]
    assert table[3].endswith("unreachable: Connection refused")
    assert table[4].endswith("failed: no python")
    assert table[5].endswith("no profile has been applied here")
    assert "good" not in "".join(table)


def test_no_table_without_drift():
    assert lines({"hosts": [GOOD], "missing": []}) == ["1 host: 1 ok"]
    assert lines([]) == []


def test_rows_of_one_host():
    header, row = lines([DRIFT])
    assert header.split()[0] == "WHAT"
    assert row.split()[:4] == ["k", "1", "2", "1"]
