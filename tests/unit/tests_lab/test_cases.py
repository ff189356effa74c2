# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of cases and the command line of the lab."""

from __future__ import annotations

import pytest
import run_cases
from cases import CASES, NO_CASE

FINDINGS = {
    *("port_exhaustion", "tw_overflow", "close_wait", "ghost_descriptors", "last_ack", "fin_wait1", "closing"),
    *("fin_wait2_orphaned", "fin_wait2_owned", "syn_queue", "accept_queue", "emfile", "enfile", "conntrack"),
    *("tcp_memory", "paws", "idle_established", "syn_sent", "bound_ports", "retransmits", "resets", "orphans"),
}


def test_every_finding_has_a_case_or_a_reason():
    assert {name for name, case in CASES.items() if name == case.finding} | set(NO_CASE) == FINDINGS
    assert {case.finding for case in CASES.values()} - {""} <= FINDINGS


@pytest.mark.parametrize("name", CASES)
def test_each_case_is_complete(name):
    case = CASES[name]
    assert case.description.endswith(".")
    assert bool(case.finding) == bool(case.fixed_by) == (not name.startswith("busy_"))
    assert not set(case.remedies) & set(case.never)


def test_the_list_has_all_cases(capsys):
    assert run_cases.main([]) == 0
    lines = capsys.readouterr().out.splitlines()[1:]
    assert [line.split()[0] for line in lines] == [*CASES, *NO_CASE]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["show", "last_ak"], "unknown case: last_ak. Cases:"),
        (["check", "last_ack", "nonsense"], "unknown case: nonsense. Cases:"),
        (["show"], "invalid arguments: show. Cases:"),
        (["show", "last_ack", "closing"], "invalid arguments: show last_ack closing. Cases:"),
        (["cure", "last_ack"], "invalid arguments: cure last_ack. Cases:"),
    ],
)
def test_an_invalid_command_line_prints_the_list(arguments, message, capsys):
    assert run_cases.main(arguments) == 2
    out = capsys.readouterr().out
    assert out.splitlines()[0] == message
    assert "  last_ack " in out
