# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a scenario once for each of its system calls, let that call fail, and judge what is left."""

from __future__ import annotations

import errno
import json
import os
import re
import traceback
from pathlib import Path
from typing import Any, Callable, Iterator, NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError

from . import tree
from .injection import KILL, Call, Fault, Injection
from .scenarios import Scenario
from .tree import Tree

ERRORS = (errno.EIO, errno.ENOSPC, errno.EPERM, errno.EROFS)
# Below these paths is what a run decides by.
DECISIVE = (
    *("/proc/sys/", "/proc/812/", "/proc/813/", "/var/lib/", "/etc/sysctl.d", "/etc/modules-load.d"),
    *("/etc/security/limits.d", "/etc/systemd/system/nginx.service.d", "/srv/"),
)
# What is left after a fault.
DONE, AS_BEFORE, MORE_IN_JOURNAL, PARTLY = "done", "as before", "as before, but the journal has more", "partly"
# The words with which a run that cannot undo its steps says so.
_SAID = re.compile("the journal still has|stays in the journal|tr(?:ies|y) again|remove it again|keeps|^skipped")
KILLED = "killed"


class Result(NamedTuple):
    """fault: as injected. call: the one that failed. left: one of the words above. said: the error of the run, if any.

    problems: what is wrong with the outcome; empty if it is as promised.
    """

    fault: Fault
    call: Call
    left: str
    said: str
    problems: tuple[str, ...]


class Runner:
    """Runs one scenario below the directory `place`. Each run is a process of its own."""

    def __init__(self, scenario: Scenario, place: Path) -> None:
        self._scenario = scenario
        self._root = place / "host"
        scenario.untouched(place / "untouched")
        self._untouched = tree.compared(tree.read(place / "untouched"))
        self._host = scenario.prepare(self._root)
        self._base = tree.read(self._root)
        self._before = tree.compared(self._base)
        self._judged: dict[str, tuple[str, ...]] = {}
        said = self._run(scenario.act)
        if said:
            raise AssertionError(said)
        self._finished = self._found()

    def calls(self, *, reading: bool = False) -> list[Call]:
        """Return the calls of a run without a fault."""
        tree.restore(self._root, self._base)
        injection = Injection(str(self._root), reading=reading)
        return self._observed(self._scenario.act, injection)[1]

    def results(self, *, reading: bool = False) -> Iterator[Result]:
        """Yield the result of each fault at each call that changes something, or only reads."""
        calls = list(enumerate(self.calls(reading=reading), start=1))
        if reading:
            # A file is read for different purposes: it fails the first time, and the last.
            decisive = [(number, call) for number, call in calls if call.path.startswith(DECISIVE)]
            first = {call: number for number, call in reversed(decisive)}
            last = {call: number for number, call in decisive}
            calls = sorted({(number, call) for one in (first, last) for call, number in one.items()})
        for number, call in calls:
            for error in ERRORS[:1] if reading else (*ERRORS, KILL):
                yield self.result(Fault(number, error, reading=reading), call)
            if not reading:
                yield self.result(Fault(number, errno.ENOSPC, lasting=True), call)

    def result(self, fault: Fault, call: Call) -> Result:
        """Return the result of one fault."""
        tree.restore(self._root, self._base)
        said = self._run(self._scenario.act, fault)
        found = self._found()
        left = self._left(found)
        problems = [*self._untrue(left, said, fault), *self._after(found)]
        return Result(fault, call, left, said, tuple(problems))

    def _left(self, found: Tree) -> str:
        if tree.lasting(found) == tree.lasting(self._finished):
            return DONE
        if tree.lasting(found) == tree.lasting(self._before):
            return AS_BEFORE
        return MORE_IN_JOURNAL if tree.visible(found) == tree.visible(self._before) else PARTLY

    @staticmethod
    def _untrue(left: str, said: str, fault: Fault) -> list[str]:
        """Return what is wrong in what the run said about what it left."""
        if said == KILLED:
            return []
        if said.startswith("Traceback"):
            return [said]
        if not said and left != DONE:
            return [f"the run succeeded, but left: {left}"]
        if said and (left == PARTLY or (left == DONE and not fault.reading)) and not _SAID.search(said):
            return [f"left {left}, but said: {said}"]
        if said and left == AS_BEFORE and "journal still has" in said:
            return [f"nothing was left, but said: {said}"]
        return []

    def _after(self, found: Tree) -> tuple[str, ...]:
        """Return what is wrong after another run, and after a revert."""
        key = repr(sorted(found.items()))
        if key not in self._judged:
            fallen = tree.read(self._root)
            alike = tree.lasting if self._scenario.same_journal else tree.visible
            again = self._follow(self._scenario.act, self._finished, "another run", alike)
            tree.restore(self._root, fallen)
            self._judged[key] = (*again, *self._follow(self._scenario.revert, self._untouched, "a revert", dict))
        return self._judged[key]

    def _follow(self, run: Callable, wanted: Tree, name: str, alike: Callable[[Tree], Tree]) -> list[str]:
        said = self._run(run)
        if said:
            return [f"{name} failed: {said}"]
        difference = tree.difference(alike(wanted), alike(self._found()))
        return [f"after {name}: {difference}"] if difference else []

    def _found(self) -> Tree:
        return tree.compared(tree.read(self._root))

    def _run(self, run: Callable, fault: Fault | None = None) -> str:
        """Run without a fault or with one; return the error message, empty for none."""
        return self._observed(run, Injection(str(self._root), fault))[0]

    def _observed(self, run: Callable, injection: Injection) -> tuple[str, list[Call]]:
        """Run in a process of its own; return the error message and the calls that were counted."""
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                said = _said(run, self._host, injection)
                with os.fdopen(writing, "w", encoding="utf-8") as stream:
                    json.dump([said, injection.calls], stream)
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as stream:
            text = stream.read()
        _pid, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            return KILLED, []
        said, calls = json.loads(text)
        return said, [Call(*call) for call in calls]


def _said(run: Callable, host: Any, injection: Injection) -> str:
    host.injection = injection
    try:
        with injection.active():
            run(host)
    except (NettuneError, OSError) as error:
        return str(error) or repr(error)
    except BaseException:  # noqa: B036  # any other one is what the test is to show
        return traceback.format_exc()
    return ""
