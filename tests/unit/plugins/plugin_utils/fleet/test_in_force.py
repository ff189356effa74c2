# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.in_force import Member, verdict
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.members import Missing

DRIFT = {"profile": "web", "what": "k", "wanted": "1", "running": "2", "boot": "1", "why": "not in force"}
GOOD = Member("good", {"profiles": [{"name": "web"}], "not_in_force": []})
BAD = Member("bad", {"profiles": [{"name": "web"}], "not_in_force": [DRIFT, DRIFT]})
BARE = Member("bare", {"profiles": [], "not_in_force": []})
STRANGE = Member("strange", {"profiles": [], "not_in_force": [DRIFT]})
DEAD = Missing("dead", "Connection refused\n", unreachable=True)
BROKEN = Missing("broken", "no python")


@pytest.mark.parametrize(
    ("members", "holds", "said"),
    [
        ([GOOD], True, "1 host: 1 in force"),
        ([GOOD, BARE], True, "2 hosts: 1 in force, 1 without a profile"),
        ([GOOD, BAD], False, "2 hosts: 1 in force, 1 not as their profiles say"),
        ([STRANGE], False, "1 host: 1 not as their profiles say"),
        ([DEAD, GOOD], False, "2 hosts: 1 in force, 1 could not be asked"),
        ([BROKEN], False, "1 host: 1 could not be asked"),
    ],
)
def test_what_counts(members: list, holds: bool, said: str) -> None:
    found = verdict(members)
    assert (found.holds, found.lines[-1]) == (holds, said)


def test_one_table_says_it_of_all_hosts() -> None:
    lines = verdict([DEAD, BARE, BAD, GOOD, BROKEN]).lines
    assert lines[0].split()[:3] == ["HOST", "PROFILE", "WHAT"]
    assert [line.split()[0] for line in lines[1:-2]] == ["bad", "bad", "dead", "broken", "bare"]
    assert lines[3].endswith("unreachable: Connection refused")
    assert lines[4].endswith("failed: no python")
    assert lines[5].endswith("no profile has been applied here")
    assert "good" not in "".join(lines)


def test_where_all_is_well_there_is_no_table() -> None:
    assert verdict([GOOD]).lines == ["1 host: 1 in force"]
