# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many cases at once, each on hosts of its own: all are well, all fall ill, all are cured; diagnosed each time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, Iterable, Mapping, TextIO

from ansible_output import AnsibleFailed
from case import Case, lab_for
from cases import CASES
from examination import Examination
from namespaces import LabError
from verdicts import healthy, sick, told


class Round:
    """Some of CASES in one lab. After all() `complaints` has what was wrong with each, `told` what was found of it."""

    def __init__(self, names: Iterable[str], *, log: TextIO, say: Callable[[str], None]) -> None:
        self._names = list(names)
        self._say = say
        self._log = log
        fakes = {key: value for name in self._names for key, value in CASES[name].fakes.items()}
        hosts = [host for name in self._names for host in (host_of(name), peer_of(name))]
        self._lab = lab_for(hosts, fakes=fakes)
        self._cases: dict[str, Case] = {}
        self.complaints: dict[str, list[str]] = {name: [] for name in self._names}
        self.told: dict[str, str] = {}

    def all(self) -> None:
        """From the good day to the cure; a case that fails is left out of what follows."""
        with self._lab:
            examination = Examination(self._lab, self._log)
            try:
                self._cases = {name: self._case(name) for name in self._names}
                self._each("a good day", lambda case: case.begin())
                # Who is to be only busy is found healthy once, later.
                self._diagnose(examination, self._judge_healthy, which=lambda case: bool(case.finding))
                self._each("it falls ill", lambda case: case.sicken())
                self._diagnose(examination, self._judge_sick)
                self._cure(examination)
                self._diagnose(examination, self._judge_healthy)
            finally:
                for case in self._cases.values():
                    case.end()

    def _case(self, name: str) -> Case:
        case = CASES[name](self._lab[host_of(name)], self._lab[peer_of(name)])
        for key, value in case.settings.items():
            case.set(key, value)
        return case

    def _each(self, what: str, act: Callable[[Case], Any]) -> None:
        """Do it to all cases at the same time."""
        self._say(what)
        going = self._going()
        with ThreadPoolExecutor(len(going) or 1) as pool:
            for name, done in [(name, pool.submit(act, case)) for name, case in going.items()]:
                try:
                    done.result()
                except LabError as error:
                    self.complaints[name].append(str(error))

    def _going(self) -> dict[str, Case]:
        return {name: case for name, case in self._cases.items() if not self.complaints[name]}

    def _diagnose(
        self,
        examination: Examination,
        judge: Callable[[str, Case, Mapping[str, Any]], list[str]],
        *,
        which: Callable[[Case], bool] = lambda _case: True,
    ) -> None:
        going = {name: case for name, case in self._going().items() if which(case)}
        if not going:
            return
        self._say(f"{len(going)} hosts are diagnosed")
        found = examination.diagnose([host_of(name) for name in going])
        for name, case in going.items():
            self.complaints[name] += judge(name, case, found[host_of(name)])

    def _judge_healthy(self, _name: str, case: Case, diagnosis: Mapping[str, Any]) -> list[str]:
        return healthy(diagnosis)

    def _judge_sick(self, name: str, case: Case, diagnosis: Mapping[str, Any]) -> list[str]:
        if not case.finding:
            return healthy(diagnosis)
        expected = case.expected()
        self.told[name] = told(diagnosis, expected.figures)
        return sick(diagnosis, expected)

    def _cure(self, examination: Examination) -> None:
        going = self._going()
        for name in [name for name, case in going.items() if not case.finding]:
            self._cases.pop(name).end()
        try:
            examination.cure({host_of(name): case for name, case in self._going().items()})
        except AnsibleFailed as error:
            raise LabError(f"the cure failed: {error}") from error
        self._each("they are cured", _recover)


def _recover(case: Case) -> None:
    case.mend()
    case.wait(case.recovered, what=f"cured by: {case.cured_by}")


def host_of(name: str) -> str:
    """The host that falls ill in a case."""
    return "sick-" + name.replace("_", "-")


def peer_of(name: str) -> str:
    """The host where its clients or servers are."""
    return "peer-of-" + name.replace("_", "-")
