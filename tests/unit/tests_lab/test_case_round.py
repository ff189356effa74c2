# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many cases at once: their order, what counts as a problem, and that one problem does not stop the others."""

from __future__ import annotations

from types import SimpleNamespace

import case_round
import pytest
from case import Between, Case
from case_round import CaseRound, evidence_line, mismatches, unhealthy
from namespaces import LabError


def finding(name, *, primary=False, because_of=None, profiles=(None,), **evidence):
    return {
        "id": name,
        "primary": primary,
        "because_of": because_of,
        "evidence": evidence,
        "remedies": [{"profile": profile} for profile in profiles],
    }


def diagnosis(*findings, unjudged=("tcp_memory",)):
    return {"findings": list(findings), "unjudged": [{"id": name, "reason": "it is absent"} for name in unjudged]}


HEALTHY = diagnosis()
EMFILE = diagnosis(finding("emfile", primary=True, profiles=("nofile",), pid=7))
PRIMARY = finding("last_ack", primary=True, profiles=(None, "orphans"), count=301, port=80, peers=["a"])
LAST_ACK = Case(lambda _bed: iter(()), finding="last_ack", remedies=("orphans",), never=("keepalive",))
FIGURES = {"count": Between(300, 302), "port": 80}


@pytest.fixture
def log():
    return []


@pytest.fixture
def run(monkeypatch, log):
    """Return a function that runs cases, {name: (generator, diagnoses of its host in order)}."""

    class FakeBed:
        def __init__(self, host, _peer, _sysctls):
            self.name = host.name

        def start_traffic(self):
            log.append(f"{self.name} traffic")

        def end(self):
            log.append(f"{self.name} ends")

    def run(**cases):
        def module(hosts, _module):
            log.append(f"diagnosis of {' '.join(hosts)}")
            return {host: cases[host][1].pop(0) for host in hosts}

        monkeypatch.setattr(case_round, "Testbed", FakeBed)
        ansible = SimpleNamespace(module=module, apply_remedies=lambda wanted: log.append(f"remedies {wanted}"))
        made = {}
        for name, (steps, _diagnoses) in cases.items():
            options = {} if steps is busy else {"finding": "emfile", "remedies": ("nofile",)}
            made[name] = (Case(steps, **options), SimpleNamespace(name=name), None)
        done = CaseRound(made, ansible)
        done.start()
        done.expect_healthy()
        done.cause()
        done.expect_findings()
        done.apply_remedies()
        done.fix()
        done.expect_healthy()
        done.end()
        return done

    def faulty(bed):
        yield
        log.append(f"{bed.name} fault")
        yield lambda: {"pid": 7}
        log.append(f"{bed.name} fix")

    run.faulty = faulty
    return run


def busy(_bed):
    yield


def broken(_bed):
    raise LabError("no server")
    yield  # pylint: disable=unreachable  # makes the function a generator


def test_a_case_from_start_to_end(run, log):
    done = run(web=(run.faulty, [HEALTHY, EMFILE, HEALTHY]))
    assert done.problems == {"web": []}
    assert done.evidence == {"web": "pid 7"}
    assert log == [
        "web traffic",
        "diagnosis of web",
        "web fault",
        "diagnosis of web",
        "remedies {'web': {'tuning_remedies': ['nofile']}}",
        "web fix",
        "diagnosis of web",
        "web ends",
    ]


@pytest.mark.parametrize(
    ("diagnoses", "problem"),
    [
        ([EMFILE], "false alarm: emfile {'pid': 7}"),
        ([HEALTHY, HEALTHY], "expected the primary finding emfile, got none"),
        ([HEALTHY, EMFILE, EMFILE], "false alarm: emfile {'pid': 7}"),
    ],
)
def test_a_case_with_a_problem_is_left_out_of_later_steps(run, log, diagnoses, problem):
    done = run(bad=(run.faulty, list(diagnoses)), good=(run.faulty, [HEALTHY, EMFILE, HEALTHY]))
    assert done.problems == {"bad": [problem], "good": []}
    assert sum(line.startswith("diagnosis") and "bad" in line for line in log) == len(diagnoses)


def test_a_case_that_cannot_start_does_not_stop_others(run):
    done = run(bad=(broken, []), good=(run.faulty, [HEALTHY, EMFILE, HEALTHY]))
    assert done.problems == {"bad": ["no server"], "good": []}


def test_a_busy_host_is_diagnosed_once_and_then_ended(run, log):
    done = run(busy=(busy, [HEALTHY]), good=(run.faulty, [HEALTHY, EMFILE, HEALTHY]))
    assert done.problems == {"busy": [], "good": []}
    assert log.index("busy ends") < log.index("good fix")
    assert [line for line in log if line.startswith("diagnosis")][1] == "diagnosis of busy good"


@pytest.mark.parametrize(
    ("found", "problems"),
    [
        (HEALTHY, []),
        (diagnosis(finding("emfile", count=1)), ["false alarm: emfile {'count': 1}"]),
        (diagnosis(unjudged=["tcp_memory", "close_wait"]), ["not judged: close_wait (it is absent)"]),
        (diagnosis(unjudged=[]), ["the diagnosis does not say that tcp_memory cannot be judged here"]),
    ],
)
def test_a_healthy_host_has_no_finding_and_everything_is_judged(found, problems):
    assert unhealthy(found) == problems


@pytest.mark.parametrize(
    ("findings", "problems"),
    [
        ([PRIMARY], []),
        ([], ["expected the primary finding last_ack, got none"]),
        ([finding("closing", primary=True)], ["expected the primary finding last_ack, got closing {}"]),
        ([{**PRIMARY, "evidence": {"count": 299, "port": 80}}], ["expected count 300 to 302, got 299"]),
        ([{**PRIMARY, "evidence": {"count": 300}}], ["expected port 80, got None"]),
        ([PRIMARY, finding("closing", because_of="last_ack")], ["false alarm: closing {}"]),
        ([finding("last_ack", primary=True, count=300, port=80)], ["remedy orphans is not proposed"]),
        (
            [finding("last_ack", primary=True, profiles=("orphans", "keepalive"), count=300, port=80)],
            ["remedy keepalive is proposed but cannot help"],
        ),
    ],
)
def test_a_finding_must_be_as_expected(findings, problems):
    assert mismatches(diagnosis(*findings), LAST_ACK, FIGURES) == problems


@pytest.mark.parametrize(
    ("others", "problems"),
    [
        ([finding("emfile", because_of="last_ack")], []),
        ([finding("emfile")], ["expected emfile because of last_ack, got None"]),
        ([], ["expected emfile because of last_ack, got absent"]),
    ],
)
def test_a_consequence_must_be_explained_by_its_cause(others, problems):
    case = Case(LAST_ACK.steps, finding="last_ack", consequences={"emfile": "last_ack"})
    assert mismatches(diagnosis(PRIMARY, *others), case, {}) == problems


@pytest.mark.parametrize(
    ("figure", "right", "wrong"), [(Between(2, 3), [2, 2.5, 3], [1.9, 3.1, None, "2"]), (Between(2, 2), [2], [1, 3])]
)
def test_a_figure_that_varies(figure, right, wrong):
    assert all(figure == number for number in right)
    assert not any(figure == number for number in wrong)


def test_evidence_in_a_line():
    peers = [{"address": "192.0.2.1", "count": 2}, {"address": "192.0.2.2", "count": 1}]
    found = diagnosis(finding("last_ack", primary=True, count=3, peers=peers))
    line = evidence_line(found, {"count": 3, "peers": peers, "pid": 1})
    assert line == "count 3, peers 192.0.2.1 2 192.0.2.2 1, pid None"
