# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many cases at once: their order, and that one which fails harms no other."""

from __future__ import annotations

import contextlib
import io

import pytest
import rounds
from ansible_output import AnsibleFailed
from case import Case
from namespaces import LabError

HEALTHY = {"findings": [], "unjudged": [{"id": "tcp_memory", "why": "tcp_mem is absent"}]}
SICK = {
    "findings": [{"id": "emfile", "primary": True, "because_of": None, "evidence": {"pid": 7}, "remedies": []}],
    "unjudged": HEALTHY["unjudged"],
}


class Ill(Case):
    """It falls ill."""

    finding = "emfile"
    cured_by = "nothing"

    def begin(self):
        done.append(f"{self.host} begins")

    def sicken(self):
        done.append(f"{self.host} sickens")

    def figures(self):
        return {"pid": 7}

    def mend(self):
        done.append(f"{self.host} is mended")

    def end(self):
        done.append(f"{self.host} ends")


class NeverBegins(Ill):
    """It cannot even begin."""

    def begin(self):
        raise LabError("no server")


class Busy(Ill):
    """It is only busy."""

    finding = ""


class FakeLab(contextlib.nullcontext):
    def __getitem__(self, name):
        return name


class FakeExamination:
    """Answers with what `answers` holds for each host, one after the other."""

    def __init__(self, _lab, _log):
        pass

    def diagnose(self, hosts):
        done.append(f"diagnosis of {' '.join(hosts)}")
        return {host: answers[host].pop(0) for host in hosts}

    def cure(self, cases):
        done.append(f"cure of {' '.join(cases)}")


done: list[str] = []
answers: dict[str, list] = {}


@pytest.fixture
def run(monkeypatch):
    done.clear()
    monkeypatch.setattr(rounds, "lab_for", lambda _hosts, fakes: FakeLab())
    monkeypatch.setattr(rounds, "Examination", FakeExamination)

    def run(cases, found):
        answers.update({rounds.host_of(name): list(rows) for name, rows in found.items()})
        monkeypatch.setattr(rounds, "CASES", cases)
        made = rounds.Round(cases, log=io.StringIO(), say=lambda what: None)
        made.all()
        return made

    return run


def test_healthy_sick_cured(run):
    made = run({"ill": Ill}, {"ill": [HEALTHY, SICK, HEALTHY]})
    assert made.complaints == {"ill": []}
    assert made.told == {"ill": "pid 7"}
    assert done == [
        "sick-ill begins",
        "diagnosis of sick-ill",
        "sick-ill sickens",
        "diagnosis of sick-ill",
        "cure of sick-ill",
        "sick-ill is mended",
        "diagnosis of sick-ill",
        "sick-ill ends",
    ]


@pytest.mark.parametrize(
    ("found", "complaint"),
    [
        ([SICK], "a false alarm: emfile {'pid': 7}"),
        ([HEALTHY, HEALTHY], "emfile was to be the primary finding, not nothing"),
        ([HEALTHY, SICK, SICK], "a false alarm: emfile {'pid': 7}"),
    ],
)
def test_a_complaint_at_each_stage_and_no_more_of_that_case(run, found, complaint):
    made = run({"ill": Ill, "well": Ill}, {"ill": found, "well": [HEALTHY, SICK, HEALTHY]})
    assert made.complaints == {"ill": [complaint], "well": []}
    assert done.count("sick-ill ends") == done.count("sick-well ends") == 1


def test_a_case_that_cannot_begin_is_left_out(run):
    made = run({"broken": NeverBegins, "ill": Ill}, {"ill": [HEALTHY, SICK, HEALTHY]})
    assert made.complaints == {"broken": ["no server"], "ill": []}
    assert "diagnosis of sick-ill" in done


def test_a_busy_host_is_ended_where_there_is_nothing_to_cure(run):
    made = run({"busy": Busy, "ill": Ill}, {"busy": [HEALTHY], "ill": [HEALTHY, SICK, HEALTHY]})
    assert made.complaints == {"busy": [], "ill": []}
    assert done.index("sick-busy ends") < done.index("cure of sick-ill")
    assert done[-2:] == ["diagnosis of sick-ill", "sick-ill ends"]


def test_all_are_ended_where_ansible_fails(run, monkeypatch):
    def fail(_self, _hosts):
        raise AnsibleFailed("no module")

    monkeypatch.setattr(FakeExamination, "diagnose", fail)
    with pytest.raises(AnsibleFailed):
        run({"ill": Ill}, {})
    assert done[-1] == "sick-ill ends"
