# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of the gate, each a row: what it is called, what it runs, and where.

FIRST run one after the other, since the rest stand on them. The others run in two lanes beside each other, one after
the other in each: containers and private hosts here, ansible-test, whose commands share a directory, there.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import Sequence

from .places import BUILD, CACHE, COLLECTIONS, OLDEST, ROOT
from .step import Step

PYTHON = sys.executable
TARBALL = BUILD / "nettune-tcp-1.0.0.tar.gz"

FIRST = [
    Step("sources", [[PYTHON, "-m", "tests.gate.sources"]], where=ROOT, needs=""),
    Step("ruff", [["ruff", "check", "--output-format", "concise", "."], ["ruff", "format", "--check", "."]]),
    Step("yamllint", [["yamllint", "--strict", "."]]),
    Step(
        "build",
        [
            ["rm", "-rf", BUILD, COLLECTIONS],
            ["ansible-galaxy", "collection", "build", "--output-path", BUILD],
            ["ansible-galaxy", "collection", "install", "--offline", "--collections-path", COLLECTIONS, TARBALL],
        ],
    ),
]

_UNITS_FIND = {"PYTHONPATH": str(CACHE / "src")}
UNITS = Step("units", [["pytest", "--quiet", "--ignore", "tests/unit/plugins/modules", "tests/unit"]], env=_UNITS_FIND)
# Modules apart: in a process that a test of a filter has made a controller, ansible-core reads and warns otherwise.
MODULE_UNITS = Step("units-modules", [["pytest", "--quiet", "tests/unit/plugins/modules"]], env=_UNITS_FIND)

TEXTS = [
    Step("ansible-lint", [["ansible-lint", "--offline", "--profile", "production"]]),
    Step("docs", [[PYTHON, "-m", "tests.gate.docs", "lint"]], where=ROOT, needs="build"),
    Step("changelog", [["antsibull-changelog", "lint"]]),
]

SANITY = Step("sanity", [[PYTHON, "-m", "tests.gate.ansible_test", "sanity"]], where=ROOT, seconds=900)
UNITS_EVERYWHERE = Step("units", [[PYTHON, "-m", "tests.gate.ansible_test", "units"]], where=ROOT, seconds=1800)
SITE = Step("site", [[PYTHON, "-m", "tests.gate.docs", "site"]], where=ROOT, needs="build")
IMPORT = Step("galaxy-importer", [[PYTHON, "-m", "tests.gate.importer", TARBALL]], where=ROOT, needs="build")


def integration(*targets: str) -> Step:
    """The targets, or all of them, each on private hosts of its own."""
    command = [PYTHON, "tests/integration/run.py", *targets]
    return Step("integration", [command], where=ROOT, needs="build", seconds=1800)


# The same with the oldest ansible-core that is supported.
WITH_OLDEST = replace(
    integration(), name="integration-oldest", env={"PATH": f"{OLDEST}{os.pathsep}{os.environ['PATH']}"}
)

# The candidates of a session of 2008, with the kernel's own timeouts.
LONG_TRIAL = replace(integration("trial"), name="trial-long", env={"NETTUNE_TRIAL": "long"}, seconds=3600)


def lab(*cases: str) -> Step:
    """The cases of the pathology lab, or the quick ones, or `all`: at once, each on private hosts of its own."""
    return Step("lab", [[PYTHON, "tests/lab/pathologies.py", "check", *cases]], where=ROOT)


def molecule(*scenarios: str) -> Step:
    """The scenarios, or all of them, each with containers of its own; molecule itself destroys what it made."""
    names = [word for scenario in scenarios for word in ("--scenario-name", scenario)] or ["--all"]
    seconds = 1200 if scenarios else 2400
    return Step("molecule", [["molecule", "test", *names]], where=ROOT, needs="build", seconds=seconds)


# Random trees and files against the programs that read them; NETTUNE_SEED repeats what a run has printed.
REFEREE = Step("referee", [[PYTHON, "-m", "tests.referee"]], where=ROOT, needs="", seconds=900)

CHECK = [[UNITS], [*TEXTS, MODULE_UNITS]]
TEST = [[molecule("default"), integration(), lab(), IMPORT, SITE], [SANITY, UNITS_EVERYWHERE, *TEXTS]]
DEEP = [[molecule(), integration(), WITH_OLDEST, LONG_TRIAL, lab("all"), REFEREE, IMPORT, SITE], TEST[1]]


def chosen(what: str, words: Sequence[str]) -> tuple[list[Step], list[list[Step]]]:
    """The first steps and the lanes of the rest for `what`: check, test, deep, build, or the name of one step.

    `words` are integration's targets, the lab's cases or molecule's scenarios.
    """
    whole = {"check": CHECK, "test": TEST, "deep": DEEP}
    if what in whole:
        return FIRST, whole[what]
    sources, *others, build = FIRST
    if what == build.name:
        return [sources, build], []
    one = [step for step in others if step.name == what]
    if one:
        return [sources], [one]
    made = {"integration": integration, "lab": lab, "molecule": molecule}
    rest = (
        [made[what](*words)]
        if what in made
        else [step for lane in (*TEST, *DEEP, *CHECK) for step in lane if step.name == what][:1]
    )
    if not rest:
        names = dict.fromkeys(step.name for lane in (FIRST, *TEST, *DEEP, *CHECK) for step in lane)
        raise SystemExit(f"no such step: {what!r}; there are {', '.join([*whole, *names])}")
    return [sources, build], [rest]
