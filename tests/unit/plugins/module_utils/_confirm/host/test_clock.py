# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The time of day may be set forward or back; deadlines are in seconds since boot, and do not move."""

from __future__ import annotations

import ast
import time
from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host import take_back
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host.waiting import PendingChange
from ansible_collections.nettune.tcp.tests.unit.support.confirm_runs import Site, site_at
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import FIN

UTILS = Path(__file__).parents[6] / "plugins" / "module_utils"
YEARS = 10 * 365 * 86400.0
# The time of day is only shown: the deadline of a pending change, the start and the end of a trial, the time of facts.
SHOWN_ONLY = {
    "_confirm/host/take_back.py": ["gmtime", "strftime"],
    "_confirm/host/waiting.py": ["gmtime", "strftime", "time"],
    "_diagnosis/host/snapshot.py": ["gmtime", "strftime"],
    "_trial/host/trials.py": ["gmtime", "strftime", "time", "time"],
    "_tcp/host/facts.py": ["gmtime", "strftime"],
}


class WithClock(Site):
    """A host whose time of day is off by `jump` seconds."""

    jump = 0.0

    def confirm(self) -> PendingChange:
        return PendingChange(
            self.files,
            process=self.process,
            host=self.script_host,
            monotonic=lambda: self.clock,
            clock=lambda: 1800000000.0 + self.clock + self.jump,
        )


@pytest.fixture
def site(tmp_path: Path) -> WithClock:
    host = site_at(tmp_path).host
    return WithClock(host, host)


@pytest.mark.parametrize("jump", [YEARS, -YEARS])
def test_change_is_rolled_back_at_its_deadline_whatever_the_time_of_day(site: WithClock, jump: float) -> None:
    site.sysctl(settings={FIN: 30}, confirm_within=60)
    site.jump = jump
    site.advance(59)
    assert (site.pending(), site.host.value(FIN)) == (True, "30")
    site.advance(1)
    assert (site.pending(), site.host.value(FIN)) == (False, "60")


@pytest.mark.parametrize("jump", [YEARS, -YEARS])
def test_change_can_be_confirmed_after_the_clock_was_set(site: WithClock, jump: float) -> None:
    site.sysctl(settings={FIN: 30}, confirm_within=60)
    site.jump = jump
    site.advance(59)
    site.sysctl(state="confirmed")
    site.advance(1000)
    assert site.host.value(FIN) == "30"


@pytest.mark.parametrize("jump", [YEARS, -YEARS])
def test_process_waits_by_the_clock_since_boot(site: WithClock, jump: float, monkeypatch: pytest.MonkeyPatch) -> None:
    site.clock = time.monotonic()
    site.sysctl(settings={FIN: 30}, confirm_within=1)
    due = site.document()["pending"]["due"]
    monkeypatch.setattr(time, "time", lambda: 1800000000.0 + jump)
    take_back.wait(site.script_host, due, {"unit": "none"})
    assert due <= time.monotonic() < due + 30
    assert site.host.value(FIN) == "60"


def test_nothing_on_a_host_decides_by_the_time_of_day() -> None:
    found: dict[str, list[str]] = {}
    for path in sorted(UTILS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            is_time = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "time"
            if is_time and node.attr not in ("monotonic", "sleep", "perf_counter"):
                found.setdefault(str(path.relative_to(UTILS)), []).append(node.attr)
    assert {path: sorted(names) for path, names in found.items()} == SHOWN_ONLY
