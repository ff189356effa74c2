# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pathology lab: TCP illnesses made for real on private hosts, diagnosed, cured, and gone.

    python3 tests/lab/pathologies.py                   the cases there are
    python3 tests/lab/pathologies.py show last_ack     one of them, explained as it goes
    python3 tests/lab/pathologies.py check             the quick ones, at once
    python3 tests/lab/pathologies.py check all         all of them
    python3 tests/lab/pathologies.py check CASE ...    these

Nothing of this machine is changed, and it fails if it is. 0 when all was as it should be, 1 when not, 77 when this
machine cannot make private hosts.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Sequence

from ansible_output import AnsibleFailed
from case import Case
from cases import CASES
from claims import ClaimFailed, claim, this_machine
from hosts import LabError
from namespaces import what_is_missing
from narration import Narrator
from one_case import OneCase
from rounds import Round

_ROOT = Path(__file__).resolve().parents[2]
_LOG = Path(".cache/logs/pathologies.log")
_CANNOT = 77
_FAILURES = (AnsibleFailed, ClaimFailed, LabError)


def cases() -> str:
    """A line for each case."""
    width = max(map(len, CASES))
    return "\n".join(f"  {name.ljust(width)}  {_line(kind)}" for name, kind in CASES.items())


def _line(kind: type[Case]) -> str:
    why_not = kind.why_not()
    return kind.story() + (f" Not here: {why_not}." if why_not else "")


def show(name: str) -> int:
    """Tell the story of one case."""
    why_not = CASES[name].why_not()
    if why_not:
        print(f"{name} cannot be shown here: {why_not}")
        return _CANNOT
    narrator = Narrator(sys.stdout, colours="NO_COLOR" not in os.environ)
    narrator.title(f"{name}: {CASES[name].story()}", "It happens on private hosts, made of namespaces of this machine.")
    before = this_machine()
    try:
        with _LOG.open("w", encoding="utf-8") as log:
            OneCase(name, narrator, log).tell()
        narrator.step("And this machine?", "Its own values and files were noted before the first step.")
        differences = before.differences(this_machine())
        claim(not differences, f"this machine was to stay as it was, but: {'; '.join(differences)}")
        narrator.done("as they were; the hosts are gone")
    except _FAILURES as error:
        narrator.failed(str(error))
        return 1
    return 0


def check(names: Sequence[str]) -> int:
    """All at once; a line for each, and one for the summary."""
    chosen = [name for name in names if not CASES[name].why_not()]
    skipped = {name: CASES[name].why_not() for name in names if name not in chosen}
    before, began = this_machine(), time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - began:5.1f} s: {what}", flush=True)

    with _LOG.open("w", encoding="utf-8") as log:
        done = Round(chosen, log=log, say=say)
        try:
            done.all()
        except _FAILURES as error:
            print(f"the lab itself failed: {error}")
            return 1
    for name in chosen:
        print(f"{'FAILED' if done.complaints[name] else 'ok':6} {name}: {done.told.get(name, 'nothing found')}")
        print("".join(f"       {complaint}\n" for complaint in done.complaints[name]), end="")
    for name, why_not in skipped.items():
        print(f"skip   {name}: {why_not}")
    differences = before.differences(this_machine())
    print("".join(f"this machine has changed: {difference}\n" for difference in differences), end="")
    failed = [name for name in chosen if done.complaints[name]]
    left_out = f", skipped: {' '.join(skipped)}" if skipped else ""
    print(f"gate: {len(chosen)} cases{left_out}" + (f", failed: {' '.join(failed)}" if failed else ""))
    return 1 if failed or differences else 0


def main(arguments: Sequence[str]) -> int:
    """The command line."""
    os.chdir(_ROOT)
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    verb, *names = arguments or ["list"]
    if verb == "check":
        names = list(CASES) if names == ["all"] else names or [name for name, kind in CASES.items() if kind.quick]
    unknown = [name for name in names if name not in CASES]
    if verb not in ("list", "show", "check") or unknown or (verb == "show" and len(names) != 1):
        wrong = f"no such case: {' '.join(unknown)}" if unknown else f"not understood: {' '.join(arguments)}"
        print(f"{wrong}. There are:\n{cases()}")
        return 2
    if verb == "list":
        print(f"Cases of the pathology lab; make lab CASE=name shows one.\n{cases()}")
        return 0
    missing = what_is_missing()
    if missing:
        print(missing)
        return _CANNOT
    _LOG.parent.mkdir(parents=True, exist_ok=True)
    try:
        return show(names[0]) if verb == "show" else check(names)
    except KeyboardInterrupt:
        print("\ninterrupted; the private hosts are gone")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
