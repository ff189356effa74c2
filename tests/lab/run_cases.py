# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the cases of the lab: real TCP faults on local test hosts, diagnosed, fixed, and diagnosed again.

    python3 tests/lab/run_cases.py                   list the cases
    python3 tests/lab/run_cases.py show last_ack     show one case, step by step
    python3 tests/lab/run_cases.py check             check the quick cases, all at once
    python3 tests/lab/run_cases.py check all         check all cases
    python3 tests/lab/run_cases.py check CASE ...    check these cases

`check` fails if anything on this machine changes. Exit codes: 0 success, 1 failure, 2 invalid arguments, 77 local
test hosts are not possible here.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Callable, Sequence, TextIO

from ansible_run import Ansible, summary
from case_round import DIAGNOSIS, CaseRound
from cases import CASES, NO_CASE
from lab import Lab
from machine import this_machine
from namespaces import LabError, missing_requirement
from terminal import Terminal

_ROOT = Path(__file__).resolve().parents[2]
_LOG = Path(".cache/logs/cases.log")
_STATE = ".cache/lab"
_COUNT_STATES = "ss -tanH | awk '{++S[$1]} END {for (a in S) print a, S[a]}' | sort"
_IMPOSSIBLE = 77


def case_list() -> str:
    """Return a line for each case, and for each finding that cannot have one."""
    rows = {name: _impossible(name) or case.description for name, case in CASES.items()}
    rows.update({name: f"No case: {reason}." for name, reason in NO_CASE.items()})
    width = max(map(len, rows))
    return "\n".join(f"  {name.ljust(width)}  {text}" for name, text in rows.items())


def _impossible(name: str) -> str:
    reason = CASES[name].why_not()
    return f"Not possible here: {reason}." if reason else ""


class ShownCase:
    """One case, shown step by step: normal traffic, the fault, its finding, the fix, and a healthy host again."""

    def __init__(self, name: str, terminal: Terminal, log: TextIO) -> None:
        self._case, self._terminal, self._log = CASES[name], terminal, log

    def run(self) -> None:
        """Show all steps on new hosts. The hosts are removed at the end, also after an error."""
        with Lab(["web1", "client"], state=_STATE, own_tcp_hash=True, fakes=self._case.fakes) as lab:
            self._host = lab["web1"]
            self._ansible = Ansible(lab, self._log, self._terminal.progress)
            self._round = CaseRound({"it": (self._case, lab["web1"], lab["client"])}, self._ansible)
            try:
                self._steps()
            finally:
                self._round.end()

    def _steps(self) -> None:
        case, terminal = self._case, self._terminal
        terminal.step("Normal traffic", "web1 is healthy; client is the other end of its connections.")
        terminal.output(*(f"web1: {key} = {value}" for key, value in (case.start_with or {}).items()))
        self._do(self._round.start)
        if case.finding:
            self._diagnose(self._round.expect_healthy)
        terminal.step("The fault" if case.finding else "A busy host", case.description)
        self._do(self._round.cause)
        self._diagnose(self._round.expect_findings)
        if not case.finding:
            return
        terminal.step("The report", "What the playbook `diagnose` prints for this host.")
        terminal.command(f"ansible-playbook -i {_STATE}/inventory.yml playbooks/diagnose.yml -e target=web1")
        for result in self._ansible.playbook("playbooks/diagnose.yml", "-e", "target=web1"):
            terminal.output(*result.diff)
        terminal.pause(
            "The hosts stay until you press Enter. To look around, run `. .cache/venv/bin/activate` and the commands "
            "above in another terminal, as root and in this directory."
        )
        terminal.step("The fix", f"{case.fixed_by[:1].upper()}{case.fixed_by[1:]}.")
        terminal.output(*(f"{name}: {json.dumps(value)}" for name, value in case.role_variables.items()))
        terminal.output(*summary(self._round.apply_remedies(), host="web1", diffs_only=True))
        self._do(self._round.fix)
        self._diagnose(self._round.expect_healthy)

    def _do(self, step: Callable[[], None]) -> None:
        step()
        if self._round.problems["it"]:
            raise LabError("; ".join(self._round.problems["it"]))
        self._terminal.command(_COUNT_STATES)
        self._terminal.output(*self._host.run("sh", "-c", _COUNT_STATES).stdout.splitlines())

    def _diagnose(self, expect: Callable[[], None]) -> None:
        self._terminal.command(f"ansible web1 -i {_STATE}/inventory.yml --playbook-dir playbooks -m {DIAGNOSIS}")
        expect()
        problems, evidence = self._round.problems["it"], self._round.evidence.pop("it", "")
        statement = f"primary finding {self._case.finding}, as caused: {evidence}" if evidence else "no findings"
        self._terminal.check(not problems, statement, "\n".join(problems))


def show(name: str) -> int:
    """Show one case and return the exit code."""
    if _impossible(name):
        print(f"{name}: {_impossible(name)}")
        return _IMPOSSIBLE
    terminal = Terminal()
    terminal.title(f"{name}: {CASES[name].description}")
    with _LOG.open("w", encoding="utf-8") as log:
        return terminal.run(ShownCase(name, terminal, log).run)


def check(names: Sequence[str]) -> int:
    """Check all cases at the same time, print a line for each, and return the exit code."""
    skipped = [name for name in names if _impossible(name)]
    chosen = [name for name in names if name not in skipped]
    before = this_machine()
    try:
        with _LOG.open("w", encoding="utf-8") as log:
            done = _round(chosen, log)
    except LabError as error:
        print(f"the lab failed: {error}")
        return 1
    for name, problems in done.problems.items():
        print(f"{'FAILED' if problems else 'ok':6} {name}: {done.evidence.get(name, 'nothing found')}")
        print("".join(f"       {problem}\n" for problem in problems), end="")
    print("".join(f"skip   {name}: {_impossible(name)}\n" for name in skipped), end="")
    changed = before.differences(this_machine())
    print("".join(f"this machine changed: {difference}\n" for difference in changed), end="")
    failed = [name for name in chosen if done.problems[name]]
    line = f"gate: {len(chosen)} cases" + (f", skipped: {' '.join(skipped)}" if skipped else "")
    print(line + (f", failed: {' '.join(failed)}" if failed else ""))
    return 1 if failed or changed else 0


def _round(names: Sequence[str], log: TextIO) -> CaseRound:
    """Run cases in one lab, all at the same time."""
    fakes = {key: value for name in names for key, value in (CASES[name].fakes or {}).items()}
    hosts = {name: (name.replace("_", "-"), f"peer-of-{name.replace('_', '-')}") for name in names}
    began = time.monotonic()
    every = [host for pair in hosts.values() for host in pair]
    with Lab(every, state=f"{_STATE}-check", own_tcp_hash=True, fakes=fakes) as lab:
        cases = {name: (CASES[name], lab[host], lab[peer]) for name, (host, peer) in hosts.items()}
        done = CaseRound(cases, Ansible(lab, log))
        steps: dict[str, Callable[[], object]] = {
            "starting normal traffic": done.start,
            "diagnosing the healthy hosts": done.expect_healthy,
            "causing the faults": done.cause,
            "diagnosing the faults": done.expect_findings,
            "applying remedies": done.apply_remedies,
            "fixing the faults": done.fix,
            "diagnosing the fixed hosts": done.expect_healthy,
        }
        try:
            for what, step in steps.items():
                print(f"{time.monotonic() - began:5.1f} s: {what}", flush=True)
                step()
        finally:
            done.end()
    return done


def main(arguments: Sequence[str]) -> int:
    """Run the command, and return its exit code."""
    os.chdir(_ROOT)
    command, *names = arguments or ["list"]
    if command == "check":
        names = list(CASES) if names == ["all"] else names or [name for name, case in CASES.items() if case.quick]
    unknown = [name for name in names if name not in CASES]
    if command not in ("list", "show", "check") or unknown or (command == "show" and len(names) != 1):
        error = f"unknown case: {' '.join(unknown)}" if unknown else f"invalid arguments: {' '.join(arguments)}"
        print(f"{error}. Cases:\n{case_list()}")
        return 2
    if command == "list":
        print(f"Cases of the lab; show one with make lab CASE=name.\n{case_list()}")
        return 0
    missing = missing_requirement()
    if missing:
        print(missing)
        return _IMPOSSIBLE
    _LOG.parent.mkdir(parents=True, exist_ok=True)
    return show(names[0]) if command == "show" else check(names)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
