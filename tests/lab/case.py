# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A case of the lab: a generator that causes a fault and fixes it, and what the diagnosis must say of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Iterator, Mapping, NamedTuple

from testbed import Testbed

# Returns what the evidence of the finding must be; called after the diagnosis, because some figures grow.
Figures = Callable[[], Mapping[str, Any]]
# Yields whenever the host is to be diagnosed.
Phases = Iterator["Figures | None"]
Steps = Callable[[Testbed], Phases]
CASES: dict[str, Case] = {}


@dataclass(frozen=True)
class Case:
    """A fault on one host, or a busy but healthy host.

    steps: a generator that prepares the host, yields, causes the fault, yields its Figures, and fixes the fault. The
        host is diagnosed at each yield and at the end. Its docstring says what goes wrong. For a busy host it yields
        once.
    finding: the primary finding that the diagnosis must have; "" if every finding is a false alarm. consequences:
        {other finding it brings along: the finding that must explain it}.
    fixed_by: what ends the fault, in words. remedies, settings: what the role `tuning` applies for it, before `steps`
        goes on; the finding must propose these remedies and none of `never`, which cannot help.
    quick: whether every run of the gate includes the case, or only the deep one.
    start_with: sysctls of the host from the start, so that small numbers are enough. fakes: see Lab. traffic: whether
        clients visit a server of the host all the time.
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
        """The name of the case, that of its generator."""
        return self.steps.__name__

    @property
    def description(self) -> str:
        """What goes wrong, in a sentence."""
        return " ".join((self.steps.__doc__ or "").split())

    @property
    def role_variables(self) -> dict[str, Any]:
        """What the role `tuning` applies to fix the fault, without what is empty."""
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
