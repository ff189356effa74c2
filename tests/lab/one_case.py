# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One case shown to a person: a good day, how it falls ill, the incident card, the cure, and a good day again."""

from __future__ import annotations

import json
from typing import TextIO

from ansible_output import message, recap, short, task_results
from case import Case, lab_for
from cases import CASES
from claims import claim
from examination import Examination, diagnosis_command
from narration import Narrator
from verdicts import healthy, sick, told

STATE = ".cache/lab"
_INVENTORY = f"{STATE}/inventory.yml"
_HOST, _PEER = "web1", "client"
_COUNT = "ss -tanH | awk '{++S[$1]} END {for (a in S) print a, S[a]}' | sort"


class OneCase:
    """The story of one of CASES."""

    def __init__(self, name: str, narrator: Narrator, log: TextIO) -> None:
        self._kind = CASES[name]
        self._say = narrator
        self._log = log

    def tell(self) -> None:
        """From the first connection to the last; the hosts are gone in any case."""
        with lab_for([_HOST, _PEER], state=STATE, fakes=self._kind.fakes) as lab:
            examination = Examination(lab, self._log, watch=self._say.progress)
            case = self._kind(lab[_HOST], lab[_PEER])
            try:
                self._good_day(case, examination)
                self._ill(case, examination)
                if case.finding:
                    self._card(examination)
                    self._cure(case, examination)
            finally:
                case.end()

    def _good_day(self, case: Case, examination: Examination) -> None:
        self._say.step("A good day", f"{_HOST} is well; {_PEER} is at the other end of its connections.")
        for key, value in case.settings.items():
            case.set(key, value)
            self._say.output(f"{_HOST}: {key} = {value}, so that small numbers are enough")
        case.begin()
        self._healthy(case, examination)

    def _ill(self, case: Case, examination: Examination) -> None:
        self._say.step("It falls ill" if case.finding else "A busy day", case.story())
        case.sicken()
        self._count(case)
        if not case.finding:
            self._healthy(case, examination)
            return
        found = self._diagnosis(examination)
        expected = case.expected()
        complaints = sick(found, expected)
        claim(not complaints, "; ".join(complaints))
        self._say.done(
            f"{case.finding} is the primary finding, and the figures are right: {told(found, expected.figures)}"
        )

    def _card(self, examination: Examination) -> None:
        self._say.step("The incident card", "What somebody sees who is woken up for it.")
        self._say.command(f"ansible-playbook -i {_INVENTORY} playbooks/diagnose.yml -e target={_HOST}")
        lines = examination.card(_HOST)
        for result in task_results(lines):
            self._say.output("\n".join(message(result.text)))
        claim(recap(lines)[_HOST].get("failed", 0) == 0, "the playbook was to go through")

    def _cure(self, case: Case, examination: Examination) -> None:
        self._say.step("The cure", f"{case.cured_by[:1].upper()}{case.cured_by[1:]}.")
        if case.remedies or case.tuning:
            asked = {"tuning_remedies": list(case.remedies), "tuning_settings": dict(case.tuning)}
            self._say.output("\n".join(f"{name}: {json.dumps(value)}" for name, value in asked.items() if value))
            self._say.output("\n".join(short(task_results(examination.cure({_HOST: case})), of=_HOST, diffs_only=True)))
        case.mend()
        case.wait(case.recovered, what="recovered")
        self._count(case)
        self._healthy(case, examination)

    def _healthy(self, case: Case, examination: Examination) -> None:
        complaints = healthy(self._diagnosis(examination))
        claim(not complaints, "; ".join(complaints))
        self._say.done("nothing found")

    def _diagnosis(self, examination: Examination) -> dict:
        self._say.command(" ".join(diagnosis_command([_HOST], inventory=_INVENTORY)))
        return examination.diagnose([_HOST])[_HOST]

    def _count(self, case: Case) -> None:
        self._say.command(f"python3 tests/lab/hosts.py exec --state {STATE} {_HOST} -- sh -c {_COUNT!r}")
        self._say.output(case.host.run("sh", "-c", _COUNT).stdout)
