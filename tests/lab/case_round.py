# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run cases at the same time, each on two hosts of one lab, and diagnose their hosts together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, Mapping

from ansible_run import Ansible, Result
from case import Case, Figures, Phases
from inventory import Host
from namespaces import LabError
from testbed import Testbed

DIAGNOSIS = "nettune.tcp.tcp_diagnosis_info"
# A network namespace has no tcp_mem and no tcp_max_orphans, and conntrack may not be loaded.
_NOT_JUDGED_HERE = {"tcp_memory", "orphans", "conntrack"}


class CaseRound:
    """Methods to be called in order. A case with a problem is left out of the following ones.

    cases: each with its host and its peer, by name. `problems` and `evidence` have the problems of each case and the
    evidence of its finding.
    """

    def __init__(self, cases: Mapping[str, tuple[Case, Host, Host]], ansible: Ansible) -> None:
        self._cases = {name: case for name, (case, _host, _peer) in cases.items()}
        self._hosts = {name: (host, peer) for name, (_case, host, peer) in cases.items()}
        self._ansible = ansible
        self._beds: dict[str, Testbed] = {}
        self._steps: dict[str, Phases] = {}
        self._figures: dict[str, Figures | None] = {}
        self._ended: set[str] = set()
        self.problems: dict[str, list[str]] = {name: [] for name in cases}
        self.evidence: dict[str, str] = {}

    def start(self) -> None:
        """Start the processes and the normal traffic of all cases."""
        self._each(self._start)

    def cause(self) -> None:
        """Cause the faults."""
        self._each(lambda name: self._figures.update({name: next(self._steps[name])}))

    def apply_remedies(self) -> list[Result]:
        """Apply the remedies of all cases with the role `tuning`, and return Ansible's results."""
        wanted = {self._hosts[name][0].name: self._cases[name].role_variables for name in self._running()}
        wanted = {host: variables for host, variables in wanted.items() if variables}
        return self._ansible.apply_remedies(wanted) if wanted else []

    def fix(self) -> None:
        """Fix the faults, and wait until they are gone."""
        self._each(lambda name: next(self._steps[name], None))

    def end(self) -> None:
        """End all processes."""
        for bed in self._beds.values():
            bed.end()

    def expect_healthy(self) -> None:
        """Diagnose the hosts of cases with faults, before or after the fault. Every finding is a problem."""
        for name, diagnosis in self._diagnose(self._faulty()).items():
            self.problems[name] += unhealthy(diagnosis)

    def expect_findings(self) -> None:
        """Diagnose all hosts while the faults last, and end the cases of busy hosts."""
        for name, diagnosis in self._diagnose(self._running()).items():
            figures = self._figures[name]
            if figures is None:
                self.problems[name] += unhealthy(diagnosis)
                self._beds[name].end()
                self._ended.add(name)
            else:
                expected = figures()
                self.evidence[name] = evidence_line(diagnosis, expected)
                self.problems[name] += mismatches(diagnosis, self._cases[name], expected)

    def _start(self, name: str) -> None:
        case = self._cases[name]
        bed = self._beds[name] = Testbed(*self._hosts[name], case.start_with)
        if case.traffic:
            bed.start_traffic()
        self._steps[name] = case.steps(bed)
        if case.finding:
            next(self._steps[name])

    def _diagnose(self, names: list[str]) -> dict[str, Any]:
        hosts = {self._hosts[name][0].name: name for name in names}
        found = self._ansible.module(list(hosts), DIAGNOSIS) if hosts else {}
        return {hosts[host]: diagnosis for host, diagnosis in found.items()}

    def _running(self) -> list[str]:
        return [name for name in self._cases if not self.problems[name] and name not in self._ended]

    def _faulty(self) -> list[str]:
        return [name for name in self._running() if self._cases[name].finding]

    def _each(self, act: Callable[[str], Any]) -> None:
        """Call `act` with the name of each running case, all at the same time."""
        running = self._running()
        with ThreadPoolExecutor(len(running) or 1) as pool:
            for name, done in [(name, pool.submit(act, name)) for name in running]:
                try:
                    done.result()
                except LabError as error:
                    self.problems[name].append(str(error))


def unhealthy(diagnosis: Mapping[str, Any]) -> list[str]:
    """Return the false alarms of a diagnosis of a healthy host, and the rules that could not be judged."""
    return [f"false alarm: {_named(finding)}" for finding in diagnosis["findings"]] + _not_judged(diagnosis)


def mismatches(diagnosis: Mapping[str, Any], case: Case, figures: Mapping[str, Any]) -> list[str]:
    """Return how a diagnosis differs from the finding, figures, consequences and remedies of a case."""
    findings = diagnosis["findings"]
    primary = next((found for found in findings if found["primary"]), None)
    if primary is None or primary["id"] != case.finding:
        return [f"expected the primary finding {case.finding}, got {_named(primary) if primary else 'none'}"]
    evidence, profiles = primary["evidence"], {remedy["profile"] for remedy in primary["remedies"]}
    others = {found["id"]: found for found in findings if found is not primary}
    lines = [
        f"expected {name} {figure!r}, got {evidence.get(name)!r}"
        for name, figure in figures.items()
        # The figure comes first, because a Between compares itself.
        if not figure == evidence.get(name)  # noqa: SIM201  # a figure may define == alone
    ]
    lines += [f"remedy {name} is not proposed" for name in case.remedies if name not in profiles]
    lines += [f"remedy {name} is proposed but cannot help" for name in case.never if name in profiles]
    lines += _not_judged(diagnosis)
    lines += [f"false alarm: {_named(others[name])}" for name in others if name not in (case.consequences or {})]
    for name, cause in (case.consequences or {}).items():
        explained = others[name]["because_of"] if name in others else "absent"
        if explained != cause:
            lines.append(f"expected {name} because of {cause}, got {explained}")
    return lines


def evidence_line(diagnosis: Mapping[str, Any], figures: Mapping[str, Any]) -> str:
    """Return the primary finding's evidence for these figures, in a line."""
    evidence = next((found["evidence"] for found in diagnosis["findings"] if found["primary"]), {})
    return ", ".join(f"{name} {_short(evidence.get(name))}" for name in figures)


def _not_judged(diagnosis: Mapping[str, Any]) -> list[str]:
    rows = {row["id"]: row["reason"] for row in diagnosis["unjudged"]}
    lines = [] if "tcp_memory" in rows else ["the diagnosis does not say that tcp_memory cannot be judged here"]
    return lines + [f"not judged: {name} ({reason})" for name, reason in rows.items() if name not in _NOT_JUDGED_HERE]


def _named(finding: Mapping[str, Any]) -> str:
    return f"{finding['id']} {finding['evidence']}"


def _short(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(" ".join(map(str, row.values())) if isinstance(row, dict) else str(row) for row in value)
    return str(value)
