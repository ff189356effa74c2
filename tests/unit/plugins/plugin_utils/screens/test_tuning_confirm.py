# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes that are pending, and changes that are confirmed."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.tests.unit.support.tuned_hosts import (
    FILE,
    failed,
    host,
    row,
    screen,
    sysctl,
    texts,
)

DEADLINE = "2026-11-28T22:10:52Z"
ASKED = {"pending_sysctl": {"confirm": {"pending": True, "deadline": DEADLINE}}, "pending_nofile": {"skipped": True}}


def pending(**more):
    return host(
        {"tuning_confirm_within": 60},
        sysctl=sysctl(row(boot=(None, None)), files=(), confirm={"pending": True, "deadline": DEADLINE}),
        **more,
    )


def test_a_pending_change_has_its_deadline():
    lines = texts({"web1": pending(**ASKED), "web2": pending(**ASKED)})
    assert lines[3:5] == [f"  the host rolls the change back at {DEADLINE} unless it is confirmed", "    before"]
    assert lines[-1] == "Profile web: 2 hosts pending."


def test_a_confirmed_change_has_the_values_at_boot():
    lines = texts({"web1": pending(**ASKED, confirmed_sysctl=sysctl(row(before="1", after="1")))})
    assert "  net.ipv4.tcp_tw_reuse  2       1      default -> 1" in lines
    assert f"  written: {FILE}" in lines
    assert lines[-1] == "Profile web: 1 host confirmed."


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ({"health_url": {"status": -1, "msg": "refused"}}, "the health URL does not answer with status 200: refused."),
        ({"health_command": {"rc": 2, "msg": "non-zero", "stderr": "ls: x"}}, "the health command failed: ls: x."),
        ({"health_command": {"rc": 1, "msg": "non-zero", "stderr": ""}}, "the health command failed: exit code 1."),
        ({"confirmed_sysctl": failed("EROFS")}, "confirming the kernel parameters failed: EROFS."),
    ],
)
def test_a_change_that_is_not_confirmed_fails_with_the_reason_and_the_deadline(step, reason):
    fine = {"health_url": {"status": 200, "msg": "OK"}, "health_command": {"rc": 0, "msg": ""}}
    found = screen({"web1": pending(**ASKED, **{**fine, **step})})
    assert found.failures["web1"]["msg"] == (
        f"not confirmed: {reason} The host rolls the change back at {DEADLINE} unless it is confirmed before."
        " To try again, run the same command with --tags confirm."
    )


@pytest.mark.parametrize(
    ("results", "check_mode", "line"),
    [
        ({"pending_sysctl": {"confirm": {"pending": False}}}, False, "web1: no change is pending"),
        (ASKED, True, "web1: would confirm"),
        ({**ASKED, "confirmed_sysctl": sysctl()}, False, "web1: confirmed"),
        ({"pending_sysctl": failed("the window has expired")}, False, "web1: not confirmed: the window has expired."),
    ],
)
def test_the_entry_point_confirm(results, check_mode, line):
    assert texts({"web1": host(**results)}, entry="confirm", check_mode=check_mode)[0] == line
