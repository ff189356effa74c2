# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of cases: every finding has one, and each says what a person wants to know of it."""

from __future__ import annotations

import pathologies
import pytest
from case import Case
from cases import CASES

FINDINGS = {
    *("port_exhaustion", "tw_overflow", "close_wait", "ghost_descriptors", "last_ack", "fin_wait1", "closing"),
    *("fin_wait2_orphaned", "fin_wait2_owned", "syn_queue", "accept_queue", "emfile", "enfile", "conntrack"),
    *("tcp_memory", "paws", "idle_established"),
}
CAN = {name: kind for name, kind in CASES.items() if not kind.why_not()}


def test_every_finding_has_a_case_of_its_name():
    assert {name for name, kind in CASES.items() if name == kind.finding} == FINDINGS


def test_nothing_else_is_expected():
    assert {kind.finding for kind in CASES.values()} - {""} == FINDINGS


@pytest.mark.parametrize("name", CASES)
def test_each_tells_its_story(name):
    assert CASES[name].story().endswith(".")
    assert CASES[name].story() != Case.story()


@pytest.mark.parametrize("name", CAN)
def test_each_falls_ill_and_is_cured_if_it_is_not_just_busy(name):
    kind = CAN[name]
    assert kind.sicken is not Case.sicken
    assert bool(kind.finding) == (not name.startswith("busy_"))
    if kind.finding:
        assert kind.cured_by
        assert kind.figures is not Case.figures
        assert kind.mend is not Case.mend or kind.remedies or kind.tuning
    assert not set(kind.remedies) & set(kind.never)


def test_the_list_has_all_of_them(capsys):
    assert pathologies.main([]) == 0
    lines = capsys.readouterr().out.splitlines()[1:]
    assert [line.split()[0] for line in lines] == list(CASES)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "last_ak"], "no such case: last_ak. There are:"),
        (["check", "last_ack", "nonsense"], "no such case: nonsense. There are:"),
        (["show"], "not understood: show. There are:"),
        (["show", "last_ack", "closing"], "not understood: show last_ack closing. There are:"),
        (["cure", "last_ack"], "not understood: cure last_ack. There are:"),
    ],
)
def test_what_is_not_understood_is_answered_with_the_list(arguments, said, capsys):
    assert pathologies.main(arguments) == 2
    out = capsys.readouterr().out
    assert out.splitlines()[0] == said
    assert "  last_ack " in out
