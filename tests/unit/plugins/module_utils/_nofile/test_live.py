# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import Limit
from ansible_collections.nettune.tcp.plugins.module_utils._nofile import live
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.journal import Raised
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.live import Change
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.snapshot import Host, Parent, Process

INIT = Parent("PID 1", Limit(1048576, 1048576))
BEFORE, OURS = Limit(1024, 4096), Limit(8192, 8192)


def host(*processes: Process, may_raise: bool = True) -> Host:
    return Host(1048576, (INIT,), INIT, processes=processes, may_raise=may_raise)


def process(limit: Limit = BEFORE, *, name: str = "nginx", ours: bool = True) -> Process:
    return Process(7, 70, name, "a.service", limit, ours)


@pytest.mark.parametrize(
    ("limit", "wanted", "may_raise", "ours", "expected", "reason"),
    [
        (BEFORE, OURS, True, False, OURS, ""),
        (OURS, OURS, False, False, OURS, ""),
        (BEFORE, OURS, False, True, Limit(4096, 4096), live.NO_CAPABILITY),
        (BEFORE, Limit(4096, 4096), False, True, Limit(4096, 4096), ""),
        (BEFORE, OURS, False, False, BEFORE, live.OTHER_USER),
        (BEFORE, Limit(2000000, 2000000), True, True, Limit(1048576, 1048576), "2000000 is above fs.nr_open"),
        (Limit(1, 2000000), Limit(4096, 2000000), True, True, Limit(1, 2000000), "2000000 is above fs.nr_open"),
        (Limit(2000000, 2000000), BEFORE, True, True, BEFORE, ""),
    ],
)
def test_reach(limit: Limit, wanted: Limit, may_raise: bool, ours: bool, expected: Limit, reason: str) -> None:
    found, why = live.reach(process(limit, ours=ours), wanted, host(may_raise=may_raise))
    assert found == expected
    assert why.startswith(reason)
    assert bool(why) is bool(reason)


@pytest.mark.parametrize(
    ("now", "floor", "after", "foreign"),
    [
        (OURS, Limit(16384, 16384), Limit(16384, 16384), False),
        (OURS, None, BEFORE, False),
        (BEFORE, None, BEFORE, False),
        (Limit(5000, 5000), None, Limit(5000, 5000), True),
    ],
)
def test_change_starts_from_the_limit_before_us(now: Limit, floor: Limit | None, after: Limit, foreign: bool) -> None:
    row = Raised(7, 70, "a.service", BEFORE, (OURS,))
    (change,) = live.changes([process(now)], [row], lambda _unit: floor, host())
    assert (change.after, change.foreign) == (after, foreign)


def test_attempts_end_with_what_needs_no_capability() -> None:
    assert live.attempts(process(), OURS) == [OURS, Limit(4096, 4096)]
    assert live.attempts(process(), Limit(2048, 4096)) == [Limit(2048, 4096)]


def test_journal_forgets_ended_and_restored_processes() -> None:
    ended = Raised(8, 80, "a.service", BEFORE, (OURS,))
    running = process()
    raised = Change(running, BEFORE, OURS, OURS)
    assert live.raised_after([ended], [raised], host(running)) == (Raised(7, 70, "a.service", BEFORE, (OURS,)),)
    restored = Change(running, BEFORE, BEFORE, BEFORE)
    assert live.raised_after([Raised(7, 70, "a.service", BEFORE, (OURS,))], [restored], host(running)) == ()


@pytest.mark.parametrize(
    ("name", "after", "reason"),
    [
        ("nginx", OURS, None),
        ("nginx", BEFORE, "nginx runs with 1024:4096; a restart gives it 8192:8192"),
        ("squid", OURS, "squid: its descriptor table is sized at start (max_filedescriptors)"),
    ],
)
def test_restart_reasons(name: str, after: Limit, reason: str | None) -> None:
    change = Change(process(name=name), BEFORE, OURS, after)
    assert live.restart_reasons([change], {"a.service": OURS}).get("a.service") == reason
