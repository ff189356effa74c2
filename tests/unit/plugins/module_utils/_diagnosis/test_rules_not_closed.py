# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.engine import diagnose
from ansible_collections.nettune.tcp.tests.unit.support.diagnosed import found, host
from ansible_collections.nettune.tcp.tests.unit.support.sick_hosts import SICK


def test_the_process_and_its_time_left():
    finding = found(SICK["leak that reaches the limit soon"][2])["close_wait"]
    assert finding["title"] == "300 connections in CLOSE_WAIT that nginx (PID 711, nginx.service) does not close"
    evidence = {name: finding["evidence"][name] for name in ("count", "pid", "unit", "growth", "share", "seconds_left")}
    assert evidence == {
        "count": 300,
        "pid": 711,
        "unit": "nginx.service",
        "growth": 2.0,
        "share": 29.3,
        "seconds_left": 162,
    }


@pytest.mark.parametrize(
    ("row", "unjudged"),
    [
        ({"count": 1, "reason": "no permission to inspect 1 process"}, False),
        ({"count": 146, "reason": "no permission to inspect 146 processes"}, True),
        # Facts of an earlier release.
        ({"reason": "no permission to inspect 146 processes"}, False),
        ({"reason": "more than 65536 sockets: counts are estimates from 1 in 2 of them"}, False),
    ],
)
def test_hidden_processes_leave_ghosts_unjudged(row, unjudged):
    facts = host(partial=[{"what": "processes", **row}])
    assert ("ghost_descriptors" in {row["id"] for row in diagnose(facts)["unjudged"]}) == unjudged


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        (host(processes=[], nofile__processes=[]), None),
        (host(processes=None, nofile__processes=[]), ["processes"]),
        (host(processes__0__ghosts=None, nofile__processes=[]), ["processes.ghosts"]),
        (host(processes=None, nofile__processes__0__ghosts=None), ["processes.ghosts"]),
        (host(processes=None), None),
        (host(processes=[], nofile__processes__0__ghosts=None), None),
    ],
)
def test_ghosts_that_were_not_counted(facts, missing):
    assert {row["id"]: row["missing"] for row in diagnose(facts)["unjudged"]}.get("ghost_descriptors") == missing
