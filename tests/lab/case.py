# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A case of the lab: a generator that causes a fault and fixes it, and the findings that the diagnosis must report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Iterator, Mapping, NamedTuple

from testbed import Testbed

# Returns the expected evidence of the finding; called after the diagnosis, because some figures grow.
Figures = Callable[[], Mapping[str, Any]]
# Yields when the host must be diagnosed.
Phases = Iterator["Figures | None"]
Steps = Callable[[Testbed], Phases]
CASES: dict[str, Case] = {}


@dataclass(frozen=True)
class Case:
    """A fault on one host, or a busy but healthy host.

    steps: a generator that prepares the host, yields, causes the fault, yields its Figures, and fixes the fault. The
        host is diagnosed at each yield and at the end. Its docstring describes the fault. For a busy host it yields
        once.
    finding: the primary finding that the diagnosis must have; "" if every finding is a false alarm. consequences: the
        other findings it must have, each with the finding that must be given as its cause.
    fixed_by: the fix, in words. remedies, settings: options of the role `tuning` that are part of the fix, applied
        before `steps` continues. The finding must propose these remedies and none of `never`, which cannot help.
    quick: whether every run of the gate includes the case, or only the deep one.
    start_with: sysctls of the host from the start, chosen so that small numbers are enough. fakes: see Lab. traffic:
        whether clients connect to a server of the host all the time.
    why_not: returns why the case is impossible on this machine, "" if it is possible.
    """

    steps: Steps
    finding: str = ""
    consequences: Mapping[str, str] | None = None
    fixed_by: str = ""
    remedies: tuple[str, ...] = ()
    settings: Mapping[str, Any] | None = None
    never: tuple[str, ...] = ()
    quick: bool = True
    start_with: Mapping[str, str] | None = None
    fakes: Mapping[str, str] | None = None
    traffic: bool = True
    why_not: Callable[[], str] = lambda: ""

    @property
    def name(self) -> str:
        """The name of the case, which is the name of its generator."""
        return self.steps.__name__

    @property
    def description(self) -> str:
        """The fault, in a sentence."""
        return " ".join((self.steps.__doc__ or "").split())

    @property
    def role_variables(self) -> dict[str, Any]:
        """The variables of the role `tuning` that are part of the fix, without empty ones."""
        values = {"tuning_remedies": list(self.remedies), "tuning_settings": dict(self.settings or {})}
        return {name: value for name, value in values.items() if value}


def case(**options: Any) -> Callable[[Steps], Steps]:
    """Add the decorated generator to CASES, with the fields of Case as options."""

    def add(steps: Steps) -> Steps:
        CASES[steps.__name__] = Case(steps, **options)
        return steps

    return add


class Between(NamedTuple):
    """A figure that varies: equal to every number from least to most."""

    least: float
    most: float

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (int, float)) and self.least <= other <= self.most

    __hash__ = None

    def __repr__(self) -> str:
        return f"{self.least:g} to {self.most:g}"
