# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole playbook runs in turns: a profile in one run against one run a key, and facts of a fleet."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from statistics import median
from typing import Any, Callable

from tests.gate.places import CACHE

from . import profile
from .fleet import Fleet
from .measure import Stopwatch

# Prints the values of the profile in a host as JSON; with an argument it first writes them from there.
_VALUES = """\
import json, shutil, sys, os
keys, wanted = json.loads(sys.argv[1]), json.loads(sys.argv[2])
path = lambda key: "/proc/sys/" + key.replace(".", "/")
if wanted:
    for file in sys.argv[3:]:
        shutil.rmtree(file, ignore_errors=True) if os.path.isdir(file) else os.path.exists(file) and os.unlink(file)
    for key, value in wanted.items():
        open(path(key), "w").write(value + "\\n")
print(json.dumps({key: " ".join(open(path(key)).read().split()) for key in keys}))
"""


_SHORT = 3
_THEIRS = CACHE / "bench" / "collections" / "ansible_collections" / "ansible" / "posix"


def has_their_module() -> bool:
    """Whether the usual one-key module is here."""
    return _THEIRS.exists()


class Wrong(Exception):
    """A run did not do what it was measured for; says which and what."""


class ProfileRuns:
    """Both ways to set the profile on a fleet, each from the same start, changing and then changing nothing."""

    def __init__(self, fleet: Fleet, stopwatch: Stopwatch) -> None:
        self._fleet = fleet
        self._stopwatch = stopwatch
        self._fresh = self._values()[0]

    def round(self) -> dict[str, float]:
        """Seconds of each way and of it once more (`again`), and of `nothing`: a play of one task that does nothing.

        What is short is run three times, and its median counts: a moment's noise weighs more in it.
        """
        plays = {"ours": profile.one_run(), "loop": profile.looped_runs()}
        if len(self._fleet.names) == 1:  # for a fleet it takes several minutes, and says the same
            plays["tasks"] = profile.single_runs()
        row = {"nothing": median(self._seconds(profile.gathering()["ping"]) for _time in range(_SHORT))}
        for name, play in plays.items():
            pairs = [self._pair(name, play) for _time in range(_SHORT if name == "ours" else 1)]
            row[name], row[f"{name} again"] = map(median, zip(*pairs))
        self._values(self._fresh)
        return row

    def _pair(self, name: str, play: list[dict[str, Any]]) -> tuple[float, float]:
        """Seconds of a run from the start, and of the same once more."""
        self._values(self._fresh)
        changing = self._seconds(play, name, changed=len(profile.PROFILE) if name == "tasks" else 1)
        return changing, self._seconds(play, f"{name} again", changed=0)

    def _seconds(self, play: list[dict[str, Any]], name: str = "", *, changed: int = 0) -> float:
        """How long a play takes; one with a name has to leave the profile's values, and say how much it changed."""
        done = self._stopwatch.run(self._fleet.command(play), seconds=1800)
        if name:
            self._check(name, done.output, changed=changed)
        return done.seconds

    def _check(self, name: str, output: str, *, changed: int) -> None:
        if any(values != profile.PROFILE for values in self._values()):
            raise Wrong(f"{name} left other values than those of the profile")
        told = output.count(f" changed={changed} ")
        if told != len(self._fleet.names):
            raise Wrong(f"{name}: {told} of {len(self._fleet.names)} hosts said changed={changed}")

    def _values(self, wanted: dict[str, str] | None = None) -> list[dict[str, str]]:
        arguments = [json.dumps(list(profile.PROFILE)), json.dumps(wanted or {})]
        files = [profile.OUR_FILE, profile.THEIR_FILE, profile.OUR_JOURNAL]
        said = self._fleet.each("/usr/bin/python3", "-I", "-c", _VALUES, *arguments, *files)
        return [json.loads(line) for line in said]


def profile_rounds(
    hosts: int, *, ssh: bool, pipelining: bool, rounds: int, stopwatch: Path, say: Callable[[str], None]
) -> list[dict[str, float]]:
    """{way: seconds} of each round, over so many hosts."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="nb-") as directory, Fleet(
        hosts, ssh=ssh, state=Path(directory), pipelining=pipelining
    ) as fleet:
        runs = ProfileRuns(fleet, Stopwatch(stopwatch))
        for number in range(rounds):
            rows.append(runs.round())
            say(f"  round {number + 1}: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in rows[-1].items()))
    return rows


def gathering_rounds(hosts: int, *, rounds: int, stopwatch: Path, say: Callable[[str], None]) -> list[dict[str, float]]:
    """{task: seconds} of each round: plays of one task over so many hosts by ssh."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="nb-") as state, Fleet(hosts, ssh=True, state=Path(state)) as fleet:
        watch = Stopwatch(stopwatch)
        for number in range(rounds):
            plays = profile.gathering()
            rows.append({name: watch.run(fleet.command(play)).seconds for name, play in plays.items()})
            say(f"  round {number + 1}: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in rows[-1].items()))
    return rows
